"""`Peripheral` and `Device`: the seam that every driver fills.

    open ─► info ─► configure ─► acquire ─► close
                       ▲            │ Preview, Guidance, Progress …
                       └────────────┘ then one of Captured, TimedOut, Cancelled, Failed

One thread at a time calls a device; `CancelToken.cancel` alone may come from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from biocapil.capture.cancel import CancelToken
from biocapil.capture.capability import DeviceInfo
from biocapil.capture.clock import Deadline
from biocapil.capture.events import OnEvent
from biocapil.capture.parameters import ParameterValue
from biocapil.capture.request import CaptureRequest
from biocapil.capture.results import CaptureResult


class Peripheral(Protocol):
    """Anything that can be plugged in: what a supervisor needs to know of it."""

    @property
    def info(self) -> DeviceInfo:
        """Which device it is; read when it was opened, costs nothing."""
        ...

    def check(self, deadline: Deadline) -> None:
        """Make sure that the device still answers: its heartbeat.

        Args:
            deadline: When the answer must be there.

        Raises:
            DeviceLost: It has gone.
            DeviceError: It is there, but does not work.
        """
        ...

    def close(self) -> None:
        """Let go of the device; never raises, and a second time does nothing."""
        ...


class Device(Peripheral, Protocol):
    """A device that captures samples; its `info.capability` is not None."""

    def configure(self, settings: Mapping[str, ParameterValue]) -> None:
        """Change settings; those that are not named stay.

        Args:
            settings: Values by the names of `Capability.parameters`.

        Raises:
            ValueError: A name or a value is none of the device's; nothing was changed.
            DeviceError: The device did not take them.
        """
        ...

    def acquire(
        self, request: CaptureRequest, on_event: OnEvent, cancel: CancelToken, deadline: Deadline
    ) -> CaptureResult:
        """Capture one presentation. Trouble with the device is returned, not raised.

        Args:
            request: What is wanted.
            on_event: Called in this thread with every event before the end; what it raises passes through.
            cancel: Ends the capture within 300 ms after it was set.
            deadline: Ends the capture with the best sample so far.

        Returns:
            The one end of the capture.

        Raises:
            ValueError: The device cannot do what is wanted.
        """
        ...
