"""PNG, TIFF, BMP, JPEG, JPEG 2000 and PGM, decoded by Pillow.

Pillow and not OpenCV, because it reads the resolution tags and tells a palette from grey.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from biocapil.errors import FormatError, MissingPart
from biocapil.formats.grey_pixels import grey_pixels
from biocapil.formats.picture import TaggedPicture, refuse_bomb
from biocapil.formats.resolution_tags import tag_of

if TYPE_CHECKING:
    from PIL import Image

PILLOW_FORMATS = ("PNG", "TIFF", "BMP", "JPEG", "JPEG2000", "PPM")


def decode_by_pillow(data: bytes) -> TaggedPicture:
    """Decode one image file; of a JPEG with a preview, the picture itself.

    Args:
        data: The whole file.

    Raises:
        FormatError: The bytes are damaged, truncated, of another format, of several pages, or too large.
        MissingPart: Pillow is not installed.
    """
    try:
        from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - optional part, loaded on first use
    except ImportError as exc:
        raise MissingPart("Pillow", extra="extract", purpose="reading image files") from exc
    try:
        with Image.open(io.BytesIO(data), formats=PILLOW_FORMATS) as image:
            return _decoded(image)
    except FormatError:
        raise
    except UnidentifiedImageError as exc:
        raise FormatError(
            "no PNG, TIFF, BMP, JPEG, JPEG 2000, PGM or WSQ image, or its header is damaged "
            "(a raw image needs its size stated)"
        ) from exc
    except Exception as exc:  # the edge of a foreign parser, which raises any built-in error on hostile bytes
        raise FormatError(f"damaged or unsupported image: {str(exc) or type(exc).__name__}") from exc


def _decoded(image: Image.Image) -> TaggedPicture:
    from PIL import ImageOps  # noqa: PLC0415 - optional part, loaded on first use

    refuse_bomb(columns=image.width, rows=image.height)
    pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    if pages > 1:
        raise FormatError(f"the TIFF holds {pages} pages: save each finger as a file of its own")
    image.load()
    tag = tag_of(info=image.info, tiff_tags=getattr(image, "tag_v2", None))
    if image.format != "TIFF":  # Pillow turns a TIFF upright while loading it
        ImageOps.exif_transpose(image, in_place=True)
    return TaggedPicture(pixels=grey_pixels(image), tag=tag)
