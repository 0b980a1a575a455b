"""`render_face`: a photograph of a face that nobody has, one line a step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample, Origin
from biocapil.synthesis.face.conditions import FaceConditions
from biocapil.synthesis.face.features import Painting, lay, paint_face, paint_hair, true_points
from biocapil.synthesis.face.master import FaceMaster
from biocapil.synthesis.face.surface import Field, Surface, light_on, project, see, soft
from biocapil.synthesis.raster import blur
from biocapil.vocabulary import Modality

GREY_WEIGHTS = np.array((0.299, 0.587, 0.114), np.float32)
WHITE = 255.0
CLOTHES = np.array((0.25, 0.28, 0.35), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SyntheticFace:
    """A photograph and the truth about it.

    Attributes:
        sample: The picture.
        points_px: True x and y of both eyes, the nose and the corners of the mouth, left and right as in the
            picture. Shape (5, 2), float32.
    """

    sample: CapturedSample
    points_px: NDArray[np.float32]


def render_face(master: FaceMaster, conditions: FaceConditions, *, rng: np.random.Generator) -> SyntheticFace:
    """Take a photograph.

    Args:
        master: Whose.
        conditions: How.
        rng: Source of the noise.

    Returns:
        The same for the same arguments.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    surface = see(master, conditions)
    painting = _paint_behind(surface, master, conditions)
    face = paint_face(surface, master, conditions)
    paint_hair(face, surface, master)
    face *= light_on(surface, master, conditions)[:, :, None]
    painting += _head(surface, master)[:, :, None] * (face - painting)
    shown = _photograph(painting * np.float32(conditions.exposure), conditions, rng)
    return SyntheticFace(
        sample=CapturedSample(pixels=shown, modality=Modality.FACE, origin=Origin.SYNTHETIC),
        points_px=project(true_points(master), master, conditions),
    )


def _paint_behind(surface: Surface, master: FaceMaster, conditions: FaceConditions) -> Painting:
    """Wall, shoulders, neck and the hair behind the head."""
    x, y = surface.seen
    painting = np.full((*x.shape, 3), conditions.background, np.float32)
    painting *= (1 - 0.04 * y)[:, :, None]
    pixel = surface.pixel
    lay(painting, soft(np.hypot(x / 1.9, y - master.height - 1.3) - 1, pixel), CLOTHES)
    neck = np.maximum(np.abs(x) - 0.55, np.maximum(-y, y - master.height - 0.45))
    lay(painting, soft(neck, pixel), master.skin * np.float32(0.7 * (conditions.ambient + 0.4)))
    around = np.hypot(x / (1 + master.hair_volume), y / (master.height + master.hair_volume)) - 1
    longest = y - (master.height * 1.1 * master.hair_side)
    lay(painting, soft(np.maximum(around, longest), pixel), master.hair)
    return painting


def _head(surface: Surface, master: FaceMaster) -> Field:
    """Where the head covers what is behind it."""
    x, y = surface.seen
    narrowed = 1 - master.jaw * np.clip(y / master.height, 0, 1) ** 2
    return soft((np.hypot(x / narrowed, y / master.height) - 1).astype(np.float32), surface.pixel)


def _photograph(
    painting: Painting, conditions: FaceConditions, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Lens, sensor and whole numbers."""
    if not conditions.coloured:
        painting = painting @ GREY_WEIGHTS
    blurred = np.atleast_3d(blur(painting, conditions.blur_px))
    noisy = WHITE * blurred + rng.normal(0, conditions.noise, blurred.shape)
    pixels = np.clip(np.rint(noisy), 0, WHITE).astype(np.uint8)
    return pixels if conditions.coloured else np.ascontiguousarray(pixels[:, :, 0])
