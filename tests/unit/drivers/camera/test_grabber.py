"""The grabber: nothing but the newest frame, and no thread that dies in silence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from biocapil.capture import CancelToken, Deadline, ParameterValue, SystemClock
from biocapil.errors import DeviceError, DeviceLost
from biocapil_drivers.camera.frames import Picture, SourceTraits
from biocapil_drivers.camera.freshness import Freshness, FreshnessLimits
from biocapil_drivers.camera.grabber import Grabber

CLOCK = SystemClock()
LIMITS = FreshnessLimits(silent_s=0.3, frozen_s=0.3)


def picture(value: int, at_s: float | None = None) -> Picture:
    return Picture(pixels=np.full((2, 3), value, np.uint8), at_s=CLOCK.now_s() if at_s is None else at_s)


class Told:
    """A source that does what it is told."""

    traits = SourceTraits(model="told")

    def __init__(self, read: Callable[[int], Picture | None]) -> None:
        self._read = read
        self.reads = 0
        self.closed = 0

    def read(self, deadline: Deadline, stop: CancelToken) -> Picture | None:
        stop.wait(CLOCK, min(0.002, deadline.remaining_s))
        self.reads += 1
        return self._read(self.reads)

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """Nothing."""

    def close(self) -> None:
        self.closed += 1


def test_whoever_comes_late_gets_the_newest_frame_and_no_older_one() -> None:
    source = Told(lambda number: picture(number % 200))
    grabber = Grabber(source, CLOCK, LIMITS)
    time.sleep(0.1)
    frame = grabber.wait(Deadline.after(CLOCK, 2), CancelToken())
    assert frame is not None
    assert frame.sequence >= 5
    assert CLOCK.now_s() - frame.picture.at_s < 0.1
    later = grabber.wait(Deadline.after(CLOCK, 2), CancelToken(), after=frame.sequence)
    assert later is not None
    assert later.sequence > frame.sequence
    grabber.close()
    assert source.closed == 1


def broken(_: int) -> Picture | None:
    raise ValueError("a source with a fault of its own")


def test_a_source_that_breaks_is_told_to_whoever_waits() -> None:
    grabber = Grabber(Told(broken), CLOCK, LIMITS)
    with pytest.raises(DeviceError, match="ValueError: a source with a fault of its own"):
        grabber.wait(Deadline.after(CLOCK, 5), CancelToken())
    assert isinstance(grabber.failure, DeviceError)
    grabber.close()


def test_the_frame_before_the_failure_is_still_there() -> None:
    def once(number: int) -> Picture | None:
        if number > 1:
            raise DeviceLost("gone")
        return picture(7)

    grabber = Grabber(Told(once), CLOCK, LIMITS)
    frame = grabber.wait(Deadline.after(CLOCK, 5), CancelToken())
    assert frame is not None
    with pytest.raises(DeviceLost):
        grabber.wait(Deadline.after(CLOCK, 5), CancelToken(), after=frame.sequence)
    grabber.close()


def test_waiting_ends_with_the_token_and_with_the_deadline() -> None:
    grabber = Grabber(Told(lambda _: None), CLOCK, LIMITS)
    assert grabber.wait(Deadline.after(CLOCK, 0.05), CancelToken()) is None
    token = CancelToken()
    threading.Timer(0.05, token.cancel).start()
    began = time.monotonic()
    assert grabber.wait(Deadline.after(CLOCK, 30), token) is None
    assert time.monotonic() - began < 15
    grabber.close()


def test_a_source_may_be_silent_before_its_first_picture_and_not_after() -> None:
    freshness = Freshness(LIMITS)
    freshness.heard_nothing(100.0)
    freshness.saw(picture(1, at_s=100.0))
    freshness.heard_nothing(100.25)
    with pytest.raises(DeviceLost, match=r"no picture has come for more than 0\.3 s"):
        freshness.heard_nothing(100.4)


def test_equal_pictures_are_a_fault_after_a_while_unless_they_are_allowed() -> None:
    freshness = Freshness(LIMITS)
    for at_s in (100.0, 100.2):
        freshness.saw(picture(1, at_s=at_s))
    freshness.saw(picture(2, at_s=100.3))
    freshness.saw(picture(2, at_s=100.5))
    with pytest.raises(DeviceLost, match="repeated one picture"):
        freshness.saw(picture(2, at_s=100.7))
    allowed = Freshness(FreshnessLimits(silent_s=1, frozen_s=None))
    for at_s in range(10):
        allowed.saw(picture(1, at_s=float(at_s)))


def test_limits_are_more_than_nothing() -> None:
    with pytest.raises(ValueError, match="more than 0 s"):
        FreshnessLimits(silent_s=0)
