"""`Bench`: what the suite needs around a driver: a line that fails on demand, a plug, somebody to capture."""

from __future__ import annotations

from typing import Protocol

from biocapil.capture import Device
from biocapil.sample import CapturedSample
from biocapil_drivers.emulation import Faults

__all__ = ["Bench", "Device", "Line", "Violation"]


class Violation(AssertionError):  # noqa: N818 - named for what happened, as the errors of biocapil are
    """A driver did what no driver may do."""


class Line(Protocol):
    """The wire between device and driver; `emulation.EmulatedLine` is one."""

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        ...

    def plug(self) -> None:
        """Plug in; does nothing where it is."""
        ...

    def unplug(self) -> None:
        """Pull the plug; does nothing where it is out."""
        ...


class Bench(Protocol):
    """One device under test."""

    @property
    def line(self) -> Line | None:
        """The wire, with what can go wrong on it; None for a real device, whose wire is in nobody's hand."""
        ...

    @property
    def thorough(self) -> bool:
        """Whether cases that take many small steps take all of them: minutes instead of seconds."""
        ...

    def open(self) -> Device:
        """Open the device; the time that this may take is at most 5 seconds."""
        ...

    def present(self, *, there: bool) -> None:
        """Let somebody present what is captured, or take it away; a real device waits for a person."""
        ...

    def is_right(self, sample: CapturedSample) -> bool:
        """Whether a sample shows what was presented, pixel for pixel as far as the device can see."""
        ...

    def change_geometry(self) -> None:
        """Let the device deliver pictures of a size that it does not have."""
        ...

    def keep_time(self) -> None:
        """Let bytes take their time on the wire from now on."""
        ...

    def close(self) -> None:
        """End everything that belongs to the bench."""
        ...
