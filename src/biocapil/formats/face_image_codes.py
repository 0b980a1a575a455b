"""Words for the codes of face image records.

Reference: ISO/IEC 19794-5:2011, tables 3 to 9 and 16 to 21.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

from biocapil.formats.image_payload import ImageEncoding


class TemporalSemantics(IntEnum):
    """How the representations of a record lie in time; a code from 4 on is an interval in milliseconds."""

    ONE_REPRESENTATION = 0
    UNSPECIFIED = 1
    IRREGULAR_ONE_SESSION = 2
    IRREGULAR_SEVERAL_SESSIONS = 3


class FaceDeviceTechnology(IntEnum):
    """What took the picture."""

    UNKNOWN = 0
    PHOTO_UNKNOWN_SOURCE = 1
    PHOTO_DIGITAL_CAMERA = 2
    PHOTO_SCANNER = 3
    VIDEO_UNKNOWN_SOURCE = 4
    VIDEO_ANALOGUE_CAMERA = 5
    VIDEO_DIGITAL_CAMERA = 6


class Gender(IntEnum):
    """Gender as stated."""

    UNSPECIFIED = 0
    MALE = 1
    FEMALE = 2
    UNKNOWN = 255


class EyeColour(IntEnum):
    """Colour of the eyes."""

    UNSPECIFIED = 0
    BLACK = 1
    BLUE = 2
    BROWN = 3
    GREY = 4
    GREEN = 5
    SEVERAL = 6
    PINK = 7
    UNKNOWN = 255


class HairColour(IntEnum):
    """Colour of the hair."""

    UNSPECIFIED = 0
    BALD = 1
    BLACK = 2
    BLONDE = 3
    BROWN = 4
    GREY = 5
    WHITE = 6
    RED = 7
    UNKNOWN = 255


class FaceFeature(IntFlag):
    """Bits of the features field; without SPECIFIED nothing is said."""

    SPECIFIED = 1
    GLASSES = 1 << 1
    MOUSTACHE = 1 << 2
    BEARD = 1 << 3
    TEETH_VISIBLE = 1 << 4
    PUPIL_OR_IRIS_NOT_VISIBLE = 1 << 5
    MOUTH_OPEN = 1 << 6
    LEFT_EYE_PATCH = 1 << 7
    RIGHT_EYE_PATCH = 1 << 8
    DARK_GLASSES = 1 << 9
    DISTORTING_CONDITION = 1 << 10


class FaceImageType(IntEnum):
    """How strictly the picture was taken; from 128 on with three-dimensional data."""

    BASIC = 0
    FULL_FRONTAL = 1
    TOKEN_FRONTAL = 2
    POST_PROCESSED_FRONTAL = 3
    BASIC_3D = 128
    FULL_FRONTAL_3D = 129
    TOKEN_FRONTAL_3D = 130


class ColourSpace(IntEnum):
    """Colour space of the encoded picture; codes from 128 on are a vendor's own."""

    UNSPECIFIED = 0
    RGB_24 = 1
    YUV_422 = 2
    GREY_8 = 3
    RGB_48 = 4
    GREY_16 = 5
    OTHER = 6


DEPTHS = {
    ColourSpace.YUV_422: 16,
    ColourSpace.GREY_8: 8,
    ColourSpace.RGB_48: 48,
    ColourSpace.GREY_16: 16,
}
"""Bits a pixel; 24 where a colour space is not listed."""

ENCODINGS_2011 = {
    0: ImageEncoding.JPEG,
    1: ImageEncoding.JPEG_2000_LOSSY,
    2: ImageEncoding.JPEG_2000_LOSSLESS,
    3: ImageEncoding.PNG,
}
VENDOR_CODES = frozenset(range(0x80, 0x100))
COLOUR_SPACES = frozenset(int(code) for code in ColourSpace) | VENDOR_CODES
TECHNOLOGIES = frozenset(int(code) for code in FaceDeviceTechnology) | VENDOR_CODES
