"""Closed sets of words with the codes that the standards give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NewType

ModelId = NewType("ModelId", str)
"""Name of the model that made a template, with digits that change with its weights and with every setting
that shapes a template: ``leader@0123456789ab``."""

SubjectId = NewType("SubjectId", str)
"""Identifier of one person in the caller's own system."""


class Modality(Enum):
    """Biometric modality (ISO/IEC 2382-37, 37.02.05)."""

    FINGER = "finger"
    FACE = "face"
    IRIS = "iris"


MODALITIES = tuple(Modality)


class FingerPosition(IntEnum):
    """Which finger; codes of ISO/IEC 19794-2:2005 table 2."""

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

    @classmethod
    def parse(cls, text: str) -> FingerPosition:
        """Read a position as people write it.

        Args:
            text: ``"7"``, ``"left_index"``, ``"Left Index"``, ``"left-index-finger"``, or empty for unknown.

        Raises:
            ValueError: The text names no finger.
        """
        trimmed = text.strip().lower()
        words = [w for w in re.split(r"[\s_\-]+", trimmed) if w and w != "finger"]
        if not words:
            return cls.UNKNOWN
        is_number = len(words) == 1 and words[0].isdecimal() and not trimmed.startswith("-")
        if is_number and int(words[0]) <= max(cls):
            return cls(int(words[0]))
        name = "_".join(words).upper()
        if name in cls.__members__:
            return cls[name]
        known = ", ".join(member.name.lower() for member in cls)
        raise ValueError(f"{text!r} names no finger position; use 0 to 10 or one of: {known}")


class Hand(Enum):
    """Whose four fingers a slap shows."""

    RIGHT = "right"
    LEFT = "left"

    @property
    def fingers(self) -> tuple[FingerPosition, ...]:
        """Index to little finger."""
        index = FingerPosition.RIGHT_INDEX if self is Hand.RIGHT else FingerPosition.LEFT_INDEX
        return tuple(FingerPosition(index + step) for step in range(4))

    @property
    def other(self) -> Hand:
        """The other hand."""
        return Hand.LEFT if self is Hand.RIGHT else Hand.RIGHT


class EyePosition(IntEnum):
    """Which eye; codes of ISO/IEC 19794-6:2011."""

    UNKNOWN = 0
    RIGHT = 1
    LEFT = 2

    @classmethod
    def parse(cls, text: str) -> EyePosition:
        """Read a position as people write it.

        Args:
            text: ``"left"``, ``"Left Eye"``, ``"left-iris"``, ``"L"``, ``"2"``, or empty for unknown.

        Raises:
            ValueError: The text names no eye.
        """
        separator = r"(?<=\w)[\s_\-]+"
        words = [w for w in re.split(separator, text.strip().lower()) if w not in {"", "eye", "iris"}]
        if not words:
            return cls.UNKNOWN
        for member in cls:
            if words in ([member.name.lower()], [member.name[0].lower()], [str(member.value)]):
                return member
        raise ValueError(f"{text!r} names no eye; use 0 to 2, left, right or unknown")


Position = FingerPosition | EyePosition
"""Which finger or which eye; a face has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One finger, eye or face of a person; sorted by modality, then by position.

    Attributes:
        modality: What it is of.
        position: `FingerPosition` or `EyePosition`; 0 for a face.
    """

    modality: Modality
    position: int = 0

    def __post_init__(self) -> None:
        _ = self.name  # an instance without a name cannot exist

    @property
    def name(self) -> str:
        """``right_index``, ``left_eye``, ``face``.

        Raises:
            ValueError: The modality has no such position.
        """
        if self.modality is Modality.FINGER:
            return FingerPosition(self.position).name.lower()
        if self.modality is Modality.IRIS:
            return f"{EyePosition(self.position).name.lower()}_eye"
        if self.position:
            raise ValueError(f"a face has position 0, got {self.position}")
        return "face"

    @property
    def rank(self) -> tuple[int, int]:
        """Place in the order of all."""
        return MODALITIES.index(self.modality), self.position

    def __lt__(self, other: Instance) -> bool:
        return self.rank < other.rank


class MinutiaType(IntEnum):
    """Kind of a minutia; codes of ISO/IEC 19794-2:2005 clause 7.5.2."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


class ImpressionType(IntEnum):
    """How a finger was recorded; codes of ISO/IEC 19794-2:2005 table 3."""

    LIVE_PLAIN = 0
    LIVE_ROLLED = 1
    NONLIVE_PLAIN = 2
    NONLIVE_ROLLED = 3
    LATENT = 7
    SWIPE = 8
    LIVE_CONTACTLESS = 9


class ExtractionFailure(Enum):
    """Why no template could be made from a sample: a counted outcome, never an error."""

    IMAGE_TOO_SMALL = "image_too_small"
    IMAGE_TOO_LARGE = "image_too_large"
    NO_CONTRAST = "no_contrast"
    TOO_FEW_MINUTIAE = "too_few_minutiae"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    NO_IRIS = "no_iris"
    UNSURE_GEOMETRY = "unsure_geometry"
    TOO_LITTLE_IRIS = "too_little_iris"
    UNREADABLE_FILE = "unreadable_file"


class FingerReason(Enum):
    """Why a sample of a finger is poor, as something that a person can mend."""

    DRY = "dry"
    WET = "wet"
    LIGHT_PRESSURE = "light_pressure"
    HARD_PRESSURE = "hard_pressure"
    OFF_CENTRE = "off_centre"
    PARTIAL = "partial"
    SMALL_AREA = "small_area"
    SMUDGED = "smudged"
    MOVED = "moved"
    LATENT_GHOST = "latent_ghost"
    NO_FINGER = "no_finger"
    UPSIDE_DOWN = "upside_down"


class FaceReason(Enum):
    """Why a sample of a face is poor, as something that a person can mend."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    TOO_SMALL = "too_small"
    CROPPED = "cropped"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    LOW_CONTRAST = "low_contrast"
    UNEVEN_LIGHT = "uneven_light"
    HEAD_TURNED = "head_turned"
    HEAD_TILTED = "head_tilted"
    EYES_CLOSED = "eyes_closed"
    BUSY_BACKGROUND = "busy_background"


class IrisReason(Enum):
    """Why a sample of an iris is poor, as something that a person can mend."""

    NO_EYE = "no_eye"
    TOO_SMALL = "too_small"
    CUT_OFF = "cut_off"
    COVERED = "covered"
    BLURRED = "blurred"
    MOVED = "moved"
    INTERLACED = "interlaced"
    LOW_CONTRAST = "low_contrast"
    GLARE = "glare"
    PUPIL_TOO_WIDE = "pupil_too_wide"
    PUPIL_TOO_NARROW = "pupil_too_narrow"
    LOOKING_AWAY = "looking_away"


QualityReason = FingerReason | FaceReason | IrisReason
"""Why a sample is poor."""


class Language(Enum):
    """Languages of sentences for people, by their ISO 639-1 codes."""

    ENGLISH = "en"
    INDONESIAN = "id"


class Decision(Enum):
    """What a policy says about one pair or one person."""

    UNIQUE = "unique"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    NOT_DECIDABLE = "not_decidable"
