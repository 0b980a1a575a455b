"""`SyntheticEye`: a picture of an eye that does not exist, with what it shows to the last pixel.

IrisMaster, EyeConditions ─► globe ─► lids, skin ─► lashes, brow, glasses, shine ─► camera ─► SyntheticEye
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample, Origin
from biocapil.synthesis.iris.camera import photograph
from biocapil.synthesis.iris.conditions import EyeConditions
from biocapil.synthesis.iris.globe import Contours, EyeShape, paint_globe, paint_white
from biocapil.synthesis.iris.hair import draw_brow, draw_lashes
from biocapil.synthesis.iris.lids import Lids, lid_fields, paint_skin, shade_globe
from biocapil.synthesis.iris.master import IrisMaster
from biocapil.synthesis.iris.shine import draw_glasses, draw_shine
from biocapil.synthesis.raster import SUBPIXEL_BITS, blur, opencv
from biocapil.vocabulary import EyePosition, Modality

BROW_SHARE = 0.45
HIDDEN = 0.3
"""A pixel counts as covered when a lash, a frame or a reflection takes this share of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EyeTruth:
    """What a picture is known to show.

    Attributes:
        contours: Outlines of pupil and iris, what is hidden included.
        pupil: True inside the pupil, hidden or not. Shape (rows, columns), bool.
        iris: True inside the limbus, pupil included, hidden or not.
        opening: True between the lids.
        valid: True where the texture of the iris can be seen.
    """

    contours: Contours
    pupil: NDArray[np.bool_]
    iris: NDArray[np.bool_]
    opening: NDArray[np.bool_]
    valid: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SyntheticEye:
    """A picture and its truth.

    Attributes:
        sample: The picture, of modality IRIS.
        truth: What it shows.
    """

    sample: CapturedSample
    truth: EyeTruth


def render_eye(
    master: IrisMaster,
    conditions: EyeConditions,
    rng: np.random.Generator,
    *,
    position: EyePosition = EyePosition.UNKNOWN,
) -> SyntheticEye:
    """Take a picture of an eye.

    Args:
        master: The eye.
        conditions: The visit.
        rng: Source of everything that neither says.
        position: Which eye it is said to be.

    Returns:
        The picture and what it shows.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    size = (conditions.rows, conditions.columns)
    radius = conditions.radius_px
    lids = Lids(master=master, conditions=conditions, lean=float(rng.normal() * 0.25))
    fields = lid_fields(lids, softness_px=rng.uniform(0.6, 1.6) * max(1.0, conditions.columns / 320))
    picture = paint_skin(lids, fields, rng)
    hidden = np.zeros(size, np.float32)
    if rng.random() < BROW_SHARE:
        draw_brow(picture, lids, rng)
    shape = EyeShape(master, conditions)
    globe = paint_white(master, size, radius, rng)
    paint_globe(globe, master, conditions, shape, rng)
    shade_globe(globe, fields, radius, rng)
    picture += (globe - picture) * fields.opening
    draw_lashes(picture, hidden, lids, rng)
    hidden = blur(hidden, 0.6)
    if conditions.glasses:
        draw_glasses(picture, hidden, lids, rng)
    shine = draw_shine(lids, rng)
    picture += (np.float32(rng.uniform(225, 255)) - picture) * shine
    contours = shape.contours()
    pupil, iris = (_filled(points, size) for points in (contours.pupil_px, contours.limbus_px))
    opening = fields.opening > 0.5
    truth = EyeTruth(
        contours=contours,
        pupil=pupil,
        iris=iris,
        opening=opening,
        valid=iris & ~pupil & opening & (np.maximum(hidden, shine) <= HIDDEN),
    )
    pixels = photograph(picture, conditions, rng)
    sample = CapturedSample(pixels=pixels, modality=Modality.IRIS, position=position, origin=Origin.SYNTHETIC)
    return SyntheticEye(sample=sample, truth=truth)


def _filled(points: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Inside of an outline."""
    canvas = np.zeros(size, np.uint8)
    fixed = np.round(points * (1 << SUBPIXEL_BITS)).astype(np.int32)
    opencv().fillPoly(canvas, [fixed], 1, shift=SUBPIXEL_BITS)
    return canvas.astype(np.bool_)
