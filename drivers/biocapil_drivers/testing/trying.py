"""Steps that several cases take: open, capture, judge the end."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from time import monotonic

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Captured,
    CaptureEvent,
    CaptureRequest,
    CaptureResult,
    Deadline,
    Device,
    Failed,
    Presentation,
    SystemClock,
    TimedOut,
)
from biocapil.sample import CapturedSample
from biocapil_drivers.testing.bench import Bench, Line, Violation

CLOCK = SystemClock()
ENDS: tuple[type, ...] = (Captured, TimedOut, Cancelled, Failed)
ENOUGH_S = 30.0
OVER_S = 1.0
"""How long after its deadline a capture may still take: one answer of the device."""


@contextmanager
def opened(bench: Bench) -> Generator[Device]:
    """The device, open."""
    device = bench.open()
    try:
        yield device
    finally:
        device.close()


def request_for(device: Device) -> CaptureRequest:
    """A request for the first thing that the device can do."""
    capability = device.info.capability
    if capability is None:
        raise Violation("a capture device says what it captures: info.capability is None")
    first = min(capability.presentations, key=list(Presentation).index)
    return CaptureRequest(presentation=first)


def captured(
    device: Device,
    request: CaptureRequest | None = None,
    *,
    seconds: float = ENOUGH_S,
    cancel: CancelToken | None = None,
    events: list[CaptureEvent] | None = None,
) -> CaptureResult:
    """How a capture ends; it has to end in time, and not in an exception."""
    begun = monotonic()
    told: list[CaptureEvent] = [] if events is None else events
    result = device.acquire(
        request or request_for(device), told.append, cancel or CancelToken(), Deadline.after(CLOCK, seconds)
    )
    took = monotonic() - begun
    if took > seconds + OVER_S:
        raise Violation(f"the capture took {took:.2f} s, its deadline was after {seconds:.2f} s")
    if not isinstance(result, ENDS):
        raise Violation(f"a capture ends in one of four ways, got {type(result).__name__}")
    return result


def samples_of(result: CaptureResult) -> tuple[CapturedSample, ...]:
    """Samples of an end, the best ones included."""
    if isinstance(result, Captured):
        return result.samples
    return result.best if isinstance(result, TimedOut) else ()


def require_no_wrong_sample(bench: Bench, result: CaptureResult) -> None:
    """No end may carry a sample that shows something else than was presented."""
    if not all(bench.is_right(sample) for sample in samples_of(result)):
        raise Violation(f"{type(result).__name__} carries a sample that nobody presented")


def require_capture(bench: Bench, result: CaptureResult) -> None:
    """The end has to be the sample that was presented."""
    require_no_wrong_sample(bench, result)
    if not isinstance(result, Captured):
        raise Violation(f"expected Captured, got {result}")


def line_of(bench: Bench) -> Line:
    """The wire of a bench that has one."""
    if bench.line is None:
        raise Violation("this case needs a bench with a line")
    return bench.line


def cancelled_after(token: CancelToken, seconds: float) -> threading.Timer:
    """A timer, running, that sets a token."""
    timer = threading.Timer(seconds, token.cancel)
    timer.daemon = True
    timer.start()
    return timer
