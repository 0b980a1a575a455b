"""`TcpLine`: a connection to one place, made anew for every request."""

from __future__ import annotations

import contextlib
import select
import socket

from biocapil.capture import POLL_S, CancelToken, Deadline
from biocapil.errors import DeviceLost, DeviceTimeout
from biocapil_drivers.transport.seam import ReadCancelled

SLICE_S = POLL_S / 2


class TcpLine:
    """Bytes over TCP. `drain` lets the connection go, the next `write` makes another."""

    def __init__(self, host: str, port: int, *, address: str = "") -> None:
        self._place = (host, port)
        self._address = address
        self._socket: socket.socket | None = None
        self._closed = False

    def read(
        self, limit: int, deadline: Deadline, cancel: CancelToken | None = None, *, private: bool = False
    ) -> bytes:
        """Wait for bytes; the end of the connection is `DeviceLost`."""
        del private
        if self._socket is None:
            raise DeviceLost("there is no connection", address=self._address)
        while True:
            if cancel is not None and cancel.cancelled:
                raise ReadCancelled
            ready, _, _ = select.select([self._socket], [], [], min(SLICE_S, deadline.remaining_s))
            if ready:
                return self._received(self._socket, limit)
            if deadline.passed:
                raise DeviceTimeout("no answer in time", address=self._address)

    def write(self, data: bytes, deadline: Deadline, *, private: bool = False) -> None:
        """Send all bytes, over a new connection where there is none."""
        del private
        try:
            line = self._socket or self._connected(deadline)
            line.settimeout(max(0.05, deadline.remaining_s))
            line.sendall(data)
        except TimeoutError as error:
            raise DeviceTimeout("the line does not take bytes", address=self._address) from error
        except OSError as error:
            raise DeviceLost("nothing answers there", address=self._address) from error

    def drain(self) -> None:
        """Let the connection go, and what may still come over it."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
        self._socket = None

    def set_speed(self, bits_per_s: int) -> None:
        """A network has no speed to set."""

    def close(self) -> None:
        """Let go for good."""
        self._closed = True
        self.drain()

    def _connected(self, deadline: Deadline) -> socket.socket:
        if self._closed:
            raise DeviceLost("the device was closed", address=self._address)
        line = socket.create_connection(self._place, timeout=max(0.05, deadline.remaining_s))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = line
        return line

    def _received(self, line: socket.socket, limit: int) -> bytes:
        try:
            found = line.recv(limit)
        except OSError as error:
            raise DeviceLost("the connection broke", address=self._address) from error
        if not found:
            raise DeviceLost("the connection ended", address=self._address)
        return found
