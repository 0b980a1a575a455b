from __future__ import annotations

import numpy as np
import pytest

from biocapil.capture import Deadline, SystemClock
from biocapil.capture.cards import CardContents, CardReason, CardRefusal, CardRequest, VirtualCard
from biocapil.errors import CardRemoved, FormatError, ProtocolError
from biocapil_drivers.iso7816.drawn_face import drawn_face
from biocapil_drivers.iso7816.file_card import FileCard
from biocapil_drivers.thai_id import APPLICATION
from biocapil_drivers.thai_id.emulator import COLUMNS, ROWS, InventedThaiCard

ALL = CardRequest(personal=True, portrait=True)


class Link:
    """A card of software, called directly; may be pulled after some commands."""

    def __init__(self, card: VirtualCard, commands: int = 1_000) -> None:
        self.answer_to_reset = card.answer_to_reset
        self._card = card
        self._left = commands

    def transmit(self, command: bytes, deadline: Deadline, *, private: bool = False) -> bytes:
        del deadline, private
        self._left -= 1
        if self._left < 0:
            raise CardRemoved("taken away")
        return self._card.answer(command)

    def close(self) -> None: ...


def soon() -> Deadline:
    return Deadline.after(SystemClock(), 10.0)


def test_text_and_picture_are_read() -> None:
    found = APPLICATION.read(Link(InventedThaiCard()), ALL, soon())
    assert isinstance(found, CardContents)
    values = {field.name: field.value for field in found.fields}
    assert values["name_english"] == "Miss Tuayang Sommut"
    assert values["name_thai"] == "นางสาว ตัวอย่าง สมมุติ"
    assert (values["person_number"], values["birth"], values["sex"]) == ("0" * 13, "25330101", "F")
    assert found.portrait is not None
    assert np.abs(found.portrait.pixels.astype(int) - drawn_face(ROWS, COLUMNS)).mean() < 3
    assert "Tuayang" not in repr(found)


def test_the_number_on_a_card_is_that_of_its_holder() -> None:
    found = APPLICATION.read(Link(APPLICATION.emulated_card(42)), ALL, soon())
    assert isinstance(found, CardContents)
    assert {field.name: field.value for field in found.fields}["person_number"] == "0000000000042"


def test_nothing_is_read_that_was_not_asked_for() -> None:
    found = APPLICATION.read(Link(InventedThaiCard(), 1), CardRequest(), soon())
    assert isinstance(found, CardContents)
    assert (found.fields, found.portrait) == ((), None)


def test_reasons_are_told() -> None:
    assert APPLICATION.read(Link(FileCard({})), ALL, soon()) == CardRefusal(reason=CardReason.OTHER_CARD)
    for commands in (0, 1, 2, 12):
        found = APPLICATION.read(Link(InventedThaiCard(), commands), ALL, soon())
        assert found == CardRefusal(reason=CardReason.TAKEN_AWAY)
    with pytest.raises(ValueError, match="by no secret"):
        APPLICATION.read(Link(InventedThaiCard()), CardRequest(secrets={"pin": "1"}), soon())


def test_damaged_text_is_an_error_that_does_not_show_it() -> None:
    card = InventedThaiCard()
    card._memory = card._memory.replace(b"Tuayang", b"Tuay\xff\xfe\xfd")
    with pytest.raises(FormatError, match="Thai card, name_english: bytes that are no TIS-620") as caught:
        APPLICATION.read(Link(card), ALL, soon())
    assert caught.value.__cause__ is None


def test_a_memory_that_ends_too_early_is_an_error() -> None:
    card = InventedThaiCard()
    card._memory = card._memory[:0x0080]
    with pytest.raises(ProtocolError, match="gives 11 of 100 bytes at 0x0075"):
        APPLICATION.read(Link(card), ALL, soon())


@pytest.mark.parametrize("command", ["", "00", "00a404", "00c00000", "80b00000", "80b000000200ff", "ff"])
def test_the_emulator_answers_any_command(command: str) -> None:
    assert len(InventedThaiCard().answer(bytes.fromhex(command))) >= 2
