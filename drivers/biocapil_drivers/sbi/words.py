"""The words of the Secure Biometric Interface: verbs, modalities, names of fingers and eyes, error codes.

Reference: MOSIP Secure Biometric Interface 0.9.5 and 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from biocapil.capture import CaptureReason
from biocapil.vocabulary import EyePosition, FingerPosition, Instance, Modality

PORTS = range(4501, 4601)
LOOPBACK = "127.0.0.1"
"""Written as the specification wants it: a number, not a name."""

DISCOVER, INFO, CAPTURE, STREAM = "MOSIPDISC", "MOSIPDINFO", "RCAPTURE", "STREAM"
SPEC_VERSION = "0.9.5"
SPEC_VERSIONS = ("0.9.5", "1.0", "1.0.0")
ENVIRONMENTS = ("Staging", "Developer", "Pre-Production", "Production")
REGISTRATION = "Registration"

TYPES: Mapping[str, Modality] = MappingProxyType(
    {"finger": Modality.FINGER, "face": Modality.FACE, "iris": Modality.IRIS}
)
TYPE_NAMES: Mapping[Modality, str] = MappingProxyType(
    {Modality.FINGER: "Finger", Modality.FACE: "Face", Modality.IRIS: "Iris"}
)
UNKNOWN = "UNKNOWN"

_DIGITS = ("Thumb", "IndexFinger", "MiddleFinger", "RingFinger", "LittleFinger")
FINGER_NAMES: Mapping[FingerPosition, str] = MappingProxyType(
    {
        FingerPosition(1 + 5 * at + digit): f"{side} {name}"
        for at, side in enumerate(("Right", "Left"))
        for digit, name in enumerate(_DIGITS)
    }
)
EYE_NAMES: Mapping[EyePosition, str] = MappingProxyType(
    {EyePosition.RIGHT: "Right", EyePosition.LEFT: "Left"}
)
_FINGERS = {name.lower(): position for position, name in FINGER_NAMES.items()}
_EYES = {name.lower(): position for position, name in EYE_NAMES.items()}

LEFT_SUB_ID, RIGHT_SUB_ID, BOTH_SUB_ID, ANY_SUB_ID = "1", "2", "3", "0"
"""``deviceSubId``: left slap or eye, right slap or eye, thumbs or both eyes, whatever there is."""

NOT_REGISTERED, NO_OBJECT, UNCLEAR, TAMPERED = 100, 101, 102, 103
ORIENTATION, NOT_FOUND, WRONG_COUNT, NOT_READY, BUSY, BAD_TRANSACTION = 105, 106, 109, 110, 111, 112
NO_DEVICE, FAULT = 202, 500

ERROR_WORDS: Mapping[int, str] = MappingProxyType(
    {
        NOT_REGISTERED: "the device is not registered",
        NO_OBJECT: "nothing was presented",
        UNCLEAR: "no sample could be taken of what was presented",
        TAMPERED: "the device says that it was tampered with",
        ORIENTATION: "what was presented lies the wrong way round",
        NOT_FOUND: "the device is not known to its service",
        WRONG_COUNT: "another number of fingers or eyes was presented than asked for",
        NOT_READY: "the device is not ready",
        BUSY: "the device is busy",
        BAD_TRANSACTION: "the transaction id was refused",
        NO_DEVICE: "the service has no such device",
    }
)
WAITING = frozenset({NOT_READY, BUSY})
GONE = frozenset({NO_DEVICE, NOT_FOUND})


def mendable(code: int, modality: Modality) -> CaptureReason | None:
    """What to ask of the person after an error of the device; None where no person can mend it."""
    empty = {
        Modality.FINGER: CaptureReason.PLACE_FINGER,
        Modality.FACE: CaptureReason.LOOK_AT_CAMERA,
        Modality.IRIS: CaptureReason.OPEN_EYES,
    }[modality]
    few = CaptureReason.TOO_FEW_FINGERS if modality is Modality.FINGER else empty
    reasons = {
        NO_OBJECT: empty,
        UNCLEAR: CaptureReason.QUALITY_TOO_LOW,
        ORIENTATION: CaptureReason.WRONG_POSITION,
        WRONG_COUNT: few,
    }
    return reasons.get(code)


def name_of(instance: Instance) -> str:
    """``bioSubType`` of a finger or an eye; empty for a face."""
    if instance.modality is Modality.FINGER:
        return FINGER_NAMES.get(FingerPosition(instance.position), UNKNOWN)
    if instance.modality is Modality.IRIS:
        return EYE_NAMES.get(EyePosition(instance.position), UNKNOWN)
    return ""


def position_named(name: str, modality: Modality) -> FingerPosition | EyePosition:
    """Finger or eye of a ``bioSubType``; UNKNOWN for none, for a face, and for words that are no name."""
    spelled = " ".join(name.lower().split())
    if modality is Modality.IRIS:
        return _EYES.get(spelled.removesuffix(" eye").removesuffix(" iris"), EyePosition.UNKNOWN)
    if modality is Modality.FINGER:
        return _FINGERS.get(spelled, FingerPosition.UNKNOWN)
    return FingerPosition.UNKNOWN
