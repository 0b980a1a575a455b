"""`RecordedTransport`: passes everything on, and tells a trace what went by."""

from __future__ import annotations

from biocapil.capture import CancelToken, Clock, Deadline, TraceSink, Way
from biocapil.errors import DeviceTimeout
from biocapil_drivers.transport.seam import Transport


class RecordedTransport:
    """A transport whose bytes go into a trace as well."""

    def __init__(self, inner: Transport, trace: TraceSink, clock: Clock) -> None:
        self._inner = inner
        self._trace = trace
        self._clock = clock

    def read(
        self, limit: int, deadline: Deadline, cancel: CancelToken | None = None, *, private: bool = False
    ) -> bytes:
        """Wait for bytes and record them; that none came is recorded as none."""
        try:
            found = self._inner.read(limit, deadline, cancel, private=private)
        except DeviceTimeout:
            self._trace.put(self._clock.now_s(), Way.IN, b"", private=False)
            raise
        self._trace.put(self._clock.now_s(), Way.IN, found, private=private)
        return found

    def write(self, data: bytes, deadline: Deadline, *, private: bool = False) -> None:
        """Record bytes and send them."""
        self._trace.put(self._clock.now_s(), Way.OUT, data, private=private)
        self._inner.write(data, deadline, private=private)

    def drain(self) -> None:
        """Throw away what has come; it is not recorded."""
        self._inner.drain()

    def set_speed(self, bits_per_s: int) -> None:
        """Change the speed."""
        self._inner.set_speed(bits_per_s)

    def close(self) -> None:
        """Let go."""
        self._inner.close()
