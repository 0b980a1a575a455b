"""`Pn532Link`: a command and its answer over a line, with deadlines; what is given up is ended."""

from __future__ import annotations

from biocapil.capture import CancelToken, Clock, Deadline
from biocapil.errors import DeviceTimeout, ProtocolError
from biocapil_drivers.pn532.codec import CHIP, HOST, SIGNS, Frame, FrameReader, Sign
from biocapil_drivers.pn532.messages import MAX_RETRIES, NORMAL_MODE, WAKE_UP, Code
from biocapil_drivers.transport import Transport

ACK_S = 0.2
"""An ACK comes within 15 ms; a USB adapter may hold it back for a while."""
TRIES = 3
CHUNK = 512


class Pn532Link:
    """Commands and answers; used by one thread at a time."""

    def __init__(self, transport: Transport, clock: Clock, *, name: str) -> None:
        self._transport = transport
        self._clock = clock
        self._name = name
        self._reader = FrameReader()
        self._found: list[Frame | Sign] = []

    def wake(self, deadline: Deadline) -> None:
        """Wake the chip up and set it to its normal mode, with an end to its looking for cards."""
        self._end_command(deadline)
        self.command(Code.SAM_CONFIGURATION, NORMAL_MODE, deadline, lead=WAKE_UP)
        self.command(Code.RF_CONFIGURATION, MAX_RETRIES, deadline)

    def command(
        self,
        code: Code,
        data: bytes,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        *,
        private: bool = False,
        lead: bytes = b"",
    ) -> bytes:
        """Send a command and wait for its answer.

        Args:
            code: The command.
            data: What belongs to it.
            deadline: When the answer must be there.
            cancel: Ends the wait.
            private: Whether either may hold personal data.
            lead: What goes before the frame, at each try.

        Returns:
            What stands behind the answer's code.

        Raises:
            DeviceTimeout: No answer in time.
            DeviceLost: The line has gone.
            ProtocolError: The chip does not take the command, or answers to another.
            ReadCancelled: The token was set.
        """
        frame = Frame(content=bytes((HOST, code)) + data).encode()
        try:
            self._send(lead + frame, deadline, private=private)
            return self._answer(code, deadline, cancel, private=private)
        except BaseException:
            self._give_up()
            raise

    def close(self) -> None:
        """Let go of the line."""
        self._transport.close()

    def _send(self, frame: bytes, deadline: Deadline, *, private: bool) -> None:
        """Send until it is acknowledged."""
        for _ in range(TRIES):
            self._clear()
            self._transport.write(frame, deadline, private=private)
            try:
                if self._next(deadline.within(ACK_S), None, private=False) is Sign.ACK:
                    return
            except DeviceTimeout:
                if deadline.passed:
                    raise
        raise DeviceTimeout("the reader does not acknowledge a command", address=self._name)

    def _answer(self, code: Code, deadline: Deadline, cancel: CancelToken | None, *, private: bool) -> bytes:
        while True:
            found = self._next(deadline, cancel, private=private)
            if isinstance(found, Sign):
                continue  # an acknowledgement twice
            if found.is_error:
                raise ProtocolError("the reader does not understand a command", address=self._name)
            if found.content[:2] == bytes((CHIP, code + 1)):
                return found.content[2:]
            # the answer to a command that was given up comes late

    def _next(self, deadline: Deadline, cancel: CancelToken | None, *, private: bool) -> Frame | Sign:
        while not self._found:
            data = self._transport.read(CHUNK, deadline, cancel, private=private)
            self._found += self._reader.feed(data)
        return self._found.pop(0)

    def _give_up(self) -> None:
        """Tell the chip that nobody waits any more; where the line has gone, nothing is lost."""
        try:
            self._end_command(Deadline.after(self._clock, ACK_S))
        except DeviceTimeout:
            return

    def _end_command(self, deadline: Deadline) -> None:
        self._transport.write(SIGNS[Sign.ACK], deadline)
        self._clear()

    def _clear(self) -> None:
        self._transport.drain()
        self._reader.clear()
        self._found.clear()
