"""From any picture mode of Pillow to eight-bit grey: bilevel, palette, colour, alpha, sixteen bits.

Sixteen bits are scaled, never cut: taking the low byte of a grey value would scatter ridges into noise.
What is transparent lies on white paper, the ground of a fingerprint card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError

if TYPE_CHECKING:
    from PIL import Image, TiffImagePlugin

TIFF_BITS_PER_SAMPLE, TIFF_PHOTOMETRIC = 258, 262
TIFF_WHITE_IS_ZERO = 0
SIXTEEN_BIT_FORMATS = ("PNG", "PPM")
"""Formats whose 32-bit integer mode in Pillow holds sixteen bits scaled to 0..65535."""


def grey_pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Grey values of a picture, whatever its mode.

    Args:
        image: Opened and loaded picture.

    Returns:
        Shape (rows, columns), uint8, 0 black to 255 white.

    Raises:
        FormatError: The picture holds 32-bit or floating point samples, which have no fixed white.
    """
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format in SIXTEEN_BIT_FORMATS):
        return _scaled(image)
    if image.mode in {"I", "F"}:
        raise FormatError(
            f"samples of mode {image.mode} (32 bits or floating point) have no fixed white: "
            "save the image with 8 or 16 bits",
            record=image.format or "",
        )
    if image.has_transparency_data:
        image = on_white(image)
    return np.asarray(image if image.mode == "L" else image.convert("L"), dtype=np.uint8)


def _scaled(image: Image.Image) -> NDArray[np.uint8]:
    """Eight bits of a picture with up to sixteen: white becomes 255, rounded to nearest."""
    values = np.clip(np.asarray(image).astype(np.int64), 0, None)
    white, inverted = _tiff_range(image) if image.format == "TIFF" else (65_535, False)
    grey = np.minimum((values * 255 + white // 2) // white, 255).astype(np.uint8)
    return np.asarray(255 - grey, dtype=np.uint8) if inverted else grey


def _tiff_range(image: Image.Image) -> tuple[int, bool]:
    """Value of full white, and whether zero is white: Pillow leaves both to its caller above 8 bits."""
    tags = cast("TiffImagePlugin.TiffImageFile", image).tag_v2
    bits = int(tags.get(TIFF_BITS_PER_SAMPLE, (16,))[0])
    return (1 << bits) - 1, tags.get(TIFF_PHOTOMETRIC) == TIFF_WHITE_IS_ZERO


def on_white(image: Image.Image) -> Image.Image:
    """A picture that lets its ground through, laid on white paper."""
    from PIL import Image as pillow  # noqa: N813, PLC0415 - optional part, loaded on first use

    picture = image.convert("RGBA")
    return pillow.alpha_composite(pillow.new("RGBA", picture.size, "white"), picture)
