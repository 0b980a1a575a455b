"""ISO/IEC 19794-5:2005, face image records: nouns, reading and writing.

The edition that travel documents hold in data group 2. Issuers do not all keep to its codes for gender, eyes,
hair and kind of picture, so any code is read and kept; only what the image needs must be right.

Reference: ISO/IEC 19794-5:2005, clause 5; tables 2 to 14. ICAO Doc 9303 part 10, clause 4.7.2.
"""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.capture_details import write_count
from biocapil.formats.face_image_codes import DEPTHS, ColourSpace
from biocapil.formats.field_layout import Field, place_of, read_fields, write_fields
from biocapil.formats.image_payload import EncodedImage, ImageEncoding
from biocapil.formats.image_record_frame import check_image_bytes, close_record, open_record, shape_of
from biocapil.formats.iso_19794_5_2011 import Landmark
from biocapil.formats.recorded_image import RecordedImage
from biocapil.vocabulary import Modality

TITLE = "ISO/IEC 19794-5:2005"
OPENING = b"FAC\x00010\0"
HEADER_BYTES = 14

ENCODINGS_2005 = {0: ImageEncoding.JPEG, 1: ImageEncoding.JPEG_2000}
HEADER_LAYOUT = (Field("number_of_images", 2, low=1),)
FACE_LAYOUT = (
    Field("gender", 1),
    Field("eye_colour", 1),
    Field("hair_colour", 1),
    Field("features", 3),
    Field("expression", 2),
    Field("yaw", 1),
    Field("pitch", 1),
    Field("roll", 1),
    Field("yaw_uncertainty", 1),
    Field("pitch_uncertainty", 1),
    Field("roll_uncertainty", 1),
)
LANDMARK_LAYOUT = (Field("kind", 1), Field("code", 1), Field("x", 2), Field("y", 2), Field("z", 2))
IMAGE_LAYOUT = (
    Field("image_type", 1),
    Field("compression", 1, codes=frozenset(ENCODINGS_2005)),
    Field("width_px", 2, low=1),
    Field("height_px", 2, low=1),
    Field("colour_space", 1),
    Field("source_type", 1),
    Field("device_type", 2),
    Field("quality", 2),
)
BEST_QUALITY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceImage2005:
    """One image of a face.

    Attributes:
        gender: `Gender` code.
        eye_colour: `EyeColour` code.
        hair_colour: `HairColour` code.
        features: `FaceFeature` bits.
        expression: Expression code; 0 where unspecified.
        yaw: Pose angle code: 0 unspecified, else degrees by `angle_deg`.
        pitch: The same.
        roll: The same.
        yaw_uncertainty: Uncertainty code of the yaw; 0 unspecified.
        pitch_uncertainty: The same of the pitch.
        roll_uncertainty: The same of the roll.
        landmarks: Points of the face; the field behind their place is reserved.
        image_type: `FaceImageType` code.
        colour_space: `ColourSpace` code.
        source_type: `FaceDeviceTechnology` code.
        device_type: Vendor's number of the capture device.
        quality: 1 to 100; 0 where unspecified.
        image: The encoded image; its depth follows from the colour space.
    """

    gender: int = 0
    eye_colour: int = 0
    hair_colour: int = 0
    features: int = 0
    expression: int = 0
    yaw: int = 0
    pitch: int = 0
    roll: int = 0
    yaw_uncertainty: int = 0
    pitch_uncertainty: int = 0
    roll_uncertainty: int = 0
    landmarks: tuple[Landmark, ...] = ()
    image_type: int = 1
    colour_space: int = ColourSpace.UNSPECIFIED
    source_type: int = 0
    device_type: int = 0
    quality: int = 0
    image: EncodedImage

    @property
    def recorded(self) -> RecordedImage:
        """What any user of the image must know."""
        quality = self.quality if 1 <= self.quality <= BEST_QUALITY else None
        return RecordedImage(modality=Modality.FACE, quality=quality, image=self.image)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceImageRecord2005:
    """A whole record.

    Attributes:
        representations: Images in the order of the record, at least one.
    """

    representations: tuple[FaceImage2005, ...]

    @property
    def title(self) -> str:
        """Name as the standard writes it."""
        return TITLE

    @property
    def images(self) -> tuple[RecordedImage, ...]:
        """What any user of the images must know, in the order of the record."""
        return tuple(representation.recorded for representation in self.representations)


def depth_of(colour_space: int) -> int:
    """Bits a pixel in a colour space of this edition; 24 where it does not say."""
    known = (ColourSpace.YUV_422, ColourSpace.GREY_8)
    return {int(space): DEPTHS[space] for space in known}.get(colour_space, 24)


def decode_record(data: bytes) -> FaceImageRecord2005:
    """Read a record whose first eight bytes are those of this edition."""
    reader = open_record(data, title=TITLE)
    count = read_fields(reader, HEADER_LAYOUT, where="")["number_of_images"]
    images = tuple(_decode(reader, f"image {number}") for number in range(1, count + 1))
    close_record(reader)
    return FaceImageRecord2005(representations=images)


def encode_record(record: FaceImageRecord2005) -> bytes:
    """Write a record.

    Raises:
        FormatError: A value is not allowed, or does not fit its field.
    """
    body = b"".join(
        _encode(item, f"image {number}") for number, item in enumerate(record.representations, start=1)
    )
    stated = {"number_of_images": len(record.representations)}
    head = write_fields(record, HEADER_LAYOUT, record=TITLE, where="", stated=stated)
    return OPENING + (HEADER_BYTES + len(body)).to_bytes(4, "big") + head + body


def _decode(reader: ByteReader, where: str) -> FaceImage2005:
    start = reader.offset
    length = reader.unsigned(4, place_of(where, "length"))
    count = reader.unsigned(2, place_of(where, "number of landmarks"))
    face = read_fields(reader, FACE_LAYOUT, where=where)
    landmarks = tuple(
        Landmark(**read_fields(reader, LANDMARK_LAYOUT, where=f"{where}, landmark {number}"))
        for number in range(1, count + 1)
    )
    shape = read_fields(reader, IMAGE_LAYOUT, where=where)
    left = start + length - reader.offset
    if left < 1:
        raise FormatError(
            f"states {length} bytes, the image begins after {length - left}",
            record=TITLE,
            field=place_of(where, "length"),
            offset=start,
        )
    image = EncodedImage(
        encoding=ENCODINGS_2005[shape.pop("compression")],
        width_px=shape.pop("width_px"),
        height_px=shape.pop("height_px"),
        bit_depth=depth_of(shape["colour_space"]),
        is_colour=shape["colour_space"] != ColourSpace.GREY_8,
        data=reader.take(left, place_of(where, "image data")),
    )
    return FaceImage2005(landmarks=landmarks, image=image, **face, **shape)


def _encode(item: FaceImage2005, where: str) -> bytes:
    """One image with its length."""
    check_image_bytes(item.image, record=TITLE, where=where)
    shape = shape_of(ENCODINGS_2005, item.image, record=TITLE, where=where)
    body = b"".join(
        (
            write_count(len(item.landmarks), record=TITLE, where=where, words="number of landmarks", size=2),
            write_fields(item, FACE_LAYOUT, record=TITLE, where=where),
            *(
                write_fields(landmark, LANDMARK_LAYOUT, record=TITLE, where=f"{where}, landmark")
                for landmark in item.landmarks
            ),
            write_fields(item, IMAGE_LAYOUT, record=TITLE, where=where, stated=shape),
            item.image.data,
        )
    )
    return (4 + len(body)).to_bytes(4, "big") + body
