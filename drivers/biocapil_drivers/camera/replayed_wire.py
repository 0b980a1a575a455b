"""`ReplayedWire`: a trace of a network camera in its place; bytes come when they came then."""

from __future__ import annotations

import threading
from pathlib import Path

from biocapil.capture import Clock, Deadline, Way, read_trace
from biocapil.errors import DeviceLost, ProtocolError


class ReplayedWire:
    """Strict: another request than the recorded one is an error."""

    def __init__(self, file: Path, clock: Clock) -> None:
        """Read a trace.

        Raises:
            OSError: The file cannot be read.
            FormatError: It is no trace.
        """
        self._entries = list(read_trace(file))
        self._clock = clock
        self._start_s = clock.now_s()
        self._next = 0
        self._unread = b""
        self._never = threading.Event()

    def write(self, data: bytes, deadline: Deadline) -> None:
        """Hold a request against the recorded one."""
        del deadline
        entry = self._entries[self._next] if self._next < len(self._entries) else None
        if entry is None or entry.way is not Way.OUT or entry.data != data:
            raise ProtocolError(f"line {self._next + 2} of the trace holds another request")
        self._next += 1

    def read(self, limit: int, timeout_s: float) -> bytes:
        """The bytes that came then, once it is time for them."""
        if not self._unread:
            if self._next == len(self._entries):
                raise DeviceLost("the trace has ended")
            entry = self._entries[self._next]
            rest_s = self._start_s + entry.at_s - self._clock.now_s()
            if rest_s > 0:
                self._clock.wait(self._never, min(rest_s, timeout_s))
            if rest_s > timeout_s:
                return b""
            if entry.data is None or entry.way is not Way.IN:
                raise ProtocolError(
                    f"line {self._next + 2} of the trace was recorded without its biometric bytes; "
                    f"record again with --biometric to replay it whole"
                )
            self._next += 1
            self._unread = entry.data
        found, self._unread = self._unread[:limit], self._unread[limit:]
        return found

    def close(self) -> None:
        """Nothing is held."""
