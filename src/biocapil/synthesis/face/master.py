"""`FaceMaster`: a face that nobody has, as it is in every photograph.

Places are in half widths of a head: (0, 0) in its middle, x to the right, y down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUMPS = 14
"""Hills and hollows that belong to one head alone."""
MARKS = 5
"""Moles and spots."""
Colour = NDArray[np.float32]
"""Red, green and blue, 0 to 1. Shape (3,)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceMaster:
    """What stays the same from photograph to photograph.

    Attributes:
        height: Half the height of the head.
        jaw: How far the head narrows towards the chin, 0 to 1.
        skin: Colour of the skin.
        hair: Colour of hair and brows.
        iris: Colour of the eyes.
        lips: Colour of the lips.
        hairline: Where the hair begins, against the middle of the head; negative is up.
        hair_side: How far hair reaches down beside the face, 0 to 1.
        hair_volume: How far hair stands off the head.
        parting: Where the hair parts, from left to right.
        eye_gap: Half the distance between the eyes.
        eye_line: Height of the eyes.
        eye_size: Half the width and half the height of an eye.
        eye_slant: How much higher the outer corners lie.
        brow: Distance over the eye, half thickness, arch and slant of a brow.
        nose: Half its width, its length from the eyes, and how far it stands out.
        mouth: Half its width, its distance from the nose, thickness of upper and lower lip.
        bumps: x, y, width and height of hills and hollows. Shape (BUMPS, 4), float32.
        marks: x, y, radius and darkness of spots. Shape (MARKS, 4), float32.
        beard: How dark cheeks and chin are with hair, 0 to 1.
        glasses: Thickness of the frame; 0 for none.
    """

    height: float
    jaw: float
    skin: Colour
    hair: Colour
    iris: Colour
    lips: Colour
    hairline: float
    hair_side: float
    hair_volume: float
    parting: float
    eye_gap: float
    eye_line: float
    eye_size: tuple[float, float]
    eye_slant: float
    brow: tuple[float, float, float, float]
    nose: tuple[float, float, float]
    mouth: tuple[float, float, float, float]
    bumps: NDArray[np.float32]
    marks: NDArray[np.float32]
    beard: float
    glasses: float


SKIN_DARK, SKIN_LIGHT = (0.30, 0.19, 0.13), (0.93, 0.76, 0.66)
HAIRS = ((0.05, 0.04, 0.04), (0.12, 0.08, 0.05), (0.28, 0.18, 0.10), (0.55, 0.42, 0.25), (0.62, 0.60, 0.58))
IRISES = ((0.15, 0.09, 0.05), (0.28, 0.18, 0.09), (0.25, 0.32, 0.22), (0.30, 0.40, 0.50))
HAIR_ODDS = (0.35, 0.3, 0.18, 0.1, 0.07)
IRIS_ODDS = (0.5, 0.25, 0.1, 0.15)


def make_face_master(seed: int | tuple[int, ...]) -> FaceMaster:
    """Draw a face.

    Args:
        seed: Same seed, same face; numbers of a tuple are not negative.

    Returns:
        The face; two seeds share nothing.
    """
    rng = np.random.default_rng(seed)

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    skin = _mixed(SKIN_DARK, SKIN_LIGHT, between(0, 1))
    return FaceMaster(
        height=between(1.2, 1.5),
        jaw=between(0.05, 0.4),
        skin=skin,
        hair=np.array(HAIRS[rng.choice(len(HAIRS), p=HAIR_ODDS)], np.float32),
        iris=np.array(IRISES[rng.choice(len(IRISES), p=IRIS_ODDS)], np.float32),
        lips=_mixed(tuple(skin.tolist()), (0.60, 0.20, 0.22), between(0.3, 0.7)),
        hairline=between(-0.95, -0.55),
        hair_side=between(0, 1),
        hair_volume=between(0.02, 0.3),
        parting=between(-0.7, 0.7),
        eye_gap=between(0.36, 0.48),
        eye_line=between(-0.2, -0.02),
        eye_size=(between(0.14, 0.21), between(0.055, 0.1)),
        eye_slant=between(-0.04, 0.05),
        brow=(between(0.16, 0.27), between(0.018, 0.055), between(0.0, 0.08), between(-0.05, 0.06)),
        nose=(between(0.12, 0.25), between(0.38, 0.58), between(0.6, 1.5)),
        mouth=(between(0.24, 0.40), between(0.22, 0.34), between(0.03, 0.07), between(0.04, 0.10)),
        bumps=np.column_stack(
            [
                rng.uniform(-0.8, 0.8, BUMPS),
                rng.uniform(-1.0, 1.1, BUMPS),
                rng.uniform(0.1, 0.3, BUMPS),
                rng.normal(0, 0.05, BUMPS),
            ]
        ).astype(np.float32),
        marks=np.column_stack(
            [
                rng.uniform(-0.7, 0.7, MARKS),
                rng.uniform(-0.4, 0.9, MARKS),
                rng.uniform(0.012, 0.03, MARKS),
                rng.uniform(0.1, 0.6, MARKS),
            ]
        ).astype(np.float32),
        beard=max(0.0, between(-0.6, 0.8)),
        glasses=max(0.0, between(-0.06, 0.025)),
    )


def _mixed(one: tuple[float, ...], other: tuple[float, ...], share: float) -> Colour:
    return np.array(one, np.float32) * np.float32(1 - share) + np.array(other, np.float32) * np.float32(share)
