"""A card that was swapped too quickly is reset once, as long as it has not answered anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest

from biocapil.errors import CardRemoved, ProtocolError
from biocapil_drivers.pcsc.scard_calls import ScardCalls
from biocapil_drivers.pcsc.scard_service import NOT_TRANSACTED, SUCCESS, ScardHandle, ScardService, error_of

ANSWER = b"\x3b\x8f\x80\x01"


@dataclass
class Calls:
    """What the service answers, command by command."""

    codes: list[int]
    after_reset: bytes = ANSWER
    resets: int = 0
    sent: list[bytes] = field(default_factory=list)

    def SCardTransmit(self, _card: int, _protocol: int, command: Sequence[int]) -> tuple[int, list[int]]:  # noqa: N802 - the name in PC/SC
        self.sent.append(bytes(command))
        return self.codes.pop(0), [0x90, 0x00]

    def SCardReconnect(self, *_: int) -> tuple[int, int]:  # noqa: N802 - the name in PC/SC
        self.resets += 1
        return SUCCESS, 2

    def SCardStatus(self, _card: int) -> tuple[int, str, int, int, list[int]]:  # noqa: N802 - the name in PC/SC
        return SUCCESS, "reader", 0, 2, list(self.after_reset)


class Present:
    """A service whose card stays."""

    def loses_card(self, _reader: str) -> bool:
        return False

    def require(self, code: int) -> None:
        if code != SUCCESS:
            raise error_of(code, "pcsc:///reader")


def handle(calls: Calls) -> ScardHandle:
    return ScardHandle(
        cast("ScardService", Present()), cast("ScardCalls", calls), reader="reader", handle=1, protocol=1,
        answer_to_reset=ANSWER,
    )  # fmt: skip


def test_the_first_command_is_sent_again_after_a_reset() -> None:
    calls = Calls([NOT_TRANSACTED, SUCCESS])
    assert handle(calls).transmit(b"\x00\xa4") == b"\x90\x00"
    assert (calls.resets, calls.sent) == (1, [b"\x00\xa4"] * 2)


def test_a_card_that_has_answered_is_never_reset_behind_the_callers_back() -> None:
    calls = Calls([SUCCESS, NOT_TRANSACTED])
    card = handle(calls)
    card.transmit(b"\x00\xa4")
    with pytest.raises(ProtocolError, match="the card service reports a fault"):
        card.transmit(b"\x00\xb0")
    assert (calls.resets, len(calls.sent)) == (0, 2)


def test_it_is_tried_once_only() -> None:
    calls = Calls([NOT_TRANSACTED, NOT_TRANSACTED])
    with pytest.raises(ProtocolError):
        handle(calls).transmit(b"\x00\xa4")
    assert (calls.resets, len(calls.sent)) == (1, 2)


def test_where_another_card_answers_the_first_one_was_taken_away() -> None:
    calls = Calls([NOT_TRANSACTED], after_reset=b"\x3b\x00")
    with pytest.raises(CardRemoved):
        handle(calls).transmit(b"\x00\xa4")
    assert len(calls.sent) == 1
