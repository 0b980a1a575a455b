"""`GpsEmulator`: a receiver on an emulated line that says where it is, over and over."""

from __future__ import annotations

import threading

from biocapil_drivers.emulation import EmulatedLine
from biocapil_drivers.gps.sentences import Sentence

POSITION = ("0600.0000", "S", "10649.5000", "E")
"""In the sea: nobody lives there."""

NO_POSITION = ("", "", "", "")


class GpsEmulator:
    """Talks in a thread of its own until it is closed.

    Attributes:
        line: Its line.
        has_fix: Whether it knows where it is.
    """

    def __init__(self, line: EmulatedLine, *, rate_hz: float = 10.0) -> None:
        self.line = line
        self.has_fix = True
        self._rest_s = 1.0 / rate_hz
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._talk, name="emulated receiver", daemon=True)
        self._thread.start()

    def sentences(self) -> tuple[Sentence, ...]:
        """What it says in one turn."""
        quality = ("1", "07", "1.1", "12.5") if self.has_fix else ("0", "00", "", "")
        place = POSITION if self.has_fix else NO_POSITION
        state = "A" if self.has_fix else "V"
        return (
            Sentence(talker="GN", kind="RMC", fields=("120000.00", state, *place, "", "", "010126", "", "")),
            Sentence(
                talker="GN", kind="GGA", fields=("120000.00", *place, *quality, "M", "17.0", "M", "", "")
            ),
        )

    def close(self) -> None:
        """End the thread and unplug."""
        self._stop.set()
        self._thread.join()
        self.line.close()

    def _talk(self) -> None:
        while not self._stop.wait(self._rest_s):
            for sentence in self.sentences():
                self.line.send(sentence.encode())
