"""`Faults`: what goes wrong on a wire, set from a test, applied to each frame that an emulator sends."""

from __future__ import annotations

import threading
from enum import Enum

GARBAGE = bytes.fromhex("00ff55ef01ffffffff07ef01fe010100")
"""Noise in which headers begin that lead nowhere."""


class Fault(Enum):
    """What happens to a frame."""

    SILENCE = "silence"
    GARBAGE = "garbage"
    BAD_CHECKSUM = "bad_checksum"
    TRUNCATED = "truncated"
    DUPLICATED = "duplicated"


class Faults:
    """Faults that wait for frames; any thread may set them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fault: Fault | None = None
        self._skip = 0
        self._left = 0
        self._bytes_left: int | None = None

    def set(self, fault: Fault, *, frames: int | None = None, after: int = 0) -> None:
        """Let frames go wrong.

        Args:
            fault: What happens to each.
            frames: To how many; None for all from then on.
            after: How many frames still pass unharmed.
        """
        with self._lock:
            self._fault, self._skip, self._left = fault, after, -1 if frames is None else frames

    def unplug_after(self, count: int) -> None:
        """Let the plug be pulled once so many more bytes were sent."""
        with self._lock:
            self._bytes_left = count

    def clear(self) -> None:
        """From now on all goes well."""
        with self._lock:
            self._fault, self._skip, self._left, self._bytes_left = None, 0, 0, None

    def applied(self, frame: bytes) -> tuple[bytes, bool]:
        """What goes over the wire in the place of a frame, and whether the plug is pulled then."""
        with self._lock:
            data = self._damaged(frame)
            if self._bytes_left is None:
                return data, False
            if len(data) < self._bytes_left:
                self._bytes_left -= len(data)
                return data, False
            data, self._bytes_left = data[: self._bytes_left], None
            return data, True

    def _damaged(self, frame: bytes) -> bytes:
        if self._fault is None or not self._left:
            return frame
        if self._skip:
            self._skip -= 1
            return frame
        self._left -= self._left > 0
        return damaged(self._fault, frame)


def damaged(fault: Fault, frame: bytes) -> bytes:
    """What a fault makes of a frame."""
    match fault:
        case Fault.SILENCE:
            return b""
        case Fault.GARBAGE:
            return GARBAGE + frame
        case Fault.BAD_CHECKSUM:
            return frame[:-1] + bytes([frame[-1] ^ 0x5A])
        case Fault.TRUNCATED:
            return frame[: len(frame) // 2]
        case Fault.DUPLICATED:
            return frame + frame
