"""`SerialLine`: a serial port through pyserial, behind our own deadlines, with one owner at a time."""

from __future__ import annotations

import contextlib
import errno
import termios
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from biocapil.capture import POLL_S, CancelToken, Deadline, FoundDevice
from biocapil.errors import DeviceBusy, DeviceError, DeviceLost, DeviceNotFound, DeviceTimeout, MissingPart
from biocapil_drivers.transport.seam import ReadCancelled

if TYPE_CHECKING:
    import serial

SLICE_S = POLL_S / 2
"""Longest wait inside pyserial."""

WRITE_CHUNK = 32
WRITE_CHUNK_S = 0.25
"""A chunk takes 33 ms at 9,600 bit/s; a line that does not take it by then is stuck."""

BY_ID = Path("/dev/serial/by-id")


class SerialLine:
    """A serial port, 8 bits, no parity, one stop bit."""

    def __init__(self, path: str, *, bits_per_s: int, address: str) -> None:
        """Open the port for this process alone.

        Args:
            path: Device file.
            bits_per_s: Speed.
            address: Address to name in errors.

        Raises:
            DeviceNotFound: There is no such file.
            DeviceBusy: Somebody else holds it.
            DeviceError: This user may not open it.
            MissingPart: pyserial is not installed.
        """
        try:
            import serial  # noqa: PLC0415 - an extra: the driver is listed without it
        except ModuleNotFoundError as error:
            raise MissingPart("pyserial", extra="devices", purpose="a serial line") from error
        self._address = address
        # a port that is closed or gone makes pyserial stumble in all these ways
        self._failures = (serial.SerialException, OSError, TypeError, termios.error)
        self._stuck: type[Exception] = serial.SerialTimeoutException
        try:
            self._port: serial.Serial = serial.Serial(
                path, bits_per_s, timeout=SLICE_S, write_timeout=WRITE_CHUNK_S, exclusive=True
            )
        except OSError as error:
            raise _open_error(error, path, address) from error

    def read(
        self, limit: int, deadline: Deadline, cancel: CancelToken | None = None, *, private: bool = False
    ) -> bytes:
        """Wait for bytes, in slices of 25 ms."""
        del private
        while True:
            if cancel is not None and cancel.cancelled:
                raise ReadCancelled
            with self._lost_if_gone():
                found: bytes = self._port.read(1)
                found += self._port.read(min(limit - 1, self._port.in_waiting)) if found else b""
            if found:
                return found
            if deadline.passed:
                raise DeviceTimeout("no answer in time", address=self._address)

    def write(self, data: bytes, deadline: Deadline, *, private: bool = False) -> None:
        """Send all bytes, in chunks that no line needs long for."""
        del private
        for start in range(0, len(data), WRITE_CHUNK):
            if deadline.passed:
                raise DeviceTimeout("the line does not take bytes", address=self._address)
            with self._lost_if_gone():
                self._port.write(data[start : start + WRITE_CHUNK])

    def drain(self) -> None:
        """Throw away what has come."""
        with self._lost_if_gone():
            self._port.reset_input_buffer()

    def set_speed(self, bits_per_s: int) -> None:
        """Change the speed."""
        with self._lost_if_gone():
            self._port.flush()
            self._port.baudrate = bits_per_s

    def close(self) -> None:
        """Let go of the port."""
        with contextlib.suppress(*self._failures):
            self._port.close()

    @contextmanager
    def _lost_if_gone(self) -> Generator[None]:
        try:
            yield
        except self._stuck as error:
            raise DeviceTimeout("the line does not take bytes", address=self._address) from error
        except self._failures as error:
            raise DeviceLost("the device has gone", address=self._address) from error


def find_serial_ports(driver: str) -> Sequence[FoundDevice]:
    """USB serial ports that the system lists by their own name.

    Args:
        driver: Driver whose addresses are made.
    """
    if not BY_ID.is_dir():
        return ()
    return [
        FoundDevice(address=f"{driver}+serial://{path}", description=f"serial port {path.name}")
        for path in sorted(BY_ID.iterdir())
    ]


def _open_error(error: OSError, path: str, address: str) -> DeviceError:
    if error.errno in {errno.EAGAIN, errno.EBUSY}:
        return DeviceBusy("another program holds the port", address=address)
    if error.errno in {errno.EACCES, errno.EPERM}:
        advice = "add the user to the group that owns it (dialout)"
        return DeviceError(f"this user may not open {path}; {advice}", address=address)
    return DeviceNotFound(f"there is no serial port {path}", address=address)
