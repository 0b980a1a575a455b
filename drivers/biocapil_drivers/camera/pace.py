"""`Pace`: when the next picture of a source without a sensor is due."""

from __future__ import annotations

from biocapil.capture import CancelToken, Clock, Deadline


class Pace:
    """Moments at a fixed rate; one that was missed is skipped, never made up for."""

    def __init__(self, clock: Clock, rate_hz: float) -> None:
        if rate_hz <= 0:
            raise ValueError(f"a rate must be more than 0 pictures a second, got {rate_hz!r}")
        self._clock = clock
        self._period_s = 1.0 / rate_hz
        self._due_s = clock.now_s()

    def wait(self, deadline: Deadline, stop: CancelToken) -> bool:
        """Rest until the next moment; whether it has come before the deadline and the token."""
        rest_s = min(self._due_s - self._clock.now_s(), deadline.remaining_s)
        if rest_s > 0:
            stop.wait(self._clock, rest_s)
        now_s = self._clock.now_s()
        if stop.cancelled or now_s < self._due_s:
            return False
        self._due_s = max(self._due_s + self._period_s, now_s)
        return True
