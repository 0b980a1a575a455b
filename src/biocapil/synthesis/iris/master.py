"""`IrisMaster`: an eye that nobody has, as it is at every visit: its texture and the shape of its lids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biocapil.synthesis.iris.texture import draw_texture
from biocapil.synthesis.raster import Raster


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrisMaster:
    """What stays the same from visit to visit.

    Attributes:
        texture: Relief of the iris: row from pupil to limbus, column by angle, clockwise as seen from the
            right. About -3 to 3. Shape (`texture.ROWS`, `texture.COLUMNS`), float32.
        relief: Grey values that one unit of the texture is worth.
        iris_level: Mean grey of the iris under near-infrared light.
        sclera_level: Grey of the white.
        skin_level: Grey of the skin.
        limbus_px_of_100: Width of the blurred border iris to white, for an iris of 100 px radius.
        pupil_offset: Centre of the pupil from that of the limbus: right and down, in radii of the limbus.
        pupil_waves: Amplitudes of cosine and sine of 2, 3 and 4 waves around the pupil, in pupil radii.
            Shape (3, 2).
        lid_width: Half the width of the opening, in radii.
        lid_powers: How bluntly upper and lower lid arch: 1.6 pointed to 2.6 blunt.
        lid_skew: How far the arch's top lies from the middle of the iris, in radii.
        lid_slant: How much higher one corner lies than the other, in radii.
        lash_level: Grey of the lashes.
        lashes: How many stand on the upper lid.
    """

    texture: Raster
    relief: float
    iris_level: float
    sclera_level: float
    skin_level: float
    limbus_px_of_100: float
    pupil_offset: tuple[float, float]
    pupil_waves: Raster
    lid_width: float
    lid_powers: tuple[float, float]
    lid_skew: float
    lid_slant: float
    lash_level: float
    lashes: int


def make_iris_master(seed: int | tuple[int, ...]) -> IrisMaster:
    """Draw an eye.

    Args:
        seed: Same seed, same eye; numbers of a tuple are not negative.

    Returns:
        The eye; two seeds share nothing.
    """
    rng = np.random.default_rng(seed)
    sclera = rng.uniform(95, 225)
    dark = rng.random() < 0.6
    level = rng.uniform(40, 100) if dark else rng.uniform(90, 165)
    return IrisMaster(
        texture=draw_texture(rng),
        relief=rng.uniform(0.25, 1.5) * (4 if dark else 7),
        iris_level=min(level, sclera - rng.uniform(8, 30)),
        sclera_level=sclera,
        skin_level=rng.uniform(80, 235),
        limbus_px_of_100=rng.uniform(1.5, 6.5),
        pupil_offset=(rng.normal() * 0.03, rng.normal() * 0.03),
        pupil_waves=rng.normal(size=(3, 2)).astype(np.float32) * np.float32(0.012),
        lid_width=rng.uniform(1.5, 2.6),
        lid_powers=(rng.uniform(1.6, 2.6), rng.uniform(1.6, 2.6)),
        lid_skew=rng.normal() * 0.35,
        lid_slant=rng.normal() * 0.12,
        lash_level=rng.uniform(5, 90),
        lashes=int(rng.integers(20, 130)),
    )
