"""Words for the codes of finger image records; the codes are those of the 2011 edition.

Reference: ISO/IEC 19794-4:2011, tables 4 and 6 to 10; ISO/IEC 19794-4:2005, tables 5 to 8.
"""

from __future__ import annotations

from enum import IntEnum

from biocapil.formats.image_payload import ImageEncoding
from biocapil.vocabulary import FingerPosition


class ScaleUnit(IntEnum):
    """Unit of the sampling rates."""

    PER_INCH = 1
    PER_CENTIMETRE = 2


class RecordedPosition(IntEnum):
    """What a finger image shows: one finger, several at once, or a part of the palm."""

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10
    RIGHT_FOUR = 13
    LEFT_FOUR = 14
    BOTH_THUMBS = 15
    UNKNOWN_PALM = 20
    RIGHT_FULL_PALM = 21
    RIGHT_WRITERS_PALM = 22
    LEFT_FULL_PALM = 23
    LEFT_WRITERS_PALM = 24
    RIGHT_LOWER_PALM = 25
    RIGHT_UPPER_PALM = 26
    LEFT_LOWER_PALM = 27
    LEFT_UPPER_PALM = 28
    RIGHT_OTHER_PALM = 29
    LEFT_OTHER_PALM = 30
    RIGHT_INTERDIGITAL = 31
    RIGHT_THENAR = 32
    RIGHT_HYPOTHENAR = 33
    LEFT_INTERDIGITAL = 34
    LEFT_THENAR = 35
    LEFT_HYPOTHENAR = 36
    RIGHT_INDEX_MIDDLE = 40
    RIGHT_MIDDLE_RING = 41
    RIGHT_RING_LITTLE = 42
    LEFT_INDEX_MIDDLE = 43
    LEFT_MIDDLE_RING = 44
    LEFT_RING_LITTLE = 45
    BOTH_INDEXES = 46
    RIGHT_INDEX_MIDDLE_RING = 47
    RIGHT_MIDDLE_RING_LITTLE = 48
    LEFT_INDEX_MIDDLE_RING = 49
    LEFT_MIDDLE_RING_LITTLE = 50

    @property
    def finger(self) -> FingerPosition | None:
        """The one finger that is shown, UNKNOWN where nobody said; None for several or a palm."""
        return FingerPosition(self) if self <= max(FingerPosition) else None


class RecordedImpression(IntEnum):
    """How the image came about."""

    LIVE_PLAIN = 0
    LIVE_ROLLED = 1
    NONLIVE_PLAIN = 2
    NONLIVE_ROLLED = 3
    LATENT_IMPRESSION = 4
    LATENT_TRACING = 5
    LATENT_PHOTO = 6
    LATENT_LIFT = 7
    SWIPE = 8
    VERTICAL_ROLL = 9
    LIVE_PALM = 10
    NONLIVE_PALM = 11
    LATENT_PALM_IMPRESSION = 12
    LATENT_PALM_TRACING = 13
    LATENT_PALM_PHOTO = 14
    LATENT_PALM_LIFT = 15
    CONTACTLESS_PLAIN = 24
    OTHER = 28
    UNKNOWN = 29


class FingerDeviceTechnology(IntEnum):
    """How the capture device works."""

    UNKNOWN = 0
    WHITE_LIGHT_REFLECTION = 1
    WHITE_LIGHT_PLATEN = 2
    WHITE_LIGHT_TOUCHLESS = 3
    VISIBLE_REFLECTION = 4
    VISIBLE_PLATEN = 5
    VISIBLE_TOUCHLESS = 6
    INFRARED_REFLECTION = 7
    INFRARED_PLATEN = 8
    INFRARED_TOUCHLESS = 9
    MULTISPECTRAL_REFLECTION = 10
    MULTISPECTRAL_PLATEN = 11
    MULTISPECTRAL_TOUCHLESS = 12
    ELECTROLUMINESCENT = 13
    CAPACITIVE = 14
    RADIO_FREQUENCY = 15
    THERMAL = 16
    PRESSURE = 17
    ULTRASOUND = 18
    MECHANICAL = 19
    GLASS_FIBRE = 20


ENCODINGS_2011 = {
    0: ImageEncoding.RAW,
    1: ImageEncoding.PACKED,
    2: ImageEncoding.WSQ,
    3: ImageEncoding.JPEG,
    4: ImageEncoding.JPEG_2000_LOSSY,
    5: ImageEncoding.JPEG_2000_LOSSLESS,
    6: ImageEncoding.PNG,
}
ENCODINGS_2005 = {
    0: ImageEncoding.RAW,
    1: ImageEncoding.PACKED,
    2: ImageEncoding.WSQ,
    3: ImageEncoding.JPEG,
    4: ImageEncoding.JPEG_2000,
    5: ImageEncoding.PNG,
}

POSITIONS_2011 = frozenset(int(code) for code in RecordedPosition)
POSITIONS_2005 = frozenset(code for code in POSITIONS_2011 if code <= RecordedPosition.LEFT_HYPOTHENAR)
IMPRESSIONS_2011 = frozenset(int(code) for code in RecordedImpression)
IMPRESSIONS_2005 = frozenset((0, 1, 2, 3, 7, 8, 9))
CM_PER_INCH = 2.54


def to_ppi(rate: int, unit: int) -> float:
    """Pixels per inch of a sampling rate in its own unit."""
    return rate * CM_PER_INCH if unit == ScaleUnit.PER_CENTIMETRE else float(rate)
