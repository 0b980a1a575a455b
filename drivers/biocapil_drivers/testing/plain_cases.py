"""Cases in which the wire does nothing wrong."""

from __future__ import annotations

from time import monotonic

from biocapil.capture import (
    CANCEL_WITHIN_S,
    Cancelled,
    CancelToken,
    Captured,
    CaptureEvent,
    CaptureRequest,
    Deadline,
    Failed,
    Presentation,
    TimedOut,
)
from biocapil.errors import DeviceBusy, DeviceError
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import ModelId
from biocapil_drivers.testing.bench import Bench, Violation
from biocapil_drivers.testing.trying import (
    CLOCK,
    cancelled_after,
    captured,
    opened,
    request_for,
    require_capture,
    require_no_wrong_sample,
)

MOMENTS_S = (0.0, 0.02, 0.06, 0.12, 0.25)
"""When a capture is taken back: before it begins, while it waits, in the middle of a transfer."""

MANY_MOMENTS_S = tuple(step / 100 for step in range(80))


def opens_and_closes_again(bench: Bench) -> None:
    """Three times in a row."""
    for _ in range(3):
        with opened(bench):
            pass


def closes_twice(bench: Bench) -> None:
    """Closing never raises."""
    device = bench.open()
    device.close()
    device.close()


def says_what_it_is(bench: Bench) -> None:
    """Names, an identity, and parameters that take their own defaults."""
    with opened(bench) as device:
        info = device.info
        if not (info.driver and info.address and info.model and info.identity):
            raise Violation("info must name driver, address, model and identity")
        if info.capability is None:
            raise Violation("a capture device says what it captures: info.capability is None")
        for parameter in info.capability.parameters:
            parameter.check(parameter.default)


def refuses_a_second_owner(bench: Bench) -> None:
    """Two owners would read each other's answers."""
    with opened(bench):
        try:
            second = bench.open()
        except DeviceBusy:
            return
        second.close()
        raise Violation("a second owner was let in; DeviceBusy is due")


def refuses_settings_that_it_has_not(bench: Bench) -> None:
    """An unknown name is the caller's error."""
    with opened(bench) as device:
        try:
            device.configure({"no_such_setting_anywhere": 1})
        except ValueError:
            return
        raise Violation("a setting that the device has not was taken; ValueError is due")


def refuses_what_it_cannot_capture(bench: Bench) -> None:
    """A presentation that is none of the device's is the caller's error."""
    with opened(bench) as device:
        able = request_for(device)
        capability = device.info.capability
        strange = [each for each in Presentation if capability and each not in capability.presentations]
        if not strange:
            return
        try:
            device.acquire(
                CaptureRequest(presentation=strange[0]), lambda _: None, CancelToken(),
                Deadline.after(CLOCK, 0.1),
            )  # fmt: skip
        except ValueError:
            return
        raise Violation(f"{strange[0].value} was asked of a device for {able.presentation.value}")


def answers_its_heartbeat(bench: Bench) -> None:
    """A device that is there says so."""
    with opened(bench) as device:
        device.check(Deadline.after(CLOCK, 2.0))
        device.check(Deadline.after(CLOCK, 2.0))


def times_out_where_nobody_comes(bench: Bench) -> None:
    """At the deadline, with nothing."""
    bench.present(there=False)
    with opened(bench) as device:
        result = captured(device, seconds=0.4)
        if not isinstance(result, TimedOut) or result.best:
            raise Violation(f"nobody came: TimedOut without a sample is due, got {result}")


def ends_at_once_when_taken_back(bench: Bench) -> None:
    """A token that was set before ends it before anything is captured."""
    with opened(bench) as device:
        token = CancelToken()
        token.cancel()
        begun = monotonic()
        result = captured(device, cancel=token)
        _require_cancelled(result, monotonic() - begun)


def fails_after_it_was_closed(bench: Bench) -> None:
    """A closed device fails; it does not break, and does not wait."""
    device = bench.open()
    request = request_for(device)
    device.close()
    result = captured(device, request, seconds=2.0)
    if not isinstance(result, Failed):
        raise Violation(f"the device was closed: Failed is due, got {result}")
    try:
        device.check(Deadline.after(CLOCK, 1.0))
    except DeviceError:
        return
    raise Violation("a closed device answered its heartbeat")


def captures_what_is_presented(bench: Bench) -> None:
    """Twice, with events before the end."""
    bench.present(there=True)
    with opened(bench) as device:
        for _ in range(2):
            events: list[CaptureEvent] = []
            require_capture(bench, captured(device, events=events))
            if not events:
                raise Violation("a capture says what it does: no event came")


def keeps_the_best_where_quality_is_never_reached(bench: Bench) -> None:
    """The best of several, when the time is up."""
    bench.present(there=True)
    scores: list[int] = []

    def judge(_: CapturedSample) -> QualityReport:
        scores.append(40 - len(scores) % 3)
        return QualityReport(score=scores[-1], components=(), reasons=(), model_id=ModelId("suite"))

    with opened(bench) as device:
        request = CaptureRequest(presentation=request_for(device).presentation, judge=judge, least_quality=90)
        result = captured(device, request, seconds=2.5)
    require_no_wrong_sample(bench, result)
    if not isinstance(result, TimedOut) or not result.best:
        raise Violation(f"TimedOut with the best sample is due, got {result}")
    if result.reports[0].score != max(scores) or result.attempts != len(scores):
        raise Violation(
            f"the best of {len(scores)} scored {max(scores)}; reported were "
            f"{result.reports[0].score} of {result.attempts}"
        )


def is_taken_back_within_the_limit_at_any_moment(bench: Bench) -> None:
    """While it waits, and in the middle of a transfer that takes its time."""
    bench.keep_time()
    for there in (False, True):
        bench.present(there=there)
        for moment in MANY_MOMENTS_S if bench.thorough else MOMENTS_S:
            took_back(bench, moment)


def took_back(bench: Bench, moment_s: float) -> float:
    """Take a capture back after a while; how long it took to end, in seconds."""
    with opened(bench) as device:
        token = CancelToken()
        begun = monotonic()
        timer = cancelled_after(token, moment_s)
        result = captured(device, cancel=token)
        late = monotonic() - begun - moment_s
        timer.cancel()
        if isinstance(result, Captured):
            require_no_wrong_sample(bench, result)  # it was faster than the hand that took it back
            return 0.0
        _require_cancelled(result, late)
        return late


def works_again_after_it_was_taken_back(bench: Bench) -> None:
    """What was under way is swept aside."""
    bench.present(there=True)
    with opened(bench) as device:
        for moment in MOMENTS_S:
            token = CancelToken()
            timer = cancelled_after(token, moment)
            captured(device, cancel=token)
            timer.cancel()
            require_capture(bench, captured(device))


def _require_cancelled(result: object, late_s: float) -> None:
    if not isinstance(result, Cancelled):
        raise Violation(f"it was taken back: Cancelled is due, got {result}")
    if late_s > CANCEL_WITHIN_S:
        raise Violation(f"it ended {late_s:.3f} s after it was taken back; allowed are {CANCEL_WITHIN_S} s")
