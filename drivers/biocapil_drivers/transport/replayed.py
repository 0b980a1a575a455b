"""`ReplayedTransport`: a trace in the place of a device: the answers of then, to what was sent then."""

from __future__ import annotations

import hashlib
from pathlib import Path

from biocapil.capture import CancelToken, Deadline, TraceEntry, Way, read_trace
from biocapil.errors import DeviceTimeout, ProtocolError
from biocapil_drivers.transport.seam import ReadCancelled


class ReplayedTransport:
    """Strict: bytes that were not sent then, or in another order, are an error; time does not pass."""

    def __init__(self, file: Path) -> None:
        """Read a trace.

        Raises:
            OSError: The file cannot be read.
            FormatError: It is no trace.
        """
        self._entries = list(read_trace(file))
        self._next = 0
        self._unread = b""
        self._sent = b""

    @property
    def finished(self) -> bool:
        """Whether everything of the trace was sent and read."""
        return self._next == len(self._entries) and not self._unread and not self._sent

    def read(
        self, limit: int, deadline: Deadline, cancel: CancelToken | None = None, *, private: bool = False
    ) -> bytes:
        """The bytes that came then."""
        del deadline, private
        if cancel is not None and cancel.cancelled:
            raise ReadCancelled
        if not self._unread:
            entry = self._entry(Way.IN)
            if entry is None:
                raise DeviceTimeout("the trace holds no answer here")
            self._unread = self._data(entry)
            self._next += 1
            if not self._unread:
                raise DeviceTimeout("nothing came then either")
        found, self._unread = self._unread[:limit], self._unread[limit:]
        return found

    def write(self, data: bytes, deadline: Deadline, *, private: bool = False) -> None:
        """Hold bytes against those that were sent then."""
        del deadline, private
        entry = self._entry(Way.OUT)
        if entry is None or not _is_same(entry, data):
            wanted = "nothing" if entry is None else f"{entry.length} other bytes"
            raise ProtocolError(
                f"{len(data)} bytes were sent where the trace holds {wanted} (line {self._line})"
            )
        self._next += 1

    def drain(self) -> None:
        """Throw away what was not read of the last answer."""
        self._unread = b""

    def set_speed(self, bits_per_s: int) -> None:
        """A trace has no speed."""

    def close(self) -> None:
        """Nothing is held."""

    @property
    def _line(self) -> int:
        return self._next + 2

    def _entry(self, way: Way) -> TraceEntry | None:
        entry = self._entries[self._next] if self._next < len(self._entries) else None
        return entry if entry is not None and entry.way is way else None

    def _data(self, entry: TraceEntry) -> bytes:
        if entry.data is None:
            raise ProtocolError(
                f"line {self._line} of the trace was recorded without its {entry.length} biometric bytes; "
                f"record again with --biometric to replay it whole"
            )
        return entry.data


def _is_same(entry: TraceEntry, data: bytes) -> bool:
    """Whether bytes are those of an entry, also where it keeps only their digest."""
    if entry.data is not None:
        return entry.data == data
    return entry.length == len(data) and entry.sha256 == hashlib.sha256(data).hexdigest()
