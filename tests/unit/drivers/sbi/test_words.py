from __future__ import annotations

import pytest

from biocapil.capture import CaptureReason
from biocapil.vocabulary import EyePosition, FingerPosition, Instance, Modality
from biocapil_drivers.sbi import words


@pytest.mark.parametrize("finger", [each for each in FingerPosition if each])
def test_names_of_fingers_are_read_again(finger: FingerPosition) -> None:
    name = words.name_of(Instance(modality=Modality.FINGER, position=finger))
    assert words.position_named(name, Modality.FINGER) is finger


def test_names_are_written_as_the_interface_does() -> None:
    assert words.FINGER_NAMES[FingerPosition.LEFT_INDEX] == "Left IndexFinger"
    assert words.FINGER_NAMES[FingerPosition.RIGHT_THUMB] == "Right Thumb"
    assert words.name_of(Instance(modality=Modality.FINGER)) == "UNKNOWN"
    assert words.name_of(Instance(modality=Modality.FACE)) == ""


@pytest.mark.parametrize("name", ["Left", "left iris", "LEFT EYE"])
def test_eyes_are_known_by_several_spellings(name: str) -> None:
    assert words.position_named(name, Modality.IRIS) is EyePosition.LEFT


def test_other_words_are_nobodys_name() -> None:
    assert words.position_named("UNKNOWN", Modality.FINGER) is FingerPosition.UNKNOWN
    assert words.position_named("Left IndexFinger", Modality.FACE) is FingerPosition.UNKNOWN


def test_what_a_person_can_mend_depends_on_what_is_shown() -> None:
    assert words.mendable(words.NO_OBJECT, Modality.FINGER) is CaptureReason.PLACE_FINGER
    assert words.mendable(words.NO_OBJECT, Modality.FACE) is CaptureReason.LOOK_AT_CAMERA
    assert words.mendable(words.WRONG_COUNT, Modality.IRIS) is CaptureReason.OPEN_EYES
    assert words.mendable(words.TAMPERED, Modality.FINGER) is None
