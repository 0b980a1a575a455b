"""ISO/IEC 19794-4:2005, finger image records: nouns, reading and writing.

Device, rates, depth and compression stand once in the header; an image adds its finger, view and size. The
American twin, ANSI/INCITS 381-2004, opens with the same eight bytes and has four bytes more of header: it is
told by the chain of lengths and refused by name.

Reference: ISO/IEC 19794-4:2005, clause 8, tables 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.errors import FormatError, UnsupportedVersion
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.field_layout import Field, read_fields, write_fields
from biocapil.formats.finger_image_codes import (
    ENCODINGS_2005,
    IMPRESSIONS_2005,
    POSITIONS_2005,
    RecordedPosition,
    ScaleUnit,
    to_ppi,
)
from biocapil.formats.image_payload import EncodedImage, ImageEncoding
from biocapil.formats.image_record_frame import (
    check_image_bytes,
    close_record,
    open_record,
    shape_of,
)
from biocapil.formats.recorded_image import RecordedImage
from biocapil.vocabulary import Modality

TITLE = "ISO/IEC 19794-4:2005"
OPENING = b"FIR\x00010\0"
LENGTH_BYTES = 6
HEADER_BYTES = 32
IMAGE_HEADER_BYTES = 14
AMERICAN_EXTRA_BYTES = 4

HEADER_LAYOUT = (
    Field("device_id", 2),
    Field("acquisition_level", 2),
    Field("number_of_images", 1, low=1),
    Field("scale_unit", 1, codes=frozenset(int(unit) for unit in ScaleUnit)),
    Field("x_capture_rate", 2, low=1),
    Field("y_capture_rate", 2, low=1),
    Field("x_image_rate", 2, low=1),
    Field("y_image_rate", 2, low=1),
    Field("bit_depth", 1, low=1, high=16),
    Field("compression", 1, codes=frozenset(ENCODINGS_2005)),
    Field("reserved", 2),
)
IMAGE_LAYOUT = (
    Field("position", 1, codes=POSITIONS_2005),
    Field("number_of_views", 1, low=1),
    Field("view_number", 1),
    Field("quality", 1, high=100, also=254),
    Field("impression", 1, codes=IMPRESSIONS_2005),
    Field("width_px", 2, low=1),
    Field("height_px", 2, low=1),
    Field("reserved", 1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerImage2005:
    """One image of a finger, of several, or of a palm.

    Attributes:
        position: `RecordedPosition` code, up to 36.
        number_of_views: How many images of this position the record holds.
        view_number: Which of them this is.
        quality: 0 to 100, or 254 where none is stated.
        impression: Impression type code; `ImpressionType` of the minutiae records.
        image: The encoded image.
        reserved: Last byte of its header.
    """

    position: int = RecordedPosition.UNKNOWN
    number_of_views: int = 1
    view_number: int = 1
    quality: int = 254
    impression: int = 0
    image: EncodedImage
    reserved: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerImageRecord2005:
    """A whole record.

    Attributes:
        device_id: Vendor's number of the capture device.
        acquisition_level: Image acquisition settings level; 30 and 31 are 500 ppi.
        scale_unit: `ScaleUnit` of the four rates.
        x_capture_rate: Sampling rate of the device along a row.
        y_capture_rate: The same along a column.
        x_image_rate: Sampling rate of the images along a row.
        y_image_rate: The same along a column.
        reserved: Last two bytes of the header.
        representations: Images in the order of the record, all of one depth and encoding.
    """

    device_id: int = 0
    acquisition_level: int = 0
    scale_unit: int = ScaleUnit.PER_INCH
    x_capture_rate: int
    y_capture_rate: int
    x_image_rate: int
    y_image_rate: int
    reserved: int = 0
    representations: tuple[FingerImage2005, ...]

    @property
    def title(self) -> str:
        """Name as the standard writes it."""
        return TITLE

    @property
    def images(self) -> tuple[RecordedImage, ...]:
        """What any user of the images must know, in the order of the record."""
        return tuple(
            RecordedImage(
                modality=Modality.FINGER,
                position=item.position,
                x_ppi=to_ppi(self.x_image_rate, self.scale_unit),
                y_ppi=to_ppi(self.y_image_rate, self.scale_unit),
                quality=item.quality if item.quality <= 100 else None,
                image=item.image,
            )
            for item in self.representations
        )


def decode_record(data: bytes) -> FingerImageRecord2005:
    """Read a record whose first eight bytes are those of this edition."""
    reader = open_record(data, title=TITLE, length_bytes=LENGTH_BYTES)
    _refuse_american(data)
    header = read_fields(reader, HEADER_LAYOUT, where="")
    bit_depth, encoding = header.pop("bit_depth"), ENCODINGS_2005[header.pop("compression")]
    representations = tuple(
        _decode(reader, f"image {number}", bit_depth=bit_depth, encoding=encoding)
        for number in range(1, header.pop("number_of_images") + 1)
    )
    close_record(reader)
    return FingerImageRecord2005(representations=representations, **header)


def encode_record(record: FingerImageRecord2005) -> bytes:
    """Write a record.

    Raises:
        FormatError: A value is not allowed or does not fit its field; the images differ in depth or encoding.
    """
    kinds = {(item.image.bit_depth, item.image.encoding) for item in record.representations}
    if len(kinds) != 1:
        raise FormatError(
            f"a record holds images of one depth and encoding, here are {len(kinds)}",
            record=TITLE,
            field="image compression algorithm",
        )
    body = b"".join(
        _encode(item, f"image {number}") for number, item in enumerate(record.representations, start=1)
    )
    stated = shape_of(ENCODINGS_2005, record.representations[0].image, record=TITLE, where="")
    stated["number_of_images"] = len(record.representations)
    head = write_fields(record, HEADER_LAYOUT, record=TITLE, where="", stated=stated)
    return OPENING + (HEADER_BYTES + len(body)).to_bytes(LENGTH_BYTES, "big") + head + body


def _decode(reader: ByteReader, where: str, *, bit_depth: int, encoding: ImageEncoding) -> FingerImage2005:
    start = reader.offset
    length = reader.unsigned(4, f"{where}, length")
    if length < IMAGE_HEADER_BYTES:
        raise FormatError(
            f"states {length} bytes, the header of an image has {IMAGE_HEADER_BYTES}",
            record=TITLE,
            field=f"{where}, length",
            offset=start,
        )
    values = read_fields(reader, IMAGE_LAYOUT, where=where)
    image = EncodedImage(
        encoding=encoding,
        width_px=values.pop("width_px"),
        height_px=values.pop("height_px"),
        bit_depth=bit_depth,
        data=reader.take(length - IMAGE_HEADER_BYTES, f"{where}, image data"),
    )
    check_image_bytes(image, record=TITLE, where=where, offset=start)
    return FingerImage2005(image=image, **values)


def _encode(item: FingerImage2005, where: str) -> bytes:
    """One image with its header."""
    check_image_bytes(item.image, record=TITLE, where=where)
    size = {"width_px": item.image.width_px, "height_px": item.image.height_px}
    head = write_fields(item, IMAGE_LAYOUT, record=TITLE, where=where, stated=size)
    return (IMAGE_HEADER_BYTES + len(item.image.data)).to_bytes(4, "big") + head + item.image.data


def _refuse_american(data: bytes) -> None:
    """Refuse a record whose first image length fits the stated total only behind the American header."""
    total = int.from_bytes(data[8:14], "big")
    american = HEADER_BYTES + AMERICAN_EXTRA_BYTES
    here, there = (int.from_bytes(data[start : start + 4], "big") for start in (HEADER_BYTES, american))
    fits_here = IMAGE_HEADER_BYTES <= here <= total - HEADER_BYTES
    if not fits_here and IMAGE_HEADER_BYTES <= there <= total - american:
        raise UnsupportedVersion(
            f"the header has {american} bytes, so this is ANSI/INCITS 381-2004; read is {TITLE}",
            record="finger image record",
            field="version",
            offset=4,
        )
