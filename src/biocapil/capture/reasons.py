"""What a person before a device can do, as codes with a sentence in English and one in Indonesian.

Whatever stands here is told to people and never raised: the machine's own troubles are the errors of
:mod:`biocapil.errors`. Reasons that quality assessment finds are `QualityReason`, with sentences in
:mod:`biocapil.quality`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from biocapil.vocabulary import Language


class CaptureReason(Enum):
    """What to ask of the person."""

    PLACE_FINGER = "place_finger"
    LIFT_FINGER = "lift_finger"
    PLACE_AGAIN = "place_again"
    HOLD_STILL = "hold_still"
    CLEAN_SENSOR = "clean_sensor"
    UNCLEAR_PRINT = "unclear_print"
    TOO_FEW_FEATURES = "too_few_features"
    TOO_FEW_FINGERS = "too_few_fingers"
    TOO_MANY_FINGERS = "too_many_fingers"
    WRONG_POSITION = "wrong_position"
    SAME_FINGER = "same_finger"
    HANDS_SWAPPED = "hands_swapped"
    QUALITY_TOO_LOW = "quality_too_low"
    LOOK_AT_CAMERA = "look_at_camera"
    COME_CLOSER = "come_closer"
    MOVE_BACK = "move_back"
    ONE_PERSON_ONLY = "one_person_only"
    OPEN_EYES = "open_eyes"
    MORE_LIGHT = "more_light"
    PRESENT_CARD = "present_card"
    KEEP_CARD = "keep_card"


def capture_sentence(reason: CaptureReason, language: Language = Language.ENGLISH) -> str:
    """What to say to the person.

    Args:
        reason: What is asked of them.
        language: Language of the sentence.
    """
    english, indonesian = CAPTURE_SENTENCES[reason]
    return english if language is Language.ENGLISH else indonesian


CAPTURE_SENTENCES: Mapping[CaptureReason, tuple[str, str]] = MappingProxyType(
    {
        CaptureReason.PLACE_FINGER: (
            "Please place the finger on the sensor.",
            "Silakan tempelkan jari pada sensor.",
        ),
        CaptureReason.LIFT_FINGER: (
            "Please lift the finger off the sensor.",
            "Silakan angkat jari dari sensor.",
        ),
        CaptureReason.PLACE_AGAIN: (
            "Please place the finger once more.",
            "Silakan tempelkan jari sekali lagi.",
        ),
        CaptureReason.HOLD_STILL: ("Please hold still.", "Mohon jangan bergerak."),
        CaptureReason.CLEAN_SENSOR: (
            "The sensor is not clean. Please wipe it with a dry cloth.",
            "Sensor belum bersih. Silakan lap sensor dengan kain kering.",
        ),
        CaptureReason.UNCLEAR_PRINT: (
            "The fingerprint is not clear. Please wipe the finger and place it again.",
            "Sidik jari kurang jelas. Silakan bersihkan jari, lalu tempelkan kembali.",
        ),
        CaptureReason.TOO_FEW_FEATURES: (
            "Too little of the fingerprint shows. Please lay the finger flat on the middle of the sensor.",
            "Sidik jari yang terekam terlalu sedikit. Silakan tempelkan jari mendatar di tengah sensor.",
        ),
        CaptureReason.TOO_FEW_FINGERS: (
            "Not all fingers are on the sensor. Please place them together.",
            "Belum semua jari menempel pada sensor. Silakan tempelkan bersamaan.",
        ),
        CaptureReason.TOO_MANY_FINGERS: (
            "There are too many fingers on the sensor. Please place only those that are asked for.",
            "Terlalu banyak jari pada sensor. Silakan tempelkan hanya jari yang diminta.",
        ),
        CaptureReason.WRONG_POSITION: (
            "This is another finger than the one that is asked for. Please look at the picture of the hand.",
            "Jari ini bukan jari yang diminta. Silakan perhatikan gambar tangan.",
        ),
        CaptureReason.SAME_FINGER: (
            "This finger was captured before. Please place the next one.",
            "Jari ini sudah direkam. Silakan tempelkan jari berikutnya.",
        ),
        CaptureReason.HANDS_SWAPPED: (
            "This is the other hand. Please place the hand that is asked for.",
            "Ini tangan yang lain. Silakan tempelkan tangan yang diminta.",
        ),
        CaptureReason.QUALITY_TOO_LOW: (
            "The picture is not good enough yet. Please try once more.",
            "Hasil rekaman belum cukup baik. Silakan coba sekali lagi.",
        ),
        CaptureReason.LOOK_AT_CAMERA: (
            "Please look straight at the camera.",
            "Silakan lihat lurus ke arah kamera.",
        ),
        CaptureReason.COME_CLOSER: ("Please come a little closer.", "Silakan mendekat sedikit."),
        CaptureReason.MOVE_BACK: ("Please move back a little.", "Silakan mundur sedikit."),
        CaptureReason.ONE_PERSON_ONLY: (
            "Only one person may be in the picture.",
            "Hanya satu orang yang boleh terlihat di kamera.",
        ),
        CaptureReason.OPEN_EYES: ("Please open the eyes wide.", "Silakan buka mata lebar-lebar."),
        CaptureReason.MORE_LIGHT: (
            "It is too dark. Please turn towards the light.",
            "Terlalu gelap. Silakan menghadap ke arah cahaya.",
        ),
        CaptureReason.PRESENT_CARD: (
            "Please lay the card on the reader.",
            "Silakan letakkan kartu pada alat pembaca.",
        ),
        CaptureReason.KEEP_CARD: (
            "The card was taken away too early. Please leave it on the reader.",
            "Kartu diangkat terlalu cepat. Biarkan kartu pada alat pembaca.",
        ),
    }
)
