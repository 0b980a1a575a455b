"""Nouns of the seam that cannot exist in a bad shape, and the words that it speaks."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

import biocapil.capture
from biocapil.capture import (
    BestSample,
    CancelToken,
    Capability,
    Captured,
    CaptureReason,
    CaptureRequest,
    Deadline,
    DeviceInfo,
    ManualClock,
    Parameter,
    ParameterKind,
    Presentation,
    Preview,
    SystemClock,
    capture_sentence,
    check_settings,
    require_possible,
)
from biocapil.capture.reasons import CAPTURE_SENTENCES
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import EyePosition, FingerPosition, Instance, Language, Modality, ModelId

PUBLIC = [
    "CANCEL_WITHIN_S",
    "POLL_S",
    "BestSample",
    "CancelToken",
    "Cancelled",
    "Capability",
    "CaptureEvent",
    "CaptureReason",
    "CaptureRequest",
    "CaptureResult",
    "Captured",
    "Clock",
    "Deadline",
    "Device",
    "DeviceAddress",
    "DeviceInfo",
    "DeviceSearch",
    "DeviceState",
    "Driver",
    "DriverInfo",
    "Failed",
    "FoundDevice",
    "Guidance",
    "Judge",
    "ListedDriver",
    "ManualClock",
    "OnEvent",
    "Opening",
    "Parameter",
    "ParameterKind",
    "ParameterValue",
    "Patience",
    "Peripheral",
    "Presentation",
    "Preview",
    "Progress",
    "SecurityLevel",
    "StateChange",
    "Supervisor",
    "SystemClock",
    "TimedOut",
    "TraceEntry",
    "TraceFile",
    "TraceHeader",
    "TraceSink",
    "Way",
    "capture_sentence",
    "check_settings",
    "find_devices",
    "find_driver",
    "ignore_events",
    "list_drivers",
    "open_device",
    "open_peripheral",
    "read_trace",
    "read_trace_header",
    "require_possible",
    "resolve",
]
BAUD = Parameter(
    name="baud",
    meaning="Speed of the line.",
    kind=ParameterKind.INTEGER,
    default=57600,
    least=9600,
    most=115200,
    unit="bit/s",
)
GAIN = Parameter(name="gain", meaning="Gain.", kind=ParameterKind.REAL, default=1.0, least=0.5, most=4.0)
LIGHT = Parameter(
    name="light", meaning="Light.", kind=ParameterKind.CHOICE, default="off", choices=("off", "red")
)
BEEP = Parameter(name="beep", meaning="Sound.", kind=ParameterKind.SWITCH, default=True)
PARAMETERS = (BAUD, GAIN, LIGHT, BEEP)
INDEX = Instance(modality=Modality.FINGER, position=FingerPosition.RIGHT_INDEX)


def capability(**changes: Any) -> Capability:
    return Capability(
        **{
            "modality": Modality.FINGER,
            "presentations": frozenset({Presentation.ONE_FINGER}),
            "width_px": 10,
            "height_px": 10,
            "bit_depth": 8,
        }
        | changes
    )


def sample(grey: int = 0) -> CapturedSample:
    return CapturedSample(pixels=np.full((4, 4), grey, np.uint8), resolution_ppi=500)


def report(score: int) -> QualityReport:
    return QualityReport(score=score, components=(), reasons=(), model_id=ModelId("made"))


def test_the_public_names_are_pinned() -> None:
    assert biocapil.capture.__all__ == PUBLIC
    assert all(getattr(biocapil.capture, name) is not None for name in PUBLIC)


@pytest.mark.parametrize("reason", CaptureReason)
def test_every_reason_has_two_sentences(reason: CaptureReason) -> None:
    english, indonesian = (capture_sentence(reason, language) for language in Language)
    assert english != indonesian
    assert english.endswith(".")
    assert indonesian.endswith(".")
    assert len(CAPTURE_SENTENCES) == len(CaptureReason)


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [(BAUD, "9600", 9600), (GAIN, "2", 2.0), (LIGHT, "red", "red"), (BEEP, "Off", False), (BEEP, "1", True)],
)
def test_a_setting_is_read_as_people_write_it(parameter: Parameter, text: str, value: object) -> None:
    assert parameter.parse(text) == value


@pytest.mark.parametrize(
    ("parameter", "text", "wanted"),
    [
        (BAUD, "fast", "a whole number from 9600 to 115200 bit/s"),
        (BAUD, "1", "a whole number from 9600 to 115200 bit/s"),
        (GAIN, "9", "a number from 0.5 to 4.0"),
        (LIGHT, "blue", "one of off, red"),
        (BEEP, "maybe", "on or off"),
    ],
)
def test_a_setting_out_of_range_says_what_it_can_be(parameter: Parameter, text: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=f"{parameter.name} must be {wanted}, got '?{text}"):
        parameter.parse(text)


def test_settings_are_checked_together() -> None:
    assert check_settings({"baud": 9600, "beep": False}, PARAMETERS) == {"baud": 9600, "beep": False}
    with pytest.raises(ValueError, match="no setting speed; there are: baud, beep, gain, light"):
        check_settings({"speed": 1}, PARAMETERS)
    with pytest.raises(ValueError, match="baud must be"):
        check_settings({"baud": True}, PARAMETERS)
    with pytest.raises(ValueError, match="there are: none"):
        check_settings({"speed": 1}, ())


def test_a_default_out_of_range_cannot_exist() -> None:
    with pytest.raises(ValueError, match="gain must be"):
        Parameter(name="gain", meaning="", kind=ParameterKind.REAL, default=9.0, least=0, most=1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width_px": 0}, "at least one pixel"),
        ({"presentations": frozenset()}, "at least one presentation"),
        (
            {"instances": (Instance(modality=Modality.IRIS, position=EyePosition.LEFT),)},
            "captures no left_eye",
        ),
    ],
)
def test_a_capability_that_makes_no_sense_cannot_exist(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        capability(**changes)


def test_a_device_is_known_by_its_number_and_else_by_its_address() -> None:
    info = DeviceInfo(driver="zfm", address="zfm+serial:///dev/a", model="R503", serial_number="77")
    assert info.identity == "zfm:77"
    assert DeviceInfo(driver="zfm", address="zfm+serial:///dev/a", model="R503").identity == info.address


def test_a_request_is_held_to_what_the_device_can_do() -> None:
    one = capability(instances=(INDEX,))
    require_possible(CaptureRequest(instances=(INDEX,)), one)
    with pytest.raises(ValueError, match="captures one_finger, not face"):
        require_possible(CaptureRequest(presentation=Presentation.FACE), one)
    for other in (Instance(modality=Modality.FINGER, position=3), Instance(modality=Modality.FACE)):
        with pytest.raises(ValueError, match=f"does not capture {other.name}"):
            require_possible(CaptureRequest(instances=(INDEX, other)), one)


@pytest.mark.parametrize("quality", [-1, 101, 5])
def test_a_quality_without_a_judge_or_out_of_range_is_refused(quality: int) -> None:
    with pytest.raises(ValueError, match="least_quality"):
        CaptureRequest(least_quality=quality)


def test_the_best_of_several_samples_is_kept() -> None:
    scores = iter((10, 40, 30, 60))
    best = BestSample(CaptureRequest(judge=lambda _: report(next(scores)), least_quality=50))
    assert best.timed_out(CaptureReason.PLACE_FINGER).best == ()
    for grey in range(3):
        assert isinstance(best.offer(sample(grey)), QualityReport)
    end = best.timed_out(CaptureReason.PLACE_AGAIN)
    assert (end.best[0].pixels[0, 0], end.reports[0].score, end.attempts) == (1, 40, 3)
    taken = best.offer(sample(9))
    assert isinstance(taken, Captured)
    assert (taken.reports[0].score, taken.attempts) == (60, 4)


def test_without_a_judge_the_first_sample_is_taken() -> None:
    best = BestSample(CaptureRequest())
    assert isinstance(best.offer(sample()), Captured)
    assert best.timed_out(None).reports == ()


def test_captured_holds_samples_and_a_report_for_each() -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        Captured(samples=())
    with pytest.raises(ValueError, match="1 reports do not fit 2 samples"):
        Captured(samples=(sample(), sample()), reports=(report(1),))


def test_a_preview_is_read_only_and_does_not_show_itself() -> None:
    preview = Preview(pixels=np.zeros((2, 3, 3), np.uint8), at_s=1.0, sequence=4)
    assert not preview.pixels.flags.writeable
    assert repr(preview) == "Preview(#4, 3x2 px, quality None)"
    for bad in (np.zeros((2, 3, 4), np.uint8), np.zeros(2, np.uint8), np.zeros((2, 2), np.float32)):
        with pytest.raises(ValueError, match="pixels must be uint8"):
            Preview(pixels=bad, at_s=0, sequence=0)


def test_a_deadline_runs_on_its_clock() -> None:
    clock = ManualClock(5.0)
    deadline = Deadline.after(clock, 2.0)
    assert (deadline.remaining_s, deadline.passed) == (2.0, False)
    assert deadline.within(0.5).remaining_s == 0.5
    assert deadline.within(9.0).remaining_s == 2.0
    clock.advance(2.0)
    assert (deadline.remaining_s, deadline.passed) == (0.0, True)


def test_waiting_ends_with_the_token() -> None:
    clock, token = ManualClock(), CancelToken()
    assert not token.wait(clock, 0.25)
    assert clock.now_s() == 0.25
    token.cancel()
    assert token.wait(clock, 9.0)
    assert token.cancelled
    assert clock.now_s() == 0.25


def test_the_system_clock_goes_on_and_waits_no_longer_than_it_must() -> None:
    clock, event = SystemClock(), threading.Event()
    before = clock.now_s()
    assert not clock.wait(event, -1)
    event.set()
    assert clock.wait(event, 60)
    assert before <= clock.now_s() < before + 30
