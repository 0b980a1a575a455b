"""ISO/IEC 19794-6:2011, iris image records: nouns, reading and writing.

Reference: ISO/IEC 19794-6:2011, clause 6; tables 2 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.capture_details import (
    CaptureDetails,
    best_quality,
    read_capture_details,
    write_capture_details,
)
from biocapil.formats.field_layout import Field, read_fields, write_fields
from biocapil.formats.image_payload import EncodedImage
from biocapil.formats.image_record_frame import (
    close_record,
    open_record,
    read_image,
    read_representations,
    shape_of,
    write_image,
)
from biocapil.formats.iris_image_codes import (
    COLOUR_STEP,
    ENCODINGS_2011,
    EYES,
    FORMAT_CODES,
    UNDEFINED_ANGLE,
    CompressionHistory,
    IrisImageType,
    Orientation,
    split_format,
)
from biocapil.formats.recorded_image import RecordedImage
from biocapil.vocabulary import EyePosition, Modality

TITLE = "ISO/IEC 19794-6:2011"
OPENING = b"IIR\x00020\0"
HEADER_BYTES = 16

HEADER_LAYOUT = (
    Field("number_of_representations", 2, low=1),
    Field("certification_flag", 1, high=0),
    Field("number_of_eyes", 1, high=2),
)
IMAGE_LAYOUT = (
    Field("number", 2, low=1),
    Field("eye", 1, codes=EYES),
    Field("image_type", 1, codes=frozenset(int(code) for code in IrisImageType)),
    Field("compression", 1, codes=FORMAT_CODES),
    Field("properties", 1),
    Field("width_px", 2, low=1),
    Field("height_px", 2, low=1),
    Field("bit_depth", 1, low=1, high=48),
    Field("range_mm", 2),
    Field("roll", 2),
    Field("roll_uncertainty", 2),
    Field("centre_x_min", 2),
    Field("centre_x_max", 2),
    Field("centre_y_min", 2),
    Field("centre_y_max", 2),
    Field("diameter_min", 2),
    Field("diameter_max", 2),
)
ORIENTATION_CODES, HISTORY_CODES = frozenset(Orientation), frozenset(CompressionHistory)


@dataclass(frozen=True, slots=True, kw_only=True)
class IrisImage2011:
    """One representation: an image of an eye.

    Attributes:
        capture: When and with what it was captured, and quality scores.
        number: Which representation this is, from 1.
        eye: `EyePosition` code.
        image_type: `IrisImageType` code.
        properties: Orientations and compression history, two bits each.
        range_mm: Distance from the camera; 0 unassigned, 1 failed, 65535 farther than can be said.
        roll: Roll of the eye, degrees by `roll_deg`; 65535 undefined.
        roll_uncertainty: Its uncertainty in the same unit; 65535 undefined.
        centre_x_min: Smallest column where the centre of the iris may lie; 0 where nothing is said.
        centre_x_max: Largest such column.
        centre_y_min: Smallest such row.
        centre_y_max: Largest such row.
        diameter_min: Smallest diameter that the iris may have, in pixels; 0 where nothing is said.
        diameter_max: Largest such diameter.
        image: The encoded image.
    """

    capture: CaptureDetails = field(default_factory=CaptureDetails)
    number: int = 1
    eye: int = EyePosition.UNKNOWN
    image_type: int = IrisImageType.UNCROPPED
    properties: int = 0
    range_mm: int = 0
    roll: int = UNDEFINED_ANGLE
    roll_uncertainty: int = UNDEFINED_ANGLE
    centre_x_min: int = 0
    centre_x_max: int = 0
    centre_y_min: int = 0
    centre_y_max: int = 0
    diameter_min: int = 0
    diameter_max: int = 0
    image: EncodedImage

    @property
    def horizontal(self) -> Orientation:
        """Whether the image is mirrored left to right."""
        return Orientation(self.properties & 3)

    @property
    def vertical(self) -> Orientation:
        """Whether the image is mirrored top to bottom."""
        return Orientation(self.properties >> 2 & 3)

    @property
    def history(self) -> CompressionHistory:
        """What the image had been through before it was encoded."""
        return CompressionHistory(self.properties >> 6)

    @property
    def recorded(self) -> RecordedImage:
        """What any user of the image must know."""
        return RecordedImage(
            modality=Modality.IRIS,
            position=self.eye,
            quality=best_quality(self.capture),
            image=self.image,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IrisImageRecord2011:
    """A whole record.

    Attributes:
        representations: Images in the order of the record, at least one.
        number_of_eyes: 0 unknown, 1 left or right, 2 both.
    """

    representations: tuple[IrisImage2011, ...]
    number_of_eyes: int = 0

    @property
    def title(self) -> str:
        """Name as the standard writes it."""
        return TITLE

    @property
    def images(self) -> tuple[RecordedImage, ...]:
        """What any user of the images must know, in the order of the record."""
        return tuple(representation.recorded for representation in self.representations)


def properties_of(*, horizontal: Orientation, vertical: Orientation, history: CompressionHistory) -> int:
    """The properties byte."""
    return horizontal | vertical << 2 | history << 6


def decode_record(data: bytes) -> IrisImageRecord2011:
    """Read a record whose first eight bytes are those of this edition."""
    reader = open_record(data, title=TITLE)
    header = read_fields(reader, HEADER_LAYOUT, where="")
    representations = read_representations(
        reader, header["number_of_representations"], _decode, tail=_refuse_more
    )
    close_record(reader)
    return IrisImageRecord2011(representations=representations, number_of_eyes=header["number_of_eyes"])


def encode_record(record: IrisImageRecord2011) -> bytes:
    """Write a record.

    Raises:
        FormatError: A value is not allowed, or does not fit its field.
    """
    body = b"".join(
        _encode(item, f"representation {number}")
        for number, item in enumerate(record.representations, start=1)
    )
    stated = {"number_of_representations": len(record.representations), "certification_flag": 0}
    head = write_fields(record, HEADER_LAYOUT, record=TITLE, where="", stated=stated)
    return OPENING + (HEADER_BYTES + len(body)).to_bytes(4, "big") + head + body


def _decode(reader: ByteReader, where: str) -> IrisImage2011:
    capture = read_capture_details(reader, where=where)
    start = reader.offset
    values = read_fields(reader, IMAGE_LAYOUT, where=where)
    _check_properties(values["properties"], where=where, offset=start + 5)
    code, is_colour = split_format(values.pop("compression"))
    image = read_image(
        reader,
        size=(values.pop("width_px"), values.pop("height_px")),
        bit_depth=values.pop("bit_depth"),
        encoding=ENCODINGS_2011[code],
        is_colour=is_colour,
        where=where,
    )
    return IrisImage2011(capture=capture, image=image, **values)


def _refuse_more(item: IrisImage2011, more: bytes, start: int, where: str) -> IrisImage2011:
    del item
    raise FormatError(
        f"{len(more)} bytes follow the image",
        record=TITLE,
        field=f"{where}, data behind the image",
        offset=start,
    )


def _encode(item: IrisImage2011, where: str) -> bytes:
    """One representation with its length."""
    _check_properties(item.properties, where=where)
    shape = shape_of(ENCODINGS_2011, item.image, record=TITLE, where=where)
    shape["compression"] += COLOUR_STEP * item.image.is_colour
    body = b"".join(
        (
            write_capture_details(item.capture, record=TITLE, where=where),
            write_fields(item, IMAGE_LAYOUT, record=TITLE, where=where, stated=shape),
            write_image(item.image, record=TITLE, where=where),
        )
    )
    return (4 + len(body)).to_bytes(4, "big") + body


def _check_properties(value: int, *, where: str, offset: int | None = None) -> None:
    """Refuse a properties byte with an orientation or history that is not defined, or with reserved bits."""
    sound = (
        value & 3 in ORIENTATION_CODES
        and value >> 2 & 3 in ORIENTATION_CODES
        and not value & 0x30
        and value >> 6 in HISTORY_CODES
    )
    if not sound:
        raise FormatError(
            f"{value:#04x}: an orientation or a history is not 0..2, or a reserved bit is set",
            record=TITLE,
            field=f"{where}, properties",
            offset=offset,
        )
