"""Auto-capture, guidance, the still at time-out and the cancel token, before a drawn scene."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from biocapil import CapturedSample, Modality, QualityReport
from biocapil.capture import (
    Cancelled,
    CancelToken,
    Captured,
    CaptureEvent,
    CaptureReason,
    CaptureRequest,
    CaptureResult,
    Deadline,
    DeviceAddress,
    Guidance,
    Opening,
    Presentation,
    Preview,
    SystemClock,
    TimedOut,
    ignore_events,
)
from biocapil.errors import DeviceError
from biocapil.sample import Origin
from biocapil.vocabulary import EyePosition, FaceReason, Instance, ModelId, QualityReason
from biocapil_drivers.camera import DRIVER
from biocapil_drivers.camera.device import Camera, grey
from biocapil_drivers.camera.scenes import blinking_eye
from biocapil_drivers.camera.stamp import read_stamp
from biocapil_drivers.camera.synthetic import moving_disc

CLOCK = SystemClock()
Verdict = tuple[int, Sequence[QualityReason]]


@pytest.fixture
def camera() -> Iterator[Camera]:
    found = DRIVER.open(DeviceAddress.parse("camera+synthetic:disc?fps=100&size=384x128"), Opening())
    yield found
    found.close()


def judge_of(verdicts: Sequence[Verdict]) -> Callable[[CapturedSample], QualityReport]:
    left = list(verdicts)

    def judge(_: CapturedSample) -> QualityReport:
        score, reasons = left.pop(0) if len(left) > 1 else left[0]
        return QualityReport(score=score, components=(), reasons=tuple(reasons), model_id=ModelId("told"))

    return judge


def acquired(
    camera: Camera, verdicts: Sequence[Verdict], *, least: int, seconds: float = 3.0
) -> tuple[CaptureResult, list[CaptureEvent]]:
    events: list[CaptureEvent] = []
    request = CaptureRequest(presentation=Presentation.FACE, judge=judge_of(verdicts), least_quality=least)
    end = camera.acquire(request, events.append, CancelToken(), Deadline.after(CLOCK, seconds))
    return end, events


def test_the_first_picture_that_is_good_enough_is_taken(camera: Camera) -> None:
    end, events = acquired(camera, [(10, [FaceReason.TOO_DARK]), (40, []), (80, []), (99, [])], least=70)
    assert isinstance(end, Captured)
    assert (end.attempts, end.reports[0].score) == (3, 80)
    assert [each.quality for each in events if isinstance(each, Preview)] == [10, 40, 80]
    assert end.samples[0].origin is Origin.SYNTHETIC


@pytest.mark.parametrize(
    "reason",
    [FaceReason.SEVERAL_FACES, FaceReason.HEAD_TURNED, FaceReason.EYES_CLOSED, FaceReason.BLURRED],
)
def test_a_high_score_does_not_outweigh_what_makes_a_picture_useless(
    camera: Camera, reason: FaceReason
) -> None:
    end, _ = acquired(camera, [(100, [reason])] * 3 + [(75, [])], least=70)
    assert isinstance(end, Captured)
    assert (end.attempts, end.reports[0].score) == (4, 75)


def test_guidance_comes_once_and_only_when_it_has_settled(camera: Camera) -> None:
    dark, turned = (20, [FaceReason.TOO_DARK]), (30, [FaceReason.HEAD_TURNED])
    _, events = acquired(camera, [dark, turned, dark, dark, dark, turned, turned, turned, (90, [])], least=70)
    told = [each.reason for each in events if isinstance(each, Guidance)]
    assert told == [CaptureReason.LOOK_AT_CAMERA, FaceReason.TOO_DARK, FaceReason.HEAD_TURNED]


def test_at_the_deadline_the_best_picture_of_somebody_is_kept(camera: Camera) -> None:
    verdicts: list[Verdict] = [
        (90, [FaceReason.SEVERAL_FACES]),
        (30, [FaceReason.TOO_DARK]),
        (60, [FaceReason.EYES_CLOSED]),
        (50, [FaceReason.TOO_DARK]),
        (20, [FaceReason.TOO_DARK]),
    ]
    end, _ = acquired(camera, verdicts, least=95, seconds=1.0)
    assert isinstance(end, TimedOut)
    assert end.reports[0].score == 50
    assert end.reason is FaceReason.TOO_DARK
    assert end.attempts >= 5


def test_before_nobody_the_deadline_leaves_no_picture(camera: Camera) -> None:
    end, _ = acquired(camera, [(0, [FaceReason.NO_FACE])], least=50, seconds=0.2)
    assert isinstance(end, TimedOut)
    assert (end.best, end.reason) == ((), FaceReason.NO_FACE)


def test_no_picture_is_older_than_the_call(camera: Camera) -> None:
    for _ in range(5):
        time.sleep(0.03)
        called_s = CLOCK.now_s()
        end = camera.acquire(
            CaptureRequest(presentation=Presentation.FACE),
            ignore_events,
            CancelToken(),
            Deadline.after(CLOCK, 2),
        )
        assert isinstance(end, Captured)
        stamp = read_stamp(end.samples[0].pixels)
        assert stamp is not None
        assert stamp.at_s >= called_s - 0.001


def test_numbers_and_times_of_previews_rise(camera: Camera) -> None:
    _, events = acquired(camera, [(1, [])] * 5 + [(99, [])], least=50)
    previews = [each for each in events if isinstance(each, Preview)]
    assert [each.sequence for each in previews] == sorted({each.sequence for each in previews})
    assert [each.at_s for each in previews] == sorted({each.at_s for each in previews})


def test_cancel_ends_a_capture_at_once(camera: Camera) -> None:
    token = CancelToken()
    request = CaptureRequest(
        presentation=Presentation.FACE, judge=judge_of([(0, [FaceReason.NO_FACE])]), least_quality=50
    )
    threading.Timer(0.1, token.cancel).start()
    began = time.monotonic()
    end = camera.acquire(request, ignore_events, token, Deadline.after(CLOCK, 30))
    assert isinstance(end, Cancelled)
    assert time.monotonic() - began < 15


def test_settings_change_the_picture_and_a_wrong_one_changes_nothing(camera: Camera) -> None:
    with pytest.raises(ValueError, match="gain must be"):
        camera.configure({"gain": 200})
    camera.configure({"gain": 0})
    end, _ = acquired(camera, [(99, [])], least=1)
    assert isinstance(end, Captured)
    assert not end.samples[0].pixels[64:].any()


def test_what_a_camera_cannot_do_is_refused(camera: Camera) -> None:
    with pytest.raises(ValueError, match="captures face"):
        camera.acquire(CaptureRequest(), ignore_events, CancelToken(), Deadline.after(CLOCK, 1))


def test_a_closed_camera_says_so(camera: Camera) -> None:
    camera.close()
    with pytest.raises(DeviceError, match="closed"):
        camera.check(Deadline.after(CLOCK, 1))
    with pytest.raises(DeviceError, match="closed"):
        camera.configure({"gain": 50})


def test_an_iris_camera_takes_grey_pictures_of_the_eye_that_was_named() -> None:
    address = DeviceAddress.parse("camera+synthetic:disc?modality=iris&fps=50")
    camera = DRIVER.open(address, Opening())
    request = CaptureRequest(
        presentation=Presentation.ONE_IRIS,
        instances=(Instance(modality=Modality.IRIS, position=EyePosition.LEFT),),
    )
    events: list[CaptureEvent] = []
    end = camera.acquire(request, events.append, CancelToken(), Deadline.after(CLOCK, 2))
    camera.close()
    assert isinstance(end, Captured)
    assert end.samples[0].modality is Modality.IRIS
    assert end.samples[0].position is EyePosition.LEFT
    assert end.samples[0].pixels.ndim == 2
    assert events[0] == Guidance(reason=CaptureReason.OPEN_EYES)


def test_grey_is_the_brightness_of_a_picture() -> None:
    pixels = moving_disc(384, 128)(0)
    weighed = pixels @ [0.299, 0.587, 0.114]
    assert abs(grey(pixels) - weighed).max() <= 1.5
    assert grey(pixels[..., 0]) is not None


def test_a_drawn_eye_is_the_same_person_by_seed_and_another_by_another() -> None:
    eyes: dict[str, CapturedSample] = {}
    for seed in ("3", "4"):
        address = DeviceAddress.parse(f"camera+synthetic:eye?modality=iris&size=160x120&seed={seed}")
        camera = DRIVER.open(address, Opening())
        request = CaptureRequest(presentation=Presentation.ONE_IRIS)
        end = camera.acquire(request, ignore_events, CancelToken(), Deadline.after(CLOCK, 3))
        camera.close()
        assert isinstance(end, Captured)
        eyes[seed] = end.samples[0]
    assert [each.origin for each in eyes.values()] == [Origin.SYNTHETIC] * 2
    drawn = blinking_eye(160, 120, 3)
    assert any(np.array_equal(eyes["3"].pixels, drawn(number)) for number in range(8))
    assert not any(np.array_equal(eyes["4"].pixels, drawn(number)) for number in range(8))
