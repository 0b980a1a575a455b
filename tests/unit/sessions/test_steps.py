from __future__ import annotations

import pytest

import biocapil.sessions
from biocapil.capture import Presentation
from biocapil.sessions import CaptureStep, plan_face, plan_irises, plan_single_fingers, plan_slaps
from biocapil.vocabulary import EyePosition, FingerPosition, Hand, Instance, Modality


def test_public_names_are_pinned() -> None:
    assert biocapil.sessions.__all__ == [
        "Attempt",
        "AttemptEnded",
        "AttemptStarted",
        "CaptureSession",
        "CaptureStep",
        "LiveReading",
        "OnSessionEvent",
        "Reading",
        "SameFinger",
        "SessionEvent",
        "SessionPolicy",
        "SessionResult",
        "StepEnded",
        "StepOutcome",
        "StepResult",
        "StepStarted",
        "ignore_session_events",
        "plan_face",
        "plan_irises",
        "plan_single_fingers",
        "plan_slaps",
        "read_presentation",
    ]


def test_ten_prints_are_four_four_two() -> None:
    steps = plan_slaps()
    assert [step.name for step in steps] == ["right_four_fingers", "left_four_fingers", "two_thumbs"]
    assert [len(step.instances) for step in steps] == [4, 4, 2]


def test_missing_fingers_are_named_and_not_asked_for() -> None:
    right, _, thumbs = plan_slaps(missing=[FingerPosition.RIGHT_RING, FingerPosition.LEFT_THUMB])
    assert [each.name for each in right.instances] == ["right_index", "right_middle", "right_little"]
    assert [each.name for each in right.missing] == ["right_ring"]
    assert [each.name for each in thumbs.instances] == ["right_thumb"]


def test_a_hand_that_is_not_there_is_no_step() -> None:
    assert [step.name for step in plan_slaps(missing=Hand.LEFT.fingers)] == [
        "right_four_fingers",
        "two_thumbs",
    ]


def test_single_fingers_come_one_after_the_other() -> None:
    steps = plan_single_fingers(missing=[FingerPosition.RIGHT_THUMB])
    assert [step.name for step in steps][:2] == ["right_index", "right_middle"]
    assert len(steps) == 9


def test_eyes_come_together_or_the_one_that_is_there() -> None:
    (both,) = plan_irises()
    (one,) = plan_irises(missing=[EyePosition.RIGHT])
    assert both.presentation is Presentation.TWO_IRISES
    assert (one.name, one.presentation) == ("left_eye", Presentation.ONE_IRIS)
    assert plan_irises(missing=[EyePosition.RIGHT, EyePosition.LEFT]) == ()
    assert [step.name for step in plan_face()] == ["face"]


def test_a_step_without_anything_to_show_cannot_exist() -> None:
    with pytest.raises(ValueError, match="at least one"):
        CaptureStep(presentation=Presentation.ONE_FINGER, instances=())
    with pytest.raises(ValueError, match="hand"):
        CaptureStep(
            presentation=Presentation.ONE_FINGER,
            instances=(Instance(modality=Modality.FINGER),),
            hand=Hand.LEFT,
        )
