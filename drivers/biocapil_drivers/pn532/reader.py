"""`Pn532Reader` and `Pn532Card`: contactless cards of both ISO/IEC 14443 types that take command APDUs."""

from __future__ import annotations

from biocapil.capture import POLL_S, CancelToken, Clock, Deadline, DeviceInfo
from biocapil.errors import CardRemoved, DeviceError, ProtocolError
from biocapil_drivers.pn532.link import Pn532Link
from biocapil_drivers.pn532.messages import (
    FIRST_TARGET,
    GONE,
    MORE,
    PRESENCE,
    STATUS_BITS,
    TYPE_A,
    TYPE_B,
    Code,
    Target,
    answer_to_reset_of,
    firmware_of,
    target_of,
)
from biocapil_drivers.transport import ReadCancelled

PART = 252
"""Bytes of a command that fit into one frame."""
MOST_BYTES = 66_000
LOOK_S = 1.0


class Pn532Card:
    """One card in the field.

    Attributes:
        answer_to_reset: What PC/SC would make of it.
    """

    def __init__(self, reader: Pn532Reader, target: Target) -> None:
        self.answer_to_reset = answer_to_reset_of(target)
        self._reader = reader

    def transmit(self, command: bytes, deadline: Deadline, *, private: bool = False) -> bytes:
        """Send one command and wait for its answer, each in as many frames as it takes."""
        self._reader.require_held(self)
        data = command
        while len(data) > PART:
            answer = self._part(FIRST_TARGET | MORE, data[:PART], deadline, private=private)
            data = data[PART:]
        answer = self._part(FIRST_TARGET, data, deadline, private=private)
        found = bytearray(answer[1:])
        while answer[0] & MORE:
            if len(found) > MOST_BYTES or len(answer) < 2:
                raise ProtocolError("the card's answer does not end")
            answer = self._part(FIRST_TARGET, b"", deadline, private=private)
            found += answer[1:]
        return bytes(found)

    def close(self) -> None:
        """Let go of the card."""
        self._reader.release(self)

    def _part(self, target: int, data: bytes, deadline: Deadline, *, private: bool) -> bytes:
        answer = self._reader.link.command(
            Code.DATA_EXCHANGE, bytes((target,)) + data, deadline, private=private
        )
        if not answer:
            raise ProtocolError("the reader's answer has no status")
        status = answer[0] & STATUS_BITS
        if status in GONE:
            raise CardRemoved("the card was taken away", vendor_code=status)
        if status:
            raise ProtocolError("the card does not answer as cards do", vendor_code=status)
        return answer


class Pn532Reader:
    """One reader.

    Attributes:
        info: Which reader it is.
        link: The line to it.
    """

    def __init__(self, link: Pn532Link, info: DeviceInfo, clock: Clock) -> None:
        self.info = info
        self.link = link
        self._clock = clock
        self._card: Pn532Card | None = None

    def check(self, deadline: Deadline) -> None:
        """Ask the chip for its version."""
        firmware_of(self.link.command(Code.GET_FIRMWARE_VERSION, b"", deadline))

    def card_present(self, deadline: Deadline) -> bool:
        """Whether a card lies in the field; one that is held is asked whether it is still there."""
        if self._card is not None:
            return self.link.command(Code.DIAGNOSE, PRESENCE, deadline) == b"\0"
        return self._look(deadline, None) is not None

    def connect(self, cancel: CancelToken, deadline: Deadline) -> Pn532Card | None:
        """Wait for a card and take hold of it."""
        if self._card is not None:
            self._card.close()
        while not cancel.cancelled:
            try:
                target = self._look(Deadline.after(self._clock, LOOK_S), cancel)
            except ReadCancelled:
                return None
            if target is not None and target.has_commands:
                self._card = Pn532Card(self, target)
                return self._card
            if deadline.passed or cancel.wait(self._clock, min(POLL_S, deadline.remaining_s)):
                return None
        return None

    def require_held(self, card: Pn532Card) -> None:
        """Refuse a card that is held no more.

        Raises:
            CardRemoved: It was let go.
        """
        if self._card is not card:
            raise CardRemoved("the card was let go")

    def release(self, card: Pn532Card) -> None:
        """Let go of a card; never raises."""
        if self._card is not card:
            return
        self._card = None
        try:
            self.link.command(Code.RELEASE, bytes((FIRST_TARGET,)), Deadline.after(self._clock, LOOK_S))
        except DeviceError:
            return  # the line has gone, and the card with it

    def close(self) -> None:
        """Let go of the reader and of the card in it."""
        if self._card is not None:
            self._card.close()
        self.link.close()

    def _look(self, deadline: Deadline, cancel: CancelToken | None) -> Target | None:
        """Look for a card of either type."""
        for kind, wanted in (("A", TYPE_A), ("B", TYPE_B)):
            answer = self.link.command(Code.LIST_PASSIVE_TARGET, wanted, deadline, cancel, private=True)
            if (target := target_of(answer, kind)) is not None:
                return target
        return None
