"""`PlainChannel`: sends a command and follows what the card asks for until the whole answer is there.

6Cxx: the same once more with the length that the card named. 61xx: GET RESPONSE until nothing waits. Data too
long for one short command go in a chain where the card takes no extended lengths.

Reference: ISO/IEC 7816-4:2020, clauses 5.3.3 and 5.3.4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from biocapil.capture import Deadline
from biocapil.capture.cards import Card
from biocapil.errors import FormatError, ProtocolError
from biocapil_drivers.iso7816.apdu import LONG_EXPECTED, SHORT_DATA, SHORT_EXPECTED, Command, Response
from biocapil_drivers.iso7816.status import MORE, WRONG_EXPECTED, Status

GET_RESPONSE = 0xC0
CHAINED = 0x10
CHANNEL_BITS = 0x03
MOST_PARTS = LONG_EXPECTED // 16
"""A card that answers in smaller parts than 16 bytes for ever is broken."""


class CardChannel(Protocol):
    """A way to send commands: in the clear, or under secure messaging."""

    def send(self, command: Command, deadline: Deadline, *, private: bool = False) -> Response:
        """Send a command and wait for the whole answer.

        Raises:
            DeviceError: As `Card.transmit`.
            ProtocolError: The answer does not follow the protocol.
        """
        ...


class PlainChannel:
    """Commands in the clear.

    Attributes:
        card: The card.
        takes_extended: Whether the card takes extended lengths; else long data go in a chain.
    """

    def __init__(self, card: Card, *, takes_extended: bool = False) -> None:
        self.card = card
        self.takes_extended = takes_extended

    def send(self, command: Command, deadline: Deadline, *, private: bool = False) -> Response:
        """Send a command and wait for the whole answer."""
        if len(command.data) > SHORT_DATA and not self.takes_extended:
            command, refused = self._all_but_the_last(command, deadline, private=private)
            if refused is not None:
                return refused
        response = self._once(command, deadline, private=private)
        if response.status >> 8 == WRONG_EXPECTED:
            expected = response.status & 0xFF or SHORT_EXPECTED
            response = self._once(replace(command, expected=expected), deadline, private=private)
        return self._rest(command, response, deadline, private=private)

    def _all_but_the_last(
        self, command: Command, deadline: Deadline, *, private: bool
    ) -> tuple[Command, Response | None]:
        """Send a chain but for its last command; that one, and the answer of a card that broke it off."""
        data = command.data
        while len(data) > SHORT_DATA:
            part = replace(
                command, cla=command.cla | CHAINED, data=data[:SHORT_DATA], expected=None, extended=False
            )
            answer = self._once(part, deadline, private=private)
            if answer.status != Status.OK:
                return part, answer
            data = data[SHORT_DATA:]
        expected = None if command.expected is None else min(command.expected, SHORT_EXPECTED)
        return replace(command, data=data, expected=expected, extended=False), None

    def _rest(self, command: Command, response: Response, deadline: Deadline, *, private: bool) -> Response:
        parts, length = [response.data], len(response.data)
        while response.status >> 8 == MORE:
            if length > LONG_EXPECTED or len(parts) > MOST_PARTS:
                raise ProtocolError(f"the card's answer does not end: {length} bytes so far")
            more = Command(
                cla=command.cla & CHANNEL_BITS,
                ins=GET_RESPONSE,
                expected=response.status & 0xFF or SHORT_EXPECTED,
            )
            response = self._once(more, deadline, private=private)
            parts.append(response.data)
            length += len(response.data)
        return Response(data=b"".join(parts), status=response.status)

    def _once(self, command: Command, deadline: Deadline, *, private: bool) -> Response:
        answer = self.card.transmit(command.encode(), deadline, private=private)
        try:
            return Response.decode(answer)
        except FormatError as error:
            raise ProtocolError(f"the card's answer cannot be read: {error}") from error
