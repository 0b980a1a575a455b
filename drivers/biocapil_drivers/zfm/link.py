"""`Link`: one command and its answer at a time, over a line that loses, adds and turns over bytes.

A command is sent again where its answer was damaged or did not come. Everything that is no answer to it is
thrown away: rests of an earlier transfer, a second copy of the last answer, the byte of a woken module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from biocapil.capture import CancelToken, Clock, Deadline
from biocapil.errors import DeviceTimeout, ProtocolError
from biocapil_drivers.transport.seam import Transport
from biocapil_drivers.zfm.codec import (
    ANY_ADDRESS,
    HEAD_BYTES,
    MAX_PAYLOAD,
    SUM_BYTES,
    Frame,
    FrameKind,
    FrameReader,
    encode_frame,
)
from biocapil_drivers.zfm.messages import Answer, Command, Confirmation, command_payload, parse_answer

TRIES = 3
ANSWER_S = 1.0
QUIET_S = 0.1
"""A line is quiet where nothing came for so long: a byte takes up to 1 ms, a USB converter waits 16 ms."""

LINE_S = 0.2
"""Longest gap between two packets of a transfer, beside the time that a packet itself takes."""

READ_BYTES = 512
BITS_PER_BYTE = 10
MAX_TRANSFER = 1 << 20
"""No image of the family comes near it."""

DATA_FOLLOWS = frozenset({Command.UP_IMAGE, Command.UP_TEMPLATE})
"""Data packets follow the answers to these: from then on every byte may be biometric."""

SECRETS = frozenset({Command.VERIFY_PASSWORD, Command.SET_PASSWORD})
"""What these carry is left out of traces, but for the password 0 that every sensor comes with."""

OnBytes = Callable[[int], None]


@dataclass(slots=True)
class LineCounts:
    """What went wrong on a line and was mended.

    Attributes:
        resent: Commands that were sent again.
        strangers: Frames that answered nothing.
    """

    resent: int = 0
    strangers: int = 0


class Link:
    """Commands and answers of one sensor."""

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        *,
        address: int = ANY_ADDRESS,
        password: int = 0,
        name: str = "",
    ) -> None:
        self.transport = transport
        self.clock = clock
        self.address = address
        self.password = password
        self.bits_per_s = 57_600
        self.counts = LineCounts()
        self.reader = FrameReader()
        self._name = name
        self._data_may_come = False

    def command(
        self,
        command: Command,
        arguments: bytes = b"",
        *,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        answer_s: float = ANSWER_S,
        tries: int = TRIES,
    ) -> Answer:
        """Send a command and wait for its answer.

        Args:
            command: What is asked.
            arguments: What it is asked with.
            deadline: When to give up.
            cancel: Ends the wait.
            answer_s: How long one answer may take.
            tries: How often the command is sent at most.

        Raises:
            DeviceTimeout: No answer came.
            ProtocolError: Only damaged answers came.
            DeviceLost: The sensor has gone.
            ReadCancelled: The token was set.
        """
        answer = Answer(code=Confirmation.PACKET_ERROR, data=b"")
        for attempt in range(tries):
            self.counts.resent += attempt > 0
            damaged = self.reader.bad_sums
            self._forget(deadline, cancel, thorough=attempt > 0)
            self._data_may_come = command in DATA_FOLLOWS
            payload, secret = command_payload(command, arguments), command in SECRETS and any(arguments)
            self._send(FrameKind.COMMAND, payload, deadline, private=secret)
            try:
                answer = self._answer(deadline.within(answer_s), cancel)
            except DeviceTimeout as error:
                if attempt + 1 < tries and not deadline.passed:
                    continue
                if self.reader.bad_sums > damaged:
                    raise ProtocolError("the answer came damaged each time", address=self._name) from error
                raise DeviceTimeout(
                    f"no answer to {command.name} in {tries} tries", address=self._name
                ) from error
            if answer.code == Confirmation.PASSWORD_NEEDED and command is not Command.VERIFY_PASSWORD:
                self.show_password(deadline, cancel)  # it was switched off and on, or woke up
            elif answer.code != Confirmation.PACKET_ERROR:
                return answer
        raise ProtocolError(
            f"the sensor did not take {command.name}: {answer.words}",
            address=self._name,
            vendor_code=answer.code,
        )

    def show_password(self, deadline: Deadline, cancel: CancelToken | None = None) -> None:
        """Show the password; needed after every start of the sensor.

        Raises:
            ProtocolError: It is the wrong one.
        """
        answer = self.command(
            Command.VERIFY_PASSWORD,
            self.password.to_bytes(4, "big"),
            deadline=deadline,
            cancel=cancel,
            tries=1,
        )
        self.require_ok(Command.VERIFY_PASSWORD, answer)

    def expect_ok(
        self,
        command: Command,
        arguments: bytes = b"",
        *,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        answer_s: float = ANSWER_S,
    ) -> bytes:
        """As `command`, where any other code than OK is trouble; what follows the code."""
        answer = self.command(command, arguments, deadline=deadline, cancel=cancel, answer_s=answer_s)
        return self.require_ok(command, answer)

    def require_ok(self, command: Command, answer: Answer) -> bytes:
        """What follows the code of an answer.

        Raises:
            ProtocolError: The code is another than OK.
        """
        if answer.code != Confirmation.OK:
            raise ProtocolError(
                f"{command.name} was refused: {answer.words}", address=self._name, vendor_code=answer.code
            )
        return answer.data

    def receive(
        self,
        *,
        lengths: frozenset[int],
        deadline: Deadline,
        cancel: CancelToken | None = None,
        on_bytes: OnBytes | None = None,
    ) -> bytes:
        """Receive the data packets that follow an answer.

        Args:
            lengths: How many bytes it may be in all. Where that is one number, a module that leaves out the
                last packet's mark is believed there, once the line is quiet.
            deadline: When to give up.
            cancel: Ends the transfer.
            on_bytes: Told how many bytes have come.

        Raises:
            ProtocolError: A packet was damaged, or there are too many.
            DeviceTimeout: The packets end before the last one.
            DeviceLost: The sensor has gone.
            ReadCancelled: The token was set.
        """
        data, damaged = bytearray(), self.reader.bad_sums
        self._data_may_come = True
        while True:
            patience = LINE_S + 2 * self.seconds_for(MAX_PAYLOAD, MAX_PAYLOAD)
            try:
                frame = self._frame(deadline.within(patience), cancel)
            except DeviceTimeout:
                whole = lengths == frozenset({len(data)}) and not self.reader.waiting
                if whole and not deadline.passed:
                    break
                raise
            if self.reader.bad_sums > damaged or len(data) > MAX_TRANSFER:
                raise ProtocolError(f"a packet came damaged after {len(data)} bytes", address=self._name)
            if frame.kind not in {FrameKind.DATA, FrameKind.LAST_DATA}:
                self.counts.strangers += 1
                continue
            data += frame.payload
            if on_bytes is not None:
                on_bytes(len(data))
            if frame.kind is FrameKind.LAST_DATA:
                break
        self._data_may_come = False
        return bytes(data)

    def send_data(self, data: bytes, *, packet_bytes: int, deadline: Deadline) -> None:
        """Send data packets, the last one marked."""
        last = max(0, len(data) - 1) // packet_bytes * packet_bytes
        for start in range(0, last + 1, packet_bytes):
            kind = FrameKind.LAST_DATA if start == last else FrameKind.DATA
            self._send(kind, data[start : start + packet_bytes], deadline, private=True)

    def seconds_for(self, count: int, packet_bytes: int) -> float:
        """How long the line needs for so many bytes in packets."""
        packets = -(-count // packet_bytes)
        return (count + packets * (HEAD_BYTES + SUM_BYTES)) * BITS_PER_BYTE / self.bits_per_s

    @property
    def transferring(self) -> bool:
        """Whether the sensor may still be sending data packets that nobody wants."""
        return self._data_may_come

    def set_speed(self, bits_per_s: int) -> None:
        """Change this side's speed."""
        self.transport.set_speed(bits_per_s)
        self.bits_per_s = bits_per_s

    def settle(self, deadline: Deadline, cancel: CancelToken | None = None) -> None:
        """Wait until nothing comes any more: a sensor cannot be stopped in a transfer.

        Raises:
            DeviceTimeout: It did not stop in time.
        """
        while True:
            try:
                self.transport.read(READ_BYTES, deadline.within(QUIET_S), cancel, private=True)
            except DeviceTimeout:
                if deadline.passed:
                    raise
                self.reader.clear()
                self._data_may_come = False
                return

    def _forget(self, deadline: Deadline, cancel: CancelToken | None, *, thorough: bool) -> None:
        self.reader.clear()
        if thorough or self._data_may_come:
            self.settle(deadline, cancel)
        else:
            self.transport.drain()

    def _send(self, kind: FrameKind, payload: bytes, deadline: Deadline, *, private: bool = False) -> None:
        data = encode_frame(Frame(kind=kind, payload=payload, address=self.address))
        self.transport.write(data, deadline, private=private)

    def _answer(self, deadline: Deadline, cancel: CancelToken | None) -> Answer:
        while True:
            frame = self._frame(deadline, cancel)
            if frame.kind is FrameKind.ACKNOWLEDGE and frame.payload:
                return parse_answer(frame.payload)
            self.counts.strangers += 1

    def _frame(self, deadline: Deadline, cancel: CancelToken | None) -> Frame:
        """The next frame of this sensor."""
        while True:
            frame = next(self._held(), None)
            if frame is None:
                frame = self._read(deadline, cancel)
            if frame is not None and frame.address in {self.address, ANY_ADDRESS}:
                return frame
            self.counts.strangers += frame is not None

    def _held(self) -> Iterator[Frame]:
        """Frames that came with an earlier one."""
        return self.reader.feed(b"")

    def _read(self, deadline: Deadline, cancel: CancelToken | None) -> Frame | None:
        try:
            data = self.transport.read(READ_BYTES, deadline, cancel, private=self._data_may_come)
        except DeviceTimeout:
            found = next(self.reader.give_up(), None)
            if found is None:
                raise
            return found
        return next(self.reader.feed(data), None)
