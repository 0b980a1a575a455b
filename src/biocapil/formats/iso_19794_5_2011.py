"""ISO/IEC 19794-5:2011, face image records: nouns, reading and writing.

Data of the third dimension are kept as they came.

Reference: ISO/IEC 19794-5:2011, clause 5; tables 2 to 21.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.capture_details import (
    CaptureDetails,
    best_quality,
    read_capture_details,
    write_capture_details,
    write_count,
)
from biocapil.formats.face_image_codes import (
    COLOUR_SPACES,
    DEPTHS,
    ENCODINGS_2011,
    ColourSpace,
    EyeColour,
    FaceFeature,
    FaceImageType,
    Gender,
    HairColour,
    TemporalSemantics,
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
from biocapil.formats.recorded_image import RecordedImage
from biocapil.vocabulary import Modality

TITLE = "ISO/IEC 19794-5:2011"
OPENING = b"FAC\x00030\0"
HEADER_BYTES = 17

HEADER_LAYOUT = (
    Field("number_of_representations", 2, low=1),
    Field("certification_flag", 1, high=0),
    Field("temporal_semantics", 2),
)
FACE_LAYOUT = (
    Field("gender", 1, codes=frozenset(int(code) for code in Gender)),
    Field("eye_colour", 1, codes=frozenset(int(code) for code in EyeColour)),
    Field("hair_colour", 1, codes=frozenset(int(code) for code in HairColour)),
    Field("height_cm", 1),
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
    Field("image_type", 1, codes=frozenset(int(code) for code in FaceImageType)),
    Field("compression", 1, codes=frozenset(ENCODINGS_2011)),
    Field("width_px", 2, low=1),
    Field("height_px", 2, low=1),
    Field("sampling_rate_level", 1),
    Field("post_acquisition", 2),
    Field("cross_reference", 1),
    Field("colour_space", 1, codes=COLOUR_SPACES),
)
ANGLE_STEP_DEG = 2.0
ANGLE_CODES = 180
"""Steps of a full turn; code 1 is 0 degrees, code 0 says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """One point of a face.

    Attributes:
        kind: 1 a point of the MPEG-4 set, 2 an anthropometric one, from 128 on in three dimensions.
        code: Point: major number in the upper four bits and minor in the lower for the MPEG-4 set.
        x: Column in pixels from the left, or the standard's unit in three dimensions.
        y: Row in pixels from the top, or the same.
        z: 0 where the point lies in the image.
    """

    kind: int
    code: int
    x: int
    y: int
    z: int = 0

    def __repr__(self) -> str:
        return f"Landmark(kind={self.kind}, code={self.code})"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceImage2011:
    """One representation: an image of a face.

    Attributes:
        capture: When and with what it was captured, and quality scores.
        gender: `Gender` code.
        eye_colour: `EyeColour` code.
        hair_colour: `HairColour` code.
        height_cm: Height of the person; 0 where unspecified.
        features: `FaceFeature` bits.
        expression: Expression bits; 0 where unspecified.
        yaw: Pose angle code: 0 unspecified, else degrees by `angle_deg`.
        pitch: The same.
        roll: The same.
        yaw_uncertainty: Uncertainty code of the yaw; 0 unspecified.
        pitch_uncertainty: The same of the pitch.
        roll_uncertainty: The same of the roll.
        landmarks: Points of the face.
        image_type: `FaceImageType` code.
        sampling_rate_level: Level of spatial sampling; 0 up to 180 pixels of head width.
        post_acquisition: Bits that say what was done to the image after the capture.
        cross_reference: Representation that this one was made from; 0 where it is an original.
        colour_space: `ColourSpace` code.
        image: The encoded image; its depth follows from the colour space.
        three_dimensional: Data of the third dimension as they came; empty where there are none.
    """

    capture: CaptureDetails = field(default_factory=CaptureDetails)
    gender: int = Gender.UNSPECIFIED
    eye_colour: int = EyeColour.UNSPECIFIED
    hair_colour: int = HairColour.UNSPECIFIED
    height_cm: int = 0
    features: int = 0
    expression: int = 0
    yaw: int = 0
    pitch: int = 0
    roll: int = 0
    yaw_uncertainty: int = 0
    pitch_uncertainty: int = 0
    roll_uncertainty: int = 0
    landmarks: tuple[Landmark, ...] = ()
    image_type: int = FaceImageType.BASIC
    sampling_rate_level: int = 0
    post_acquisition: int = 0
    cross_reference: int = 0
    colour_space: int = ColourSpace.UNSPECIFIED
    image: EncodedImage
    three_dimensional: bytes = field(default=b"", repr=False)

    @property
    def feature_flags(self) -> FaceFeature:
        """Features as words; none where nothing is specified."""
        flags = FaceFeature(self.features & 0x7FF)
        return flags if FaceFeature.SPECIFIED in flags else FaceFeature(0)

    @property
    def recorded(self) -> RecordedImage:
        """What any user of the image must know."""
        return RecordedImage(modality=Modality.FACE, quality=best_quality(self.capture), image=self.image)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceImageRecord2011:
    """A whole record.

    Attributes:
        representations: Images in the order of the record, at least one.
        temporal_semantics: `TemporalSemantics` code, or an interval in milliseconds.
    """

    representations: tuple[FaceImage2011, ...]
    temporal_semantics: int = TemporalSemantics.ONE_REPRESENTATION

    @property
    def title(self) -> str:
        """Name as the standard writes it."""
        return TITLE

    @property
    def images(self) -> tuple[RecordedImage, ...]:
        """What any user of the images must know, in the order of the record."""
        return tuple(representation.recorded for representation in self.representations)


def angle_deg(code: int) -> float | None:
    """Pose angle of a code, above -180 to 180 degrees in steps of 2; None where unspecified or undefined.

    Reference: ISO/IEC 19794-5:2011, clause 5.5.9.
    """
    if not 1 <= code <= ANGLE_CODES:
        return None
    degrees = (code - 1) * ANGLE_STEP_DEG
    return degrees if degrees <= 180.0 else degrees - 360.0


def depth_of(colour_space: int) -> int:
    """Bits a pixel in a colour space; 24 where it does not say."""
    return {int(space): depth for space, depth in DEPTHS.items()}.get(colour_space, 24)


def decode_record(data: bytes) -> FaceImageRecord2011:
    """Read a record whose first eight bytes are those of this edition."""
    reader = open_record(data, title=TITLE)
    header = read_fields(reader, HEADER_LAYOUT, where="")
    representations = read_representations(
        reader, header["number_of_representations"], _decode, tail=_with_three_dimensional
    )
    close_record(reader)
    return FaceImageRecord2011(
        representations=representations, temporal_semantics=header["temporal_semantics"]
    )


def encode_record(record: FaceImageRecord2011) -> bytes:
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


def _decode(reader: ByteReader, where: str) -> FaceImage2011:
    capture = read_capture_details(reader, where=where)
    count = reader.unsigned(2, f"{where}, number of landmarks")
    face = read_fields(reader, FACE_LAYOUT, where=where)
    landmarks = tuple(
        Landmark(**read_fields(reader, LANDMARK_LAYOUT, where=f"{where}, landmark {number}"))
        for number in range(1, count + 1)
    )
    shape = read_fields(reader, IMAGE_LAYOUT, where=where)
    image = read_image(
        reader,
        size=(shape.pop("width_px"), shape.pop("height_px")),
        bit_depth=depth_of(shape["colour_space"]),
        encoding=ENCODINGS_2011[shape.pop("compression")],
        where=where,
    )
    return FaceImage2011(
        capture=capture, landmarks=landmarks, image=image, three_dimensional=b"", **face, **shape
    )


def _with_three_dimensional(item: FaceImage2011, more: bytes, start: int, where: str) -> FaceImage2011:
    if item.image_type < FaceImageType.BASIC_3D:
        raise FormatError(
            f"{len(more)} bytes follow an image of type {item.image_type}, which has no third dimension",
            record=TITLE,
            field=f"{where}, data behind the image",
            offset=start,
        )
    return replace(item, three_dimensional=more)


def _encode(item: FaceImage2011, where: str) -> bytes:
    """One representation with its length."""
    if item.three_dimensional and item.image_type < FaceImageType.BASIC_3D:
        raise FormatError(
            f"an image of type {item.image_type} has no third dimension",
            record=TITLE,
            field=f"{where}, data behind the image",
        )
    shape = shape_of(ENCODINGS_2011, item.image, record=TITLE, where=where)
    body = b"".join(
        (
            write_capture_details(item.capture, record=TITLE, where=where),
            write_count(len(item.landmarks), record=TITLE, where=where, words="number of landmarks", size=2),
            write_fields(item, FACE_LAYOUT, record=TITLE, where=where),
            *(
                write_fields(landmark, LANDMARK_LAYOUT, record=TITLE, where=f"{where}, landmark")
                for landmark in item.landmarks
            ),
            write_fields(item, IMAGE_LAYOUT, record=TITLE, where=where, stated=shape),
            write_image(item.image, record=TITLE, where=where),
            item.three_dimensional,
        )
    )
    return (4 + len(body)).to_bytes(4, "big") + body
