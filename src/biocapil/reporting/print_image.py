"""A print as a small picture inside the drawing: a PNG of sixteen greys in a data URI."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import MissingPart
from biocapil.sample import CapturedSample

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE_PX = 400
"""Longest side of an embedded print: ridges of a 25 mm print stay about seven pixels apart."""

GREYS = 16
STEP = 255 // (GREYS - 1)


def print_data_uri(sample: CapturedSample, *, max_side_px: int = MAX_SIDE_PX) -> str:
    """PNG of a sample, reduced to what a report needs.

    Args:
        sample: The sample.
        max_side_px: Longest side of the picture, pixels.

    Raises:
        MissingPart: Pillow is not installed.
    """
    image = _reduced(sample, max_side_px)
    levels = (np.asarray(image, dtype=np.uint16) + STEP // 2) // STEP
    buffer = io.BytesIO()
    _sixteen_greys(levels.astype(np.uint8)).save(buffer, "PNG", bits=4, optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _reduced(sample: CapturedSample, max_side_px: int) -> Image:
    try:
        from PIL import Image  # noqa: PLC0415  # optional part: only where pictures are drawn
    except ImportError as exc:
        raise MissingPart("Pillow", extra="extract", purpose="drawing a print") from exc
    image = Image.fromarray(sample.pixels)
    image.thumbnail((max_side_px, max_side_px), Image.Resampling.LANCZOS)
    return image


def _sixteen_greys(levels: NDArray[np.uint8]) -> Image:
    """Picture of palette indices 0 to 15."""
    from PIL import Image  # noqa: PLC0415  # the caller has it

    image = Image.fromarray(levels).convert("L")
    image = Image.frombytes("P", image.size, image.tobytes())
    image.putpalette([grey * STEP for grey in range(GREYS) for _ in range(3)])
    return image
