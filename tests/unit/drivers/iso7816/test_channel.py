from __future__ import annotations

import pytest

from biocapil.capture import Deadline, ManualClock
from biocapil.errors import ProtocolError
from biocapil_drivers.iso7816 import Command, PlainChannel, Response, encode_tlv, read_file
from biocapil_drivers.iso7816.file_card import FileCard

SOON = Deadline.after(ManualClock(), 1.0)


class ScriptedCard:
    """Answers in order, and keeps what it was asked."""

    answer_to_reset = b"\x3b\x00"

    def __init__(self, *answers: str) -> None:
        self._answers = [bytes.fromhex(answer) for answer in answers]
        self.asked: list[str] = []

    def transmit(self, command: bytes, deadline: Deadline, *, private: bool = False) -> bytes:
        del deadline, private
        self.asked.append(command.hex())
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def close(self) -> None: ...


class FileCardLink:
    """A card of software, called directly."""

    def __init__(self, card: FileCard) -> None:
        self.answer_to_reset = card.answer_to_reset
        self._card = card

    def transmit(self, command: bytes, deadline: Deadline, *, private: bool = False) -> bytes:
        del deadline, private
        return self._card.answer(command)

    def close(self) -> None: ...


def sent(card: ScriptedCard, command: Command, *, takes_extended: bool = False) -> Response:
    return PlainChannel(card, takes_extended=takes_extended).send(command, SOON)


def test_the_rest_of_an_answer_is_fetched() -> None:
    card = ScriptedCard("0102 6103", "030405 6102", "0607 9000")
    assert sent(card, Command(ins=0xB0, expected=256)) == Response(data=bytes(range(1, 8)), status=0x9000)
    assert card.asked == ["00b0000000", "00c0000003", "00c0000002"]


def test_the_length_that_the_card_names_is_taken() -> None:
    card = ScriptedCard("6c05", "0102030405 9000")
    assert sent(card, Command(ins=0xB0, expected=256)).data == bytes(range(1, 6))
    assert card.asked == ["00b0000000", "00b0000005"]


def test_a_wrong_length_is_mended_once() -> None:
    assert sent(ScriptedCard("6c05"), Command(ins=0xB0, expected=1)).status == 0x6C05


def test_long_data_go_in_a_chain() -> None:
    card = ScriptedCard("9000")
    sent(card, Command(ins=0xDA, data=bytes(600), expected=65_536))
    assert [asked[:10] for asked in card.asked] == ["10da0000ff", "10da0000ff", "00da00005a"]
    assert card.asked[-1].endswith("00")
    assert len(card.asked[-1]) == 2 * (5 + 90 + 1)


def test_a_card_that_breaks_off_a_chain_is_heard() -> None:
    card = ScriptedCard("6884")
    assert sent(card, Command(ins=0xDA, data=bytes(600))).status == 0x6884
    assert len(card.asked) == 1


def test_long_data_go_at_once_where_the_card_takes_them() -> None:
    card = ScriptedCard("9000")
    sent(card, Command(ins=0xDA, data=bytes(600)), takes_extended=True)
    assert [len(asked) // 2 for asked in card.asked] == [4 + 3 + 600]


@pytest.mark.parametrize("answer", ["61ff", "00" * 255 + "6100"])
def test_an_answer_without_end_is_refused(answer: str) -> None:
    with pytest.raises(ProtocolError, match="does not end"):
        sent(ScriptedCard(answer), Command(ins=0xB0, expected=256))


def test_an_answer_without_status_is_refused() -> None:
    with pytest.raises(ProtocolError, match="cannot be read"):
        sent(ScriptedCard("90"), Command(ins=0xB0))


@pytest.mark.parametrize("length", [3, 200, 300, 40_000])
def test_a_file_is_read_as_far_as_its_object_goes(length: int) -> None:
    content = encode_tlv(0x61, bytes(index % 251 for index in range(length)))
    card = FileCard({(b"\x01\x01",): content + b"\xff" * 9})
    found = read_file(PlainChannel(FileCardLink(card)), 0x0101, SOON)
    assert found == content


def test_a_file_that_is_not_there_gives_the_cards_answer() -> None:
    found = read_file(PlainChannel(FileCardLink(FileCard({}))), 0x0101, SOON)
    assert found == Response(status=0x6A82)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x61\x82\x01\x00" + bytes(100), "ends after 104 of 260 bytes"),
        (b"\x61\x80", "does not begin with an object"),
        (b"\x61\x84\x7f\xff\xff\xff", "at most"),
    ],
)
def test_a_file_of_another_form_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        read_file(PlainChannel(FileCardLink(FileCard({(b"\x01\x01",): content}))), 0x0101, SOON)
