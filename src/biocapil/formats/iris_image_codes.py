"""Words for the codes of iris image records.

Reference: ISO/IEC 19794-6:2011, table 4; ISO/IEC 19794-6:2005, tables 2 to 5.
"""

from __future__ import annotations

from enum import IntEnum

from biocapil.formats.image_payload import ImageEncoding
from biocapil.vocabulary import EyePosition

EYES = frozenset(int(code) for code in EyePosition)
FULL_TURN = 65_536
UNDEFINED_ANGLE = 0xFFFF


class IrisImageType(IntEnum):
    """How an eye image was cut; the 2011 edition only."""

    UNCROPPED = 1
    VGA = 2
    CROPPED = 3
    CROPPED_AND_MASKED = 7


class Orientation(IntEnum):
    """Whether an image is mirrored along one axis."""

    UNDEFINED = 0
    BASE = 1
    FLIPPED = 2


class CompressionHistory(IntEnum):
    """What the image had been through before it was encoded."""

    UNDEFINED = 0
    LOSSLESS_OR_NONE = 1
    LOSSY = 2


class IrisDeviceTechnology(IntEnum):
    """What took the picture."""

    UNKNOWN = 0
    CMOS_OR_CCD = 1


ENCODINGS_2011 = {
    0x02: ImageEncoding.RAW,
    0x06: ImageEncoding.JPEG,
    0x0A: ImageEncoding.JPEG_2000,
    0x0E: ImageEncoding.PNG,
}
"""By the code of a grey image; the code of one in colour is greater by two."""

ENCODINGS_2005 = {
    0x02: ImageEncoding.RAW,
    0x06: ImageEncoding.JPEG,
    0x0A: ImageEncoding.JPEG_LS,
    0x0E: ImageEncoding.JPEG_2000,
}
COLOUR_STEP = 2
FORMAT_CODES = frozenset(code + step for code in ENCODINGS_2011 for step in (0, COLOUR_STEP))
"""The same codes in both editions, with other meanings."""


def split_format(code: int) -> tuple[int, bool]:
    """Code of the grey image of the same encoding, and whether this one is in colour."""
    is_colour = code % 4 == 0
    return (code - COLOUR_STEP if is_colour else code), is_colour


def roll_deg(code: int) -> float | None:
    """Angle of a roll code, 0 up to 360 degrees; None where undefined."""
    return None if code == UNDEFINED_ANGLE else code * 360.0 / FULL_TURN
