"""`Served`: an emulated device in a thread of its own, that does not die in silence."""

from __future__ import annotations

import threading
from typing import Protocol

from biocapil_drivers.emulation.emulated_line import EmulatedLine

TURN_S = 0.02


class Emulator(Protocol):
    """A device behind a line; has no thread and no time of its own."""

    def take(self, data: bytes) -> None:
        """Take bytes that came over the line, and send what they ask for."""
        ...

    def power_up(self) -> None:
        """Start anew, as after the plug was put in."""
        ...


class Served:
    """Runs an emulator until it is closed.

    Attributes:
        line: Its line.
        error: What ended the thread too early; raised by `close`.
    """

    def __init__(self, line: EmulatedLine, emulator: Emulator) -> None:
        self.line = line
        self.error: Exception | None = None
        self._emulator = emulator
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="emulated device", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and unplug.

        Raises:
            Exception: What ended the thread too early.
        """
        self._stop.set()
        self._thread.join()
        self.line.close()
        if self.error is not None:
            error, self.error = self.error, None
            raise error

    def _run(self) -> None:
        try:
            plugs = 0
            while not self._stop.is_set():
                if self.line.plugs != plugs:
                    plugs = self.line.plugs
                    self._emulator.power_up()
                data = self.line.receive(TURN_S)
                if data:
                    self._emulator.take(data)
        except Exception as error:  # noqa: BLE001 - told by close: a thread must not die in silence
            self.error = error
            self.line.unplug()
