"""What stands around the images of every record: opening bytes, lengths, and the end.

A 2011 record is a general header and a chain of representations, each of which states its own length.

    "FIR" 0 "020" 0 | total | number | ... || length | capture | ... | image length | image | more || ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.field_layout import place_of
from biocapil.formats.image_payload import EncodedImage, ImageEncoding

MAGIC_BYTES = 4
OPENING_BYTES = 8
"""Format identifier and version."""
TOTAL_FIELD = "total length"
IMAGE_LENGTH_FIELD = "image data length"

R = TypeVar("R")


def open_record(data: bytes, *, title: str, length_bytes: int = 4) -> ByteReader:
    """Reader behind the total length of a record whose magic and version are known.

    Raises:
        TruncatedRecord: The record ends inside its total length.
    """
    reader = ByteReader(data, record=title, offset=OPENING_BYTES)
    reader.stated_total = reader.unsigned(length_bytes, TOTAL_FIELD)
    return reader


def close_record(reader: ByteReader) -> None:
    """Check that the images end where the header says and where the bytes do.

    Raises:
        FormatError: They do not.
    """
    end = reader.offset
    if reader.stated_total != end:
        text = f"states {reader.stated_total} bytes, the images end at byte {end}"
        raise FormatError(text, record=reader.record, field=TOTAL_FIELD, offset=OPENING_BYTES)
    if reader.remaining:
        text = f"{reader.remaining} bytes follow the last image"
        raise FormatError(text, record=reader.record, field="end of record", offset=end)


def read_representations(
    reader: ByteReader,
    count: int,
    decode: Callable[[ByteReader, str], R],
    *,
    tail: Callable[[R, bytes, int, str], R],
) -> tuple[R, ...]:
    """Read a chain of representations.

    Args:
        reader: Stands at the length of the first.
        count: How many the header states.
        decode: Reads one from behind its length to the end of its image, told what messages call it.
        tail: Gives one the bytes that its length counts behind the image, told where they begin and what
            messages call it.
    """
    found: list[R] = []
    for number in range(1, count + 1):
        where = f"representation {number}"
        start = reader.offset
        length = reader.unsigned(4, place_of(where, "length"))
        representation = decode(reader, where)
        left = start + length - reader.offset
        if left < 0:
            raise FormatError(
                f"states {length} bytes, up to the end of the image there are {length - left}",
                record=reader.record,
                field=place_of(where, "length"),
                offset=start,
            )
        behind = reader.offset
        more = reader.take(left, place_of(where, "data behind the image"))
        found.append(tail(representation, more, behind, where) if more else representation)
    return tuple(found)


def read_image(
    reader: ByteReader,
    *,
    size: tuple[int, int],
    bit_depth: int,
    encoding: ImageEncoding,
    where: str,
    is_colour: bool = False,
) -> EncodedImage:
    """Read the length of an image and its bytes.

    Args:
        reader: Stands at the length.
        size: Width and height in pixels.
        bit_depth: Bits a pixel.
        encoding: How the bytes are to be decoded.
        where: What messages call the representation.
        is_colour: Whether the record says red, green and blue.

    Raises:
        FormatError: The image has no bytes, or its pixels need another number of them.
    """
    offset = reader.offset
    length = reader.unsigned(4, place_of(where, IMAGE_LENGTH_FIELD))
    width, height = size
    image = EncodedImage(
        encoding=encoding,
        width_px=width,
        height_px=height,
        bit_depth=bit_depth,
        is_colour=is_colour,
        data=reader.take(length, place_of(where, "image data")),
    )
    check_image_bytes(image, record=reader.record, where=where, offset=offset)
    return image


def check_image_bytes(image: EncodedImage, *, record: str, where: str, offset: int | None = None) -> None:
    """Refuse an image without bytes, and raw pixels that are too few or too many.

    Raises:
        FormatError: So it is.
    """
    length = len(image.data)
    field = place_of(where, IMAGE_LENGTH_FIELD)
    if not length:
        raise FormatError("the image has no bytes", record=record, field=field, offset=offset)
    bits = image.width_px * image.height_px * image.bit_depth
    needed = (
        -(-bits // 8)
        if image.encoding is ImageEncoding.PACKED
        else -(-image.bit_depth // 8) * (image.width_px * image.height_px)
    )
    if image.encoding.is_raw and length != needed:
        text = (
            f"{length} bytes; {image.width_px} x {image.height_px} pixels of {image.bit_depth} bits "
            f"take {needed}"
        )
        raise FormatError(text, record=record, field=field, offset=offset)


def code_of(encodings: Mapping[int, ImageEncoding], image: EncodedImage, *, record: str, where: str) -> int:
    """Code that a standard gives to the encoding of an image.

    Raises:
        FormatError: It has none.
    """
    for code, encoding in encodings.items():
        if encoding is image.encoding:
            return code
    known = ", ".join(encoding.value for encoding in encodings.values())
    raise FormatError(
        f"{image.encoding.value} has no code here; there are {known}",
        record=record,
        field=place_of(where, "image encoding"),
    )


def shape_of(
    encodings: Mapping[int, ImageEncoding], image: EncodedImage, *, record: str, where: str
) -> dict[str, int]:
    """What a record states about an image in fields of its own: size, depth and encoding."""
    return {
        "width_px": image.width_px,
        "height_px": image.height_px,
        "bit_depth": image.bit_depth,
        "compression": code_of(encodings, image, record=record, where=where),
    }


def write_image(image: EncodedImage, *, record: str, where: str) -> bytes:
    """Length of an image and its bytes."""
    check_image_bytes(image, record=record, where=where)
    return len(image.data).to_bytes(4, "big") + image.data
