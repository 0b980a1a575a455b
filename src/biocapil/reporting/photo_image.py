"""A face or an eye as a small picture inside a drawing: a JPEG in a data URI."""

from __future__ import annotations

import base64
import io

from biocapil.errors import MissingPart
from biocapil.sample import CapturedSample

MAX_SIDE_PX = 400
QUALITY = 80
"""Quality of the JPEG: a person sees no difference at this size."""


def photo_data_uri(sample: CapturedSample, *, max_side_px: int = MAX_SIDE_PX) -> str:
    """JPEG of a sample, grey or in colours, reduced to what a report needs.

    Args:
        sample: The sample.
        max_side_px: Longest side of the picture, pixels.

    Raises:
        MissingPart: Pillow is not installed.
    """
    try:
        from PIL import Image  # noqa: PLC0415  # optional part: only where pictures are drawn
    except ImportError as exc:
        raise MissingPart("Pillow", extra="extract", purpose="drawing a sample") from exc
    image = Image.fromarray(sample.pixels)
    image.thumbnail((max_side_px, max_side_px), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
