"""`DeviceState`, `StateChange`, `Patience`: what a supervisor tells, and how long it waits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from biocapil.capture.capability import DeviceInfo


class DeviceState(Enum):
    """How a supervised device is."""

    ABSENT = "absent"
    READY = "ready"
    CAPTURING = "capturing"
    LOST = "lost"
    REOPENING = "reopening"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """The device is in another state than before.

    Attributes:
        state: The state now.
        at_s: When, in seconds of the supervisor's clock.
        info: Which device it is; None where none was ever there.
        problem: What is wrong; empty where nothing is.
    """

    state: DeviceState
    at_s: float
    info: DeviceInfo | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a supervisor waits for what.

    Attributes:
        heartbeat_s: Between two heartbeats of a device that is not used.
        answer_s: For the answer to one.
        first_rest_s: Before the first try to open it again.
        longest_rest_s: Before any later one; each rest is twice the one before.
        look_s: Between two looks whether it was plugged in, where that can be seen.
        stale_s: For the next preview of a capture whose device sends previews; a picture that is older than
            this when it comes is stale as well.
    """

    heartbeat_s: float = 5.0
    answer_s: float = 2.0
    first_rest_s: float = 0.25
    longest_rest_s: float = 30.0
    look_s: float = 0.2
    stale_s: float = 2.0

    def rest_s(self, failures: int) -> float:
        """Rest after so many tries that failed."""
        return min(self.longest_rest_s, self.first_rest_s * 2.0 ** min(failures, 30))
