"""`Clock` and `Deadline`: one source of time for a device, and how long each read may take."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Where time comes from; tests pass one that they move by hand."""

    def now_s(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        ...

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait until the event is set, or the time is up; whether it is set."""
        ...


class SystemClock:
    """The machine's own monotonic clock."""

    def now_s(self) -> float:
        """Seconds of `time.monotonic`."""
        return time.monotonic()

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait for the event in real time."""
        return event.wait(max(0.0, timeout_s))


class ManualClock:
    """A clock that stands still until it is moved; waiting moves it at once."""

    def __init__(self, start_s: float = 0.0) -> None:
        self._now_s = start_s
        self._lock = threading.Lock()

    def now_s(self) -> float:
        """The moment that it was moved to."""
        with self._lock:
            return self._now_s

    def advance(self, seconds: float) -> None:
        """Move it on."""
        with self._lock:
            self._now_s += max(0.0, seconds)

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Move on by the whole time, unless the event is set already."""
        if not event.is_set():
            self.advance(timeout_s)
        return event.is_set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A moment on a clock after which nobody waits any longer.

    Attributes:
        clock: Whose time it is.
        at_s: The moment, in seconds of that clock.
    """

    clock: Clock
    at_s: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        """A deadline so many seconds from now."""
        return cls(clock=clock, at_s=clock.now_s() + seconds)

    @property
    def remaining_s(self) -> float:
        """Seconds that are left; 0 once it has passed."""
        return max(0.0, self.at_s - self.clock.now_s())

    @property
    def passed(self) -> bool:
        """Whether it has passed."""
        return self.remaining_s <= 0

    def within(self, seconds: float) -> Deadline:
        """The earlier of this deadline and one so many seconds from now."""
        return Deadline(clock=self.clock, at_s=min(self.at_s, self.clock.now_s() + seconds))
