"""`GpsReceiver`: a receiver that talks by itself; nothing is ever sent to it."""

from __future__ import annotations

from collections import deque

from biocapil.capture import CancelToken, Deadline, DeviceInfo
from biocapil.errors import DeviceTimeout, ProtocolError
from biocapil_drivers.gps.fix import Fix, fix_of
from biocapil_drivers.gps.sentences import Sentence, SentenceReader
from biocapil_drivers.transport import ReadCancelled, Transport

READ_BYTES = 512


class GpsReceiver:
    """One receiver.

    Attributes:
        info: Which receiver it is.
    """

    def __init__(self, transport: Transport, info: DeviceInfo) -> None:
        self.info = info
        self._transport = transport
        self._reader = SentenceReader()
        self._found: deque[Sentence] = deque()

    def check(self, deadline: Deadline) -> None:
        """Wait for a sound sentence that is newer than the call, whatever it says."""
        self._forget()
        self._next(deadline, None)

    def fix(self, cancel: CancelToken, deadline: Deadline) -> Fix | None:
        """Wait for a position that is newer than the call.

        Args:
            cancel: Ends the wait within 50 ms.
            deadline: When to give up.

        Returns:
            The position; None where the receiver has none in time, or the token was set.

        Raises:
            DeviceTimeout: The receiver is silent.
            ProtocolError: What comes is not NMEA 0183.
            DeviceLost: The receiver has gone.
        """
        self._forget()
        heard = False
        while True:
            try:
                found = fix_of(self._next(deadline, cancel))
            except ReadCancelled:
                return None
            except (DeviceTimeout, ProtocolError):  # the end of the wait; a torn sentence may have begun it
                if heard:
                    return None
                raise
            heard = True
            if found is not None:
                return found
            if deadline.passed:
                return None

    def close(self) -> None:
        """Let go of the line."""
        self._transport.close()

    def _forget(self) -> None:
        self._transport.drain()
        self._found.clear()
        self._reader = SentenceReader()

    def _next(self, deadline: Deadline, cancel: CancelToken | None) -> Sentence:
        while not self._found:
            try:
                data = self._transport.read(READ_BYTES, deadline, cancel, private=True)
            except DeviceTimeout as error:
                if self._reader.damaged:
                    raise ProtocolError(
                        "what comes over the line is not NMEA 0183: is its speed right?",
                        address=self.info.address,
                    ) from error
                raise
            self._found.extend(self._reader.feed(data))
            if not self._found and deadline.passed:
                raise ProtocolError(
                    "what comes over the line is not NMEA 0183: is its speed right?",
                    address=self.info.address,
                )
        return self._found.popleft()
