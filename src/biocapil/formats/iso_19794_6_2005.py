"""ISO/IEC 19794-6:2005, iris image records of rectilinear images: nouns, reading and writing.

Size, depth and format stand once in the header; images are grouped by eye. Polar images follow the same
layout and are kept as they are; nothing here unrolls them.

Reference: ISO/IEC 19794-6:2005, clause 6; tables 2 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.field_layout import Field, read_fields, write_fields
from biocapil.formats.image_payload import EncodedImage, ImageEncoding
from biocapil.formats.image_record_frame import (
    close_record,
    open_record,
    read_image,
    shape_of,
    write_image,
)
from biocapil.formats.iris_image_codes import (
    COLOUR_STEP,
    ENCODINGS_2005,
    EYES,
    FORMAT_CODES,
    UNDEFINED_ANGLE,
    split_format,
)
from biocapil.formats.recorded_image import RecordedImage
from biocapil.vocabulary import EyePosition, Modality

TITLE = "ISO/IEC 19794-6:2005"
OPENING = b"IIR\x00010\0"
HEADER_BYTES = 45
DEVICE_NAME_BYTES = 16

HEADER_LAYOUT = (
    Field("device_id", 2),
    Field("number_of_eyes", 1, low=1, high=2),
    Field("header_length", 2, low=HEADER_BYTES, high=HEADER_BYTES),
    Field("properties", 2),
    Field("diameter_px", 2),
    Field("compression", 2, codes=FORMAT_CODES),
    Field("width_px", 2, low=1),
    Field("height_px", 2, low=1),
    Field("bit_depth", 1, low=1, high=48),
    Field("transformation", 1),
)
EYE_LAYOUT = (Field("eye", 1, codes=EYES), Field("number_of_images", 2, low=1))
IMAGE_LAYOUT = (
    Field("number", 2),
    Field("quality", 1, high=100, also=254),
    Field("rotation", 2),
    Field("rotation_uncertainty", 2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IrisImage2005:
    """One image of an eye.

    Attributes:
        number: Which image of this eye, from 1.
        quality: 0 to 100, or 254 where none is stated.
        rotation: Rotation of the eye, degrees by `roll_deg`; 65535 undefined.
        rotation_uncertainty: Its uncertainty in the same unit; 65535 undefined.
        image: The encoded image.
    """

    number: int = 1
    quality: int = 254
    rotation: int = UNDEFINED_ANGLE
    rotation_uncertainty: int = UNDEFINED_ANGLE
    image: EncodedImage


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEye2005:
    """The images of one eye.

    Attributes:
        eye: `EyePosition` code.
        images: At least one.
    """

    eye: int = EyePosition.UNKNOWN
    images: tuple[IrisImage2005, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IrisImageRecord2005:
    """A whole record.

    Attributes:
        device_id: Vendor's number of the capture device.
        properties: Orientations, scan type, occlusions and boundary extraction, in bits.
        diameter_px: Expected diameter of the iris; 0 where nothing is said.
        transformation: 0 undefined, 1 standard; of polar images.
        device_name: The device's own name, 16 bytes.
        eyes: One or two, whose images are all of one size, depth and encoding.
    """

    device_id: int = 0
    properties: int = 0
    diameter_px: int = 0
    transformation: int = 0
    device_name: bytes = field(default=bytes(DEVICE_NAME_BYTES), repr=False)
    eyes: tuple[RecordedEye2005, ...]

    @property
    def title(self) -> str:
        """Name as the standard writes it."""
        return TITLE

    @property
    def images(self) -> tuple[RecordedImage, ...]:
        """What any user of the images must know, in the order of the record."""
        return tuple(
            RecordedImage(
                modality=Modality.IRIS,
                position=eye.eye,
                quality=item.quality if item.quality <= 100 else None,
                image=item.image,
            )
            for eye in self.eyes
            for item in eye.images
        )


def decode_record(data: bytes) -> IrisImageRecord2005:
    """Read a record whose first eight bytes are those of this edition."""
    reader = open_record(data, title=TITLE)
    header = read_fields(reader, HEADER_LAYOUT, where="")
    name = reader.take(DEVICE_NAME_BYTES, "device unique identifier")
    code, is_colour = split_format(header.pop("compression"))
    common = _Common(
        size=(header.pop("width_px"), header.pop("height_px")),
        bit_depth=header.pop("bit_depth"),
        encoding=ENCODINGS_2005[code],
        is_colour=is_colour,
    )
    del header["header_length"]
    eyes = tuple(
        _decode_eye(reader, common, f"eye {number}") for number in range(1, header.pop("number_of_eyes") + 1)
    )
    close_record(reader)
    return IrisImageRecord2005(eyes=eyes, device_name=name, **header)


def encode_record(record: IrisImageRecord2005) -> bytes:
    """Write a record.

    Raises:
        FormatError: A value is not allowed or does not fit its field; the images are not all of one kind.
    """
    images = [item.image for eye in record.eyes for item in eye.images]
    kinds = {(one.width_px, one.height_px, one.bit_depth, one.encoding, one.is_colour) for one in images}
    if len(kinds) != 1:
        raise FormatError(
            f"a record holds images of one size, depth and encoding, here are {len(kinds)}",
            record=TITLE,
            field="image format",
        )
    if len(record.device_name) != DEVICE_NAME_BYTES:
        raise FormatError(
            f"{len(record.device_name)} bytes, must be {DEVICE_NAME_BYTES}",
            record=TITLE,
            field="device unique identifier",
        )
    body = b"".join(_encode_eye(eye, f"eye {number}") for number, eye in enumerate(record.eyes, start=1))
    stated = shape_of(ENCODINGS_2005, images[0], record=TITLE, where="")
    stated["compression"] += COLOUR_STEP * images[0].is_colour
    stated |= {"number_of_eyes": len(record.eyes), "header_length": HEADER_BYTES}
    head = write_fields(record, HEADER_LAYOUT, record=TITLE, where="", stated=stated)
    total = HEADER_BYTES + len(body)
    return OPENING + total.to_bytes(4, "big") + head + record.device_name + body


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What the header says about all images."""

    size: tuple[int, int]
    bit_depth: int
    encoding: ImageEncoding
    is_colour: bool


def _decode_eye(reader: ByteReader, common: _Common, where: str) -> RecordedEye2005:
    values = read_fields(reader, EYE_LAYOUT, where=where)
    images = tuple(
        _decode_image(reader, common, f"{where}, image {number}")
        for number in range(1, values["number_of_images"] + 1)
    )
    return RecordedEye2005(eye=values["eye"], images=images)


def _decode_image(reader: ByteReader, common: _Common, where: str) -> IrisImage2005:
    values = read_fields(reader, IMAGE_LAYOUT, where=where)
    image = read_image(
        reader,
        size=common.size,
        bit_depth=common.bit_depth,
        encoding=common.encoding,
        is_colour=common.is_colour,
        where=where,
    )
    return IrisImage2005(image=image, **values)


def _encode_eye(eye: RecordedEye2005, where: str) -> bytes:
    stated = {"number_of_images": len(eye.images)}
    parts = [write_fields(eye, EYE_LAYOUT, record=TITLE, where=where, stated=stated)]
    for number, item in enumerate(eye.images, start=1):
        place = f"{where}, image {number}"
        parts.append(write_fields(item, IMAGE_LAYOUT, record=TITLE, where=place))
        parts.append(write_image(item.image, record=TITLE, where=place))
    return b"".join(parts)
