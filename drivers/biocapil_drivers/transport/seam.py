"""`Transport`: bytes to and from one device, every wait with a deadline."""

from __future__ import annotations

from typing import Protocol

from biocapil.capture import CancelToken, Deadline


class ReadCancelled(Exception):  # noqa: N818 - no error: whoever waited took it back
    """A read ended because its token was set; never leaves a driver."""


class Transport(Protocol):
    """Bytes to and from one device; used by one thread at a time."""

    def read(
        self, limit: int, deadline: Deadline, cancel: CancelToken | None = None, *, private: bool = False
    ) -> bytes:
        """Wait for bytes.

        Args:
            limit: How many at most.
            deadline: When to give up.
            cancel: Ends the wait within 50 ms.
            private: Whether the bytes may be part of a sample or a template; traces leave them out.

        Returns:
            1 to `limit` bytes.

        Raises:
            DeviceTimeout: Nothing came.
            DeviceLost: The device has gone.
            ReadCancelled: The token was set.
        """
        ...

    def write(self, data: bytes, deadline: Deadline, *, private: bool = False) -> None:
        """Send all bytes.

        Raises:
            DeviceTimeout: They could not be sent in time.
            DeviceLost: The device has gone.
        """
        ...

    def drain(self) -> None:
        """Throw away what has come and was not read.

        Raises:
            DeviceLost: The device has gone.
        """
        ...

    def set_speed(self, bits_per_s: int) -> None:
        """Change the speed of the line; does nothing where there is none.

        Raises:
            DeviceLost: The device has gone.
        """
        ...

    def close(self) -> None:
        """Let go; never raises, and a second time does nothing."""
        ...
