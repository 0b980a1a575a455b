"""PNG, TIFF, BMP, JPEG, JPEG 2000 and PGM, decoded by Pillow.

Pillow and not OpenCV, because it reads the resolution tags and tells a palette from grey.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError, MissingPart
from biocapil.formats.grey_pixels import grey_pixels, on_white
from biocapil.formats.picture import TaggedPicture, refuse_bomb
from biocapil.formats.resolution_tags import tag_of

if TYPE_CHECKING:
    from PIL import Image

PILLOW_FORMATS = ("PNG", "TIFF", "BMP", "JPEG", "JPEG2000", "PPM")
GREY_MODES = frozenset({"1", "L", "LA", "La", "I", "F"})


R = TypeVar("R")


def decode_by_pillow(
    data: bytes, *, formats: tuple[str, ...] = PILLOW_FORMATS, colour: bool = False
) -> TaggedPicture:
    """Decode one image file, turned upright; of a JPEG with a preview, the picture itself.

    Args:
        data: The whole file.
        formats: Formats of Pillow that are allowed.
        colour: Red, green and blue where the picture has colours; otherwise, and always without it, grey.

    Raises:
        FormatError: The bytes are damaged, truncated, of another format, of several pages, or too large.
        MissingPart: Pillow is not installed.
    """
    return _opened(data, formats=formats, use=_decoded_in_colour if colour else _decoded_grey)


def decode_colour_by_pillow(data: bytes, *, formats: tuple[str, ...] = PILLOW_FORMATS) -> NDArray[np.uint8]:
    """Decode one image file to red, green and blue; arguments and errors as for `decode_by_pillow`.

    Returns:
        Shape (rows, columns, 3), uint8.
    """
    return _opened(data, formats=formats, use=_decoded_colour)


def encode_by_pillow(pixels: NDArray[np.uint8], *, format_name: str, **options: object) -> bytes:
    """Encode pixels as an image file.

    Args:
        pixels: Shape (rows, columns) or (rows, columns, 3), uint8.
        format_name: Pillow's name of the format.
        **options: Options of that format, as Pillow names them.

    Raises:
        MissingPart: Pillow is not installed.
    """
    try:
        from PIL import Image  # noqa: PLC0415 - optional part, loaded on first use
    except ImportError as exc:
        raise MissingPart("Pillow", extra="extract", purpose="writing image files") from exc
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, format=format_name, **options)
    return target.getvalue()


def _opened(data: bytes, *, formats: tuple[str, ...], use: Callable[[Image.Image], R]) -> R:
    """Open a file, use it, and turn whatever goes wrong into the library's own errors."""
    try:
        from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - optional part, loaded on first use
    except ImportError as exc:
        raise MissingPart("Pillow", extra="extract", purpose="reading image files") from exc
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            return use(image)
    except FormatError:
        raise
    except UnidentifiedImageError as exc:
        if formats != PILLOW_FORMATS:
            raise FormatError(f"the bytes are no {' or '.join(formats)} image, or it is damaged") from exc
        raise FormatError(
            "no PNG, TIFF, BMP, JPEG, JPEG 2000, PGM or WSQ image, or its header is damaged "
            "(a raw image needs its size stated)"
        ) from exc
    except Exception as exc:  # the edge of a foreign parser, which raises any built-in error on hostile bytes
        raise FormatError(f"damaged or unsupported image: {str(exc) or type(exc).__name__}") from exc


def _decoded_colour(image: Image.Image) -> NDArray[np.uint8]:
    refuse_bomb(columns=image.width, rows=image.height)
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def _decoded_grey(image: Image.Image) -> TaggedPicture:
    return _decoded(image, grey_pixels)


def _decoded_in_colour(image: Image.Image) -> TaggedPicture:
    return _decoded(image, _own_pixels)


def _own_pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Grey of a picture without colours, else red, green and blue."""
    if image.mode in GREY_MODES or image.mode.startswith("I;16"):
        return grey_pixels(image)
    if image.has_transparency_data:
        image = on_white(image)
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def _decoded(image: Image.Image, pixels_of: Callable[[Image.Image], NDArray[np.uint8]]) -> TaggedPicture:
    from PIL import ImageOps  # noqa: PLC0415 - optional part, loaded on first use

    refuse_bomb(columns=image.width, rows=image.height)
    pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if pages > 1:
        raise FormatError(f"the TIFF holds {pages} pages: save each finger as a file of its own")
    image.load()
    tag = tag_of(info=image.info, tiff_tags=getattr(image, "tag_v2", None))
    if image.format != "TIFF":  # Pillow turns a TIFF upright while loading it
        ImageOps.exif_transpose(image, in_place=True)
    return TaggedPicture(pixels=pixels_of(image), tag=tag)
