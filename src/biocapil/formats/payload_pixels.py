"""The images of records to pixels and back.

raw ──────────────────────────┐
WSQ ─► process of its own ────┼─► size and channels as stated? ─► pixels
JPEG, JPEG 2000, PNG ─► Pillow┘
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError
from biocapil.formats.image_payload import EncodedImage, ImageEncoding
from biocapil.formats.picture import refuse_bomb
from biocapil.formats.pillow_images import decode_by_pillow, decode_colour_by_pillow, encode_by_pillow
from biocapil.formats.raw_images import decode_raw
from biocapil.formats.wsq_images import decode_wsq, read_wsq_header

GREY_BITS, COLOUR_BITS = 8, 24
JPEG_QUALITY = 95
JPEG_2000_RATIO = 10
"""Compression of lossy JPEG 2000; registries ask for at most 15."""

PILLOW_NAMES: Mapping[ImageEncoding, str] = MappingProxyType(
    {
        ImageEncoding.JPEG: "JPEG",
        ImageEncoding.JPEG_2000: "JPEG2000",
        ImageEncoding.JPEG_2000_LOSSY: "JPEG2000",
        ImageEncoding.JPEG_2000_LOSSLESS: "JPEG2000",
        ImageEncoding.PNG: "PNG",
    }
)
_WRITE_OPTIONS: Mapping[ImageEncoding, Mapping[str, object]] = MappingProxyType(
    {
        ImageEncoding.JPEG: {"quality": JPEG_QUALITY},
        ImageEncoding.JPEG_2000: {"irreversible": False},
        ImageEncoding.JPEG_2000_LOSSY: {
            "irreversible": True,
            "quality_mode": "rates",
            "quality_layers": [JPEG_2000_RATIO],
        },
        ImageEncoding.JPEG_2000_LOSSLESS: {"irreversible": False},
        ImageEncoding.PNG: {},
    }
)


def decode_pixels(image: EncodedImage, *, colour: bool = False) -> NDArray[np.uint8]:
    """Pixels of an image from a record.

    Args:
        image: The image as the record holds it.
        colour: Red, green and blue; a grey image then has three equal channels. Otherwise grey.

    Returns:
        Shape (rows, columns), or (rows, columns, 3) in colour; uint8.

    Raises:
        FormatError: The bytes are damaged, in another encoding than stated, of another size than the record
            says, or raw with other than 8 or 24 bits a pixel; or there is no reader for them.
        MissingPart: A package that reads this encoding is not installed.
    """
    refuse_bomb(columns=image.width_px, rows=image.height_px)
    try:
        pixels = _decoded(image, colour=colour)
    except FormatError as exc:
        raise type(exc)(f"image of a record, said to be {image.encoding.value}: {exc}") from exc
    rows, columns = pixels.shape[:2]
    if (columns, rows) != (image.width_px, image.height_px):
        raise FormatError(
            f"image of a record: decoded are {columns} x {rows} pixels, "
            f"the record says {image.width_px} x {image.height_px}"
        )
    return pixels


def encode_pixels(pixels: NDArray[np.uint8], encoding: ImageEncoding) -> EncodedImage:
    """An image for a record.

    Args:
        pixels: Shape (rows, columns) grey, or (rows, columns, 3) red, green, blue; uint8.
        encoding: RAW, JPEG, JPEG_2000 (lossless), JPEG_2000_LOSSY, JPEG_2000_LOSSLESS or PNG. There is no
            writer of the others: WSQ files are taken over as they are, never encoded anew.

    Raises:
        ValueError: The pixels have another shape or type, or there is no writer.
        MissingPart: Pillow is not installed.
    """
    if (
        pixels.dtype != np.uint8
        or pixels.ndim not in {2, 3}
        or 0 in pixels.shape
        or pixels.shape[2:] not in {(), (3,)}
    ):
        raise ValueError(
            f"pixels must be uint8 of shape (rows, columns) or (rows, columns, 3), "
            f"got {pixels.dtype} of shape {pixels.shape}"
        )
    if encoding is ImageEncoding.RAW:
        data = pixels.tobytes()
    elif encoding in _WRITE_OPTIONS:
        data = encode_by_pillow(pixels, format_name=PILLOW_NAMES[encoding], **_WRITE_OPTIONS[encoding])
    else:
        raise ValueError(f"there is no writer of {encoding.value} images")
    rows, columns = pixels.shape[:2]
    return EncodedImage(
        encoding=encoding,
        width_px=columns,
        height_px=rows,
        bit_depth=GREY_BITS if pixels.ndim == 2 else COLOUR_BITS,
        is_colour=pixels.ndim == 3,
        data=data,
    )


def _decoded(image: EncodedImage, *, colour: bool) -> NDArray[np.uint8]:
    if image.encoding in PILLOW_NAMES:
        formats = (PILLOW_NAMES[image.encoding],)
        if colour:
            return decode_colour_by_pillow(image.data, formats=formats)
        return decode_by_pillow(image.data, formats=formats).pixels
    if image.encoding is ImageEncoding.WSQ:
        return _channels(_wsq_pixels(image), colour=colour)
    if image.encoding.is_raw:
        return _channels(_raw_pixels(image), colour=colour)
    raise FormatError(f"there is no reader of {image.encoding.value} images")


def _wsq_pixels(image: EncodedImage) -> NDArray[np.uint8]:
    header = read_wsq_header(image.data)
    refuse_bomb(columns=header.columns, rows=header.rows)
    return decode_wsq(image.data, header)


def _raw_pixels(image: EncodedImage) -> NDArray[np.uint8]:
    if image.bit_depth == GREY_BITS:
        return decode_raw(image.data, raw_size=(image.width_px, image.height_px))
    if image.bit_depth == COLOUR_BITS:
        flat = decode_raw(image.data, raw_size=(3 * image.width_px, image.height_px))
        return flat.reshape(image.height_px, image.width_px, 3)
    raise FormatError(f"raw images of {image.bit_depth} bits a pixel are not read, only of 8 and 24")


def _channels(pixels: NDArray[np.uint8], *, colour: bool) -> NDArray[np.uint8]:
    """Grey to three equal channels, or colour to grey by ITU-R BT.601, whichever is asked for."""
    if colour:
        return pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, np.newaxis], 3, axis=2)
    if pixels.ndim == 2:
        return pixels
    weighted = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return np.asarray(np.rint(weighted), dtype=np.uint8)
