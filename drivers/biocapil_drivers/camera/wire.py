"""`Wire`: bytes to and from a network camera, every wait with an end: a connection, or a trace of one."""

from __future__ import annotations

import contextlib
import socket
import ssl
from typing import Protocol

from biocapil.capture import Deadline
from biocapil.errors import DeviceError, DeviceLost, DeviceNotFound, DeviceTimeout

LEAST_WAIT_S = 0.001


class Wire(Protocol):
    """Bytes to and from one camera; used by one thread at a time."""

    def write(self, data: bytes, deadline: Deadline) -> None:
        """Send all bytes.

        Raises:
            DeviceTimeout: They could not be sent in time.
            DeviceLost: The far end has gone.
        """
        ...

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Wait for bytes.

        Args:
            limit: How many at most.
            timeout_s: How long to wait; 0 takes what is there.

        Returns:
            Nothing where nothing came.

        Raises:
            DeviceLost: The far end has gone.
        """
        ...

    def close(self) -> None:
        """Let go; never raises."""
        ...


class SocketWire:
    """One TCP or TLS connection."""

    def __init__(self, host: str, port: int, deadline: Deadline, *, secure: bool) -> None:
        """Connect.

        Raises:
            DeviceNotFound: Nobody listens there, or nobody knows the host.
            DeviceTimeout: Nobody answers.
            DeviceError: Its certificate is none that this machine trusts.
        """
        plain: socket.socket | None = None
        try:
            plain = socket.create_connection((host, port), timeout=max(LEAST_WAIT_S, deadline.remaining_s))
            plain.settimeout(max(LEAST_WAIT_S, deadline.remaining_s))
            self._socket = (
                ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
            )
        except OSError as error:
            if plain is not None:
                plain.close()
            raise _unreachable(error) from error

    def write(self, data: bytes, deadline: Deadline) -> None:
        """Send all bytes."""
        try:
            self._socket.settimeout(max(LEAST_WAIT_S, deadline.remaining_s))
            self._socket.sendall(data)
        except TimeoutError as error:
            raise DeviceTimeout("the camera does not take a request") from error
        except OSError as error:
            raise DeviceLost("the camera ended the connection") from error

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Wait for bytes."""
        try:
            self._socket.settimeout(max(0.0, timeout_s))
            found = self._socket.recv(limit)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return b""
        except OSError as error:
            raise DeviceLost("the connection to the camera broke") from error
        if not found:
            raise DeviceLost("the camera ended the stream")
        return found

    def close(self) -> None:
        """Let go; never raises."""
        with contextlib.suppress(OSError):
            self._socket.close()


def _unreachable(error: OSError) -> DeviceError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeviceError("this machine does not trust the camera's certificate")
    if isinstance(error, TimeoutError):
        return DeviceTimeout("nobody answers there")
    return DeviceNotFound(f"no camera can be reached there ({type(error).__name__})")
