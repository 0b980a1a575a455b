from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.sessions.scripted import ScriptedDevice

from biocapil.capture import CancelToken, CaptureReason, Guidance, Preview
from biocapil.errors import DeviceLost
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.sessions import (
    AttemptEnded,
    AttemptStarted,
    CaptureSession,
    SessionEvent,
    SessionPolicy,
    StepEnded,
    StepOutcome,
    StepStarted,
    plan_face,
    plan_irises,
    plan_single_fingers,
    plan_slaps,
)
from biocapil.synthesis import Slap
from biocapil.vocabulary import EyePosition, FingerPosition, FingerReason, Hand, Modality, ModelId

RIGHT, LEFT = plan_slaps()[:2]
FIRST, SECOND = plan_single_fingers([FingerPosition.LEFT_INDEX, FingerPosition.LEFT_MIDDLE])


def by_grey(sample: CapturedSample) -> QualityReport:
    """The brighter, the better."""
    score = min(100, int(sample.pixels.max()))
    reasons = (FingerReason.DRY,) if score < 50 else ()
    return QualityReport(score=score, components=(), reasons=reasons, model_id=ModelId("grey@1"))


def finger(grey: int) -> CapturedSample:
    return CapturedSample(pixels=np.full((60, 60), grey, np.uint8), resolution_ppi=500)


def eye(position: EyePosition) -> CapturedSample:
    return CapturedSample(pixels=np.zeros((60, 60), np.uint8), modality=Modality.IRIS, position=position)


def test_a_good_finger_is_accepted_at_once_under_its_name() -> None:
    device = ScriptedDevice([finger(90)])
    session = CaptureSession(device, [FIRST], policy=SessionPolicy(judge=by_grey, least_quality=60))
    (step,) = session.run().steps
    assert step.outcome is StepOutcome.ACCEPTED
    assert [sample.position for sample in session.result.samples] == [FingerPosition.LEFT_INDEX]
    assert session.result.complete
    assert device.requests[0].instances == FIRST.instances


def test_the_session_waits_for_a_better_picture() -> None:
    device = ScriptedDevice([finger(20), finger(30), finger(70)])
    session = CaptureSession(device, [FIRST], policy=SessionPolicy(judge=by_grey, least_quality=60))
    (step,) = session.run().steps
    assert (step.outcome, len(step.attempts), step.attempts[0].pictures) == (StepOutcome.ACCEPTED, 1, 3)


def test_every_attempt_is_counted_and_the_best_is_kept_but_marked() -> None:
    device = ScriptedDevice([finger(20), (), finger(40), (), finger(30), ()])
    policy = SessionPolicy(judge=by_grey, least_quality=60, attempts=3)
    session = CaptureSession(device, [FIRST], policy=policy)
    (step,) = session.run().steps
    assert step.outcome is StepOutcome.FORCED
    assert [attempt.quality for attempt in step.attempts] == [20, 40, 30]
    assert step.chosen is step.attempts[1]
    assert all(attempt.timed_out for attempt in step.attempts)
    assert step.attempts[0].reasons == (CaptureReason.QUALITY_TOO_LOW, FingerReason.DRY)
    assert session.result.attempts == 3


def test_nothing_shown_is_a_failure_to_acquire() -> None:
    session = CaptureSession(ScriptedDevice([]), [FIRST], policy=SessionPolicy(judge=by_grey, attempts=2))
    result = session.run()
    assert result.steps[0].outcome is StepOutcome.FAILED
    assert result.attempts == 2
    assert not result.complete
    assert result.samples == ()


def test_a_step_can_be_asked_again_and_its_attempts_go_on_counting() -> None:
    device = ScriptedDevice([finger(20), (), finger(90)])
    policy = SessionPolicy(judge=by_grey, least_quality=60, attempts=1)
    session = CaptureSession(device, [FIRST], policy=policy)
    assert session.capture(FIRST).outcome is StepOutcome.FORCED
    again = session.capture(FIRST)
    assert again.outcome is StepOutcome.ACCEPTED
    assert [attempt.number for attempt in again.attempts] == [1, 2]


@pytest.mark.parametrize("hand", list(Hand))
def test_a_slap_becomes_four_named_fingers(slaps: dict[Hand, Slap], hand: Hand) -> None:
    step = RIGHT if hand is Hand.RIGHT else LEFT
    session = CaptureSession(ScriptedDevice([slaps[hand].sample]), [step], policy=SessionPolicy())
    (result,) = session.run().steps
    assert result.outcome is StepOutcome.ACCEPTED
    assert {sample.position for sample in session.result.samples} == set(hand.fingers)
    assert result.chosen is not None
    assert result.chosen.whole is slaps[hand].sample


def test_the_other_hand_is_told_while_it_lies_there_and_never_forced(slaps: dict[Hand, Slap]) -> None:
    events: list[SessionEvent] = []
    session = CaptureSession(
        ScriptedDevice([slaps[Hand.LEFT].sample]),
        [RIGHT],
        policy=SessionPolicy(attempts=1),
        on_event=events.append,
    )
    (result,) = session.run().steps
    assert result.outcome is StepOutcome.FAILED
    assert result.attempts[0].reasons == (CaptureReason.HANDS_SWAPPED,)
    assert [each.reason for each in events if isinstance(each, Guidance)] == [CaptureReason.HANDS_SWAPPED]


def test_three_fingers_of_four_are_not_accepted_in_silence(three_fingers: Slap) -> None:
    session = CaptureSession(
        ScriptedDevice([three_fingers.sample]), [RIGHT], policy=SessionPolicy(attempts=1)
    )
    (result,) = session.run().steps
    assert result.outcome is StepOutcome.FAILED
    assert result.attempts[0].reasons == (CaptureReason.TOO_FEW_FINGERS,)


def test_three_fingers_are_right_where_the_fourth_is_said_to_be_missing(three_fingers: Slap) -> None:
    (step, *_) = plan_slaps(missing=[FingerPosition.RIGHT_LITTLE])
    session = CaptureSession(ScriptedDevice([three_fingers.sample]), [step], policy=SessionPolicy())
    result = session.run()
    assert result.steps[0].outcome is StepOutcome.ACCEPTED
    assert [each.name for each in result.missing] == ["right_little"]
    assert len(result.samples) == 3


def test_four_fingers_are_too_many_where_one_is_said_to_be_missing(slaps: dict[Hand, Slap]) -> None:
    (step, *_) = plan_slaps(missing=[FingerPosition.RIGHT_LITTLE])
    device = ScriptedDevice([slaps[Hand.RIGHT].sample])
    (result,) = CaptureSession(device, [step], policy=SessionPolicy(attempts=1)).run().steps
    assert result.attempts[0].reasons == (CaptureReason.TOO_MANY_FINGERS,)


def test_the_worst_finger_of_a_slap_decides(slaps: dict[Hand, Slap]) -> None:
    def judge(sample: CapturedSample) -> QualityReport:
        score = 10 if sample.position is FingerPosition.RIGHT_RING else 90
        return replace(by_grey(finger(90)), score=score)

    policy = SessionPolicy(judge=judge, least_quality=50, attempts=1)
    session = CaptureSession(ScriptedDevice([slaps[Hand.RIGHT].sample]), [RIGHT], policy=policy)
    (result,) = session.run().steps
    assert result.outcome is StepOutcome.FORCED
    assert result.attempts[0].quality == 10


def test_the_same_finger_under_another_name_is_refused() -> None:
    def same(one: CapturedSample, other: CapturedSample) -> bool:
        return bool((one.pixels == other.pixels).all())

    policy = SessionPolicy(same_finger=same, attempts=2)
    session = CaptureSession(
        ScriptedDevice([finger(70), finger(70), finger(80)]), [FIRST, SECOND], policy=policy
    )
    first, second = session.run().steps
    assert first.outcome is StepOutcome.ACCEPTED
    assert [attempt.reasons for attempt in second.attempts] == [(CaptureReason.SAME_FINGER,), ()]
    assert second.outcome is StepOutcome.ACCEPTED


def test_both_eyes_must_be_there() -> None:
    both = (eye(EyePosition.RIGHT), eye(EyePosition.LEFT))
    device = ScriptedDevice([(eye(EyePosition.RIGHT),), both], modality=Modality.IRIS)
    (result,) = CaptureSession(device, plan_irises(), policy=SessionPolicy()).run().steps
    assert [attempt.reasons for attempt in result.attempts] == [(CaptureReason.OPEN_EYES,), ()]


def test_one_eye_twice_is_not_two_eyes() -> None:
    twice = (eye(EyePosition.RIGHT), eye(EyePosition.RIGHT))
    device = ScriptedDevice([twice], modality=Modality.IRIS)
    (result,) = CaptureSession(device, plan_irises(), policy=SessionPolicy(attempts=1)).run().steps
    assert result.attempts[0].reasons == (CaptureReason.WRONG_POSITION,)


def test_a_face_is_a_session_of_one_step() -> None:
    face = CapturedSample(pixels=np.zeros((60, 60, 3), np.uint8), modality=Modality.FACE)
    session = CaptureSession(
        ScriptedDevice([face], modality=Modality.FACE), plan_face(), policy=SessionPolicy()
    )
    assert session.run().samples == (face,)


def test_cancelling_and_a_lost_device_end_the_session() -> None:
    token = CancelToken()
    token.cancel()
    steps = (
        CaptureSession(ScriptedDevice([finger(1)]), [FIRST, SECOND], policy=SessionPolicy()).run(token).steps
    )
    assert [step.outcome for step in steps] == [StepOutcome.CANCELLED]
    lost = DeviceLost("unplugged")
    steps = CaptureSession(ScriptedDevice([lost]), [FIRST, SECOND], policy=SessionPolicy()).run().steps
    assert [step.outcome for step in steps] == [StepOutcome.BROKEN]
    assert steps[0].attempts[0].error is lost


def test_a_screen_is_told_every_turn() -> None:
    events: list[SessionEvent] = []
    policy = SessionPolicy(judge=by_grey, least_quality=60, attempts=2)
    device = ScriptedDevice([finger(20), (), finger(90)])
    CaptureSession(device, [FIRST], policy=policy, on_event=events.append).run()
    assert [type(event) for event in events] == [
        StepStarted,
        AttemptStarted,
        Preview,
        AttemptEnded,
        AttemptStarted,
        Preview,
        AttemptEnded,
        StepEnded,
    ]


def test_no_picture_stands_in_a_text() -> None:
    session = CaptureSession(ScriptedDevice([finger(90)]), [FIRST], policy=SessionPolicy(judge=by_grey))
    (step,) = session.run().steps
    assert repr(step.attempts[0]) == "Attempt(#1, 1 samples, quality 90, accepted)"


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"least_quality": 50}, "judge"),
        ({"least_quality": 101}, "0..100"),
        ({"attempts": 0}, "attempts"),
        ({"timeout_s": 0.0}, "timeout"),
    ],
)
def test_a_policy_that_makes_no_sense_cannot_exist(wrong: dict[str, float], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        SessionPolicy(**wrong)  # type: ignore[arg-type]


def test_a_strange_step_is_refused() -> None:
    session = CaptureSession(ScriptedDevice([]), [FIRST], policy=SessionPolicy())
    with pytest.raises(ValueError, match="no step"):
        session.capture(SECOND)
