"""`EmulatedLine`: the device's end of a serial line, on a pseudo-terminal that keeps the time of a real one.

A pseudo-terminal carries any number of bytes at once, whatever its speed. This end sends each byte when the
line would have brought it, turns bytes into noise while both ends are set to different speeds, and can be
unplugged and plugged in again under the same name.

Reference: pty(7), termios(3).
"""

from __future__ import annotations

import contextlib
import os
import select
import tempfile
import termios
import threading
import time
import tty
from pathlib import Path

from biocapil_drivers.emulation.faults import Fault, Faults, damaged

BITS_PER_BYTE = 10
CHUNK_S = 0.005
"""Bytes of so much time go out together."""

IDLE_S = 0.5
"""A sender that is late by less catches up: a chip goes on sending while a busy machine does other things."""

SHORT_FRAME = 64
PATIENCE_S = 0.5
"""How long a line without time of its own waits for a reader."""

SPEED_CODES = {
    9_600: termios.B9600,
    19_200: termios.B19200,
    38_400: termios.B38400,
    57_600: termios.B57600,
    115_200: termios.B115200,
}
NOISE = 0xA5
OUTPUT_SPEED = 5


class EmulatedLine:
    """A serial line as a device sees it.

    Attributes:
        path: Name of the port for the other end; stays the same over unplugging.
        bits_per_s: Speed that the device is set to.
        paced: Whether bytes take their time.
        faults: What goes wrong.
        noisy_above: Speed above which every long frame is damaged; None for a line that is good at any.
        plugs: How often it was plugged in.
    """

    def __init__(self, *, bits_per_s: int, paced: bool = True) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="biocapil-line-")
        self.path = Path(self._folder.name) / "port"
        self.bits_per_s = bits_per_s
        self.paced = paced
        self.faults = Faults()
        self.noisy_above: int | None = None
        self._lock = threading.RLock()
        self._ends: tuple[int, int] | None = None
        self._due_s = 0.0
        self.plugged = threading.Event()
        self.plugs = 0
        self.plug()

    def plug(self) -> None:
        """Plug in; does nothing where it is."""
        with self._lock:
            if self._ends is not None:
                return
            ours, theirs = os.openpty()
            tty.setraw(theirs)
            os.set_blocking(ours, False)
            self.path.symlink_to(os.ttyname(theirs))
            self._ends = ours, theirs
            self.plugs += 1
            self.plugged.set()

    def unplug(self) -> None:
        """Pull the plug; does nothing where it is out."""
        with self._lock:
            if self._ends is None:
                return
            self.plugged.clear()
            self.path.unlink(missing_ok=True)
            for end in self._ends:
                os.close(end)
            self._ends = None

    def receive(self, timeout_s: float) -> bytes:
        """Bytes from the other end; none where nothing comes in time."""
        with self._lock:
            end = None if self._ends is None else os.dup(self._ends[0])
        if end is None:
            self.plugged.wait(timeout_s)
            return b""
        try:
            ready, _, _ = select.select([end], [], [], timeout_s)
            data = os.read(end, 4096) if ready else b""
        except OSError:  # the plug was pulled while we waited
            data = b""
        finally:
            os.close(end)
        if data:
            self._due_s = time.monotonic()
        return data if self._same_speed() else bytes(byte ^ NOISE for byte in data)

    def send(self, frame: bytes) -> None:
        """Send one frame, with whatever goes wrong with it; returns when its last byte has left."""
        if self.noisy_above is not None and self.bits_per_s > self.noisy_above and len(frame) > SHORT_FRAME:
            frame = damaged(Fault.BAD_CHECKSUM, frame)
        data, pull = self.faults.applied(frame)
        if not self._same_speed():
            data = bytes(byte ^ NOISE for byte in data)
        if time.monotonic() - self._due_s > IDLE_S:
            self._due_s = time.monotonic()
        step = max(1, int(self.bits_per_s / BITS_PER_BYTE * CHUNK_S))
        for start in range(0, len(data), step):
            chunk = data[start : start + step]
            if self.paced:
                now = time.monotonic()
                self._due_s += BITS_PER_BYTE * len(chunk) / self.bits_per_s
                time.sleep(max(0.0, self._due_s - now))
            if not self._write(chunk):
                return
        if pull:
            self.unplug()

    def close(self) -> None:
        """Unplug for good."""
        self.unplug()
        self._folder.cleanup()

    def _write(self, data: bytes) -> bool:
        """Write all of it, or lose it as a line does where nobody reads; False where the plug is out."""
        give_up_s = time.monotonic() + (0.0 if self.paced else PATIENCE_S)
        while data:
            with self._lock:
                if self._ends is None:
                    return False
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self._ends[0], data) :]
                    continue
            if time.monotonic() > give_up_s:
                return True
            time.sleep(0.001)
        return True

    def _same_speed(self) -> bool:
        """Whether the other end is set to the device's speed."""
        with self._lock:
            if self._ends is None:
                return True
            return bool(termios.tcgetattr(self._ends[1])[OUTPUT_SPEED] == SPEED_CODES[self.bits_per_s])
