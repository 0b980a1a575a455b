"""ISO/IEC 19794-4:2011, finger image records: nouns, reading and writing.

Reference: ISO/IEC 19794-4:2011, clause 8; tables 2 and 11.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.capture_details import (
    CaptureDetails,
    CertificationBlock,
    best_quality,
    read_capture_details,
    read_certifications,
    write_capture_details,
    write_certifications,
    write_count,
)
from biocapil.formats.extended_data import BLOCK_HEAD_BYTES, join_blocks, part_blocks
from biocapil.formats.field_layout import Field, read_fields, write_fields
from biocapil.formats.finger_image_codes import (
    ENCODINGS_2011,
    IMPRESSIONS_2011,
    POSITIONS_2011,
    RecordedImpression,
    RecordedPosition,
    ScaleUnit,
    to_ppi,
)
from biocapil.formats.image_payload import EncodedImage
from biocapil.formats.image_record_frame import (
    close_record,
    open_record,
    read_image,
    read_representations,
    shape_of,
    write_image,
)
from biocapil.formats.minutiae_record import ExtendedBlock
from biocapil.formats.recorded_image import RecordedImage
from biocapil.vocabulary import Modality

TITLE = "ISO/IEC 19794-4:2011"
OPENING = b"FIR\x00020\0"
HEADER_BYTES = 16

HEADER_LAYOUT = (
    Field("number_of_representations", 2, low=1),
    Field("certification_flag", 1, high=1),
    Field("number_of_positions", 1, low=1),
)
PLACE_LAYOUT = (
    Field("position", 1, codes=POSITIONS_2011),
    Field("number", 1),
    Field("scale_unit", 1, codes=frozenset(int(unit) for unit in ScaleUnit)),
    Field("x_capture_rate", 2, low=1),
    Field("y_capture_rate", 2, low=1),
    Field("x_image_rate", 2, low=1),
    Field("y_image_rate", 2, low=1),
)
IMAGE_LAYOUT = (
    Field("bit_depth", 1, low=1, high=16),
    Field("compression", 1, codes=frozenset(ENCODINGS_2011)),
    Field("impression", 1, codes=IMPRESSIONS_2011),
    Field("width_px", 2, low=1),
    Field("height_px", 2, low=1),
)
MAX_BLOCK_BYTES = 0xFFFF - BLOCK_HEAD_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerImage2011:
    """One representation: an image of a finger, of several, or of a palm.

    Attributes:
        capture: When and with what it was captured, and quality scores.
        certifications: Certifications of the device; only where the record holds any.
        position: `RecordedPosition` code.
        number: Which representation of this position.
        scale_unit: `ScaleUnit` of the four rates.
        x_capture_rate: Sampling rate of the device along a row.
        y_capture_rate: The same along a column.
        x_image_rate: Sampling rate of the image along a row.
        y_image_rate: The same along a column.
        impression: `RecordedImpression` code.
        image: The encoded image.
        blocks: Extended data: 1 segmentation, 2 annotation, 3 comment, from 256 on a vendor's own.
    """

    capture: CaptureDetails = field(default_factory=CaptureDetails)
    certifications: tuple[CertificationBlock, ...] = ()
    position: int = RecordedPosition.UNKNOWN
    number: int = 0
    scale_unit: int = ScaleUnit.PER_INCH
    x_capture_rate: int
    y_capture_rate: int
    x_image_rate: int
    y_image_rate: int
    impression: int = RecordedImpression.UNKNOWN
    image: EncodedImage
    blocks: tuple[ExtendedBlock, ...] = ()

    @property
    def recorded(self) -> RecordedImage:
        """What any user of the image must know."""
        return RecordedImage(
            modality=Modality.FINGER,
            position=self.position,
            x_ppi=to_ppi(self.x_image_rate, self.scale_unit),
            y_ppi=to_ppi(self.y_image_rate, self.scale_unit),
            quality=best_quality(self.capture),
            image=self.image,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerImageRecord2011:
    """A whole record.

    Attributes:
        representations: Images in the order of the record, at least one.
        has_certifications: Whether each representation has room for certification blocks.
    """

    representations: tuple[FingerImage2011, ...]
    has_certifications: bool = False

    @property
    def title(self) -> str:
        """Name as the standard writes it."""
        return TITLE

    @property
    def images(self) -> tuple[RecordedImage, ...]:
        """What any user of the images must know, in the order of the record."""
        return tuple(representation.recorded for representation in self.representations)


def decode_record(data: bytes) -> FingerImageRecord2011:
    """Read a record whose first eight bytes are those of this edition."""
    reader = open_record(data, title=TITLE)
    header = read_fields(reader, HEADER_LAYOUT, where="")
    certified = bool(header["certification_flag"])
    representations = read_representations(
        reader,
        header["number_of_representations"],
        lambda inner, where: _decode(inner, where, certified=certified),
        tail=_with_blocks,
    )
    positions = _position_count(representations)
    if header["number_of_positions"] != positions:
        raise FormatError(
            f"states {header['number_of_positions']}, the representations show {positions}",
            record=TITLE,
            field="number of positions",
            offset=HEADER_BYTES - 1,
        )
    close_record(reader)
    return FingerImageRecord2011(representations=representations, has_certifications=certified)


def encode_record(record: FingerImageRecord2011) -> bytes:
    """Write a record.

    Raises:
        FormatError: A value is not allowed, or does not fit its field.
    """
    body = b"".join(
        _encode(item, f"representation {number}", certified=record.has_certifications)
        for number, item in enumerate(record.representations, start=1)
    )
    number = len(record.representations)
    if not number:
        raise FormatError("a record holds at least one", record=TITLE, field="number of representations")
    total = HEADER_BYTES + len(body)
    return b"".join(
        (
            OPENING,
            total.to_bytes(4, "big"),
            write_count(number, record=TITLE, where="", words="number of representations", size=2),
            bytes((record.has_certifications, _position_count(record.representations))),
            body,
        )
    )


def _decode(reader: ByteReader, where: str, *, certified: bool) -> FingerImage2011:
    capture = read_capture_details(reader, where=where)
    certifications = read_certifications(reader, where=where) if certified else ()
    place = read_fields(reader, PLACE_LAYOUT, where=where)
    shape = read_fields(reader, IMAGE_LAYOUT, where=where)
    image = read_image(
        reader,
        size=(shape["width_px"], shape["height_px"]),
        bit_depth=shape["bit_depth"],
        encoding=ENCODINGS_2011[shape["compression"]],
        where=where,
    )
    return FingerImage2011(
        capture=capture,
        certifications=certifications,
        impression=shape["impression"],
        image=image,
        blocks=(),
        **place,
    )


def _with_blocks(representation: FingerImage2011, more: bytes, start: int, where: str) -> FingerImage2011:
    blocks = part_blocks(more, ProblemLog(strict=True), record=TITLE, view=where, start=start)
    return replace(representation, blocks=blocks)


def _encode(item: FingerImage2011, where: str, *, certified: bool) -> bytes:
    """One representation with its length."""
    if item.certifications and not certified:
        raise FormatError(
            "the record is said to hold no certifications, this representation has some",
            record=TITLE,
            field=f"{where}, certification blocks",
        )
    if any(len(block.data) > MAX_BLOCK_BYTES for block in item.blocks):
        raise FormatError(
            f"a block holds at most {MAX_BLOCK_BYTES} bytes", record=TITLE, field=f"{where}, extended data"
        )
    certifications = (
        write_certifications(item.certifications, record=TITLE, where=where) if certified else b""
    )
    shape = shape_of(ENCODINGS_2011, item.image, record=TITLE, where=where)
    body = b"".join(
        (
            write_capture_details(item.capture, record=TITLE, where=where),
            certifications,
            write_fields(item, PLACE_LAYOUT, record=TITLE, where=where),
            write_fields(item, IMAGE_LAYOUT, record=TITLE, where=where, stated=shape),
            write_image(item.image, record=TITLE, where=where),
            join_blocks(item.blocks),
        )
    )
    return (4 + len(body)).to_bytes(4, "big") + body


def _position_count(representations: tuple[FingerImage2011, ...]) -> int:
    return len({representation.position for representation in representations})
