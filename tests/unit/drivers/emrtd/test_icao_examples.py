"""The worked examples of ICAO Doc 9303, part 11, appendix D, and of parts 3 to 6 for the printed lines."""

from __future__ import annotations

import pytest

from biocapil.errors import ProtocolError
from biocapil_drivers.emrtd.access_control import Proof, Session
from biocapil_drivers.emrtd.mrz import AccessKey, check_digit, parse_mrz
from biocapil_drivers.emrtd.secure_messaging import SecureChannel
from biocapil_drivers.emrtd.triple_des import Keys, mrz_seed
from biocapil_drivers.iso7816 import Command, PlainChannel, Response

TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
LONG_NUMBER = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"

KEYS = Keys(
    encryption=bytes.fromhex("AB94FDECF2674FDFB9B391F85D7F76F2"),
    authentication=bytes.fromhex("7962D9ECE03D1ACD4C76089DCE131543"),
)
PROOF = Proof(
    keys=KEYS,
    ours=bytes.fromhex("781723860C06C226"),
    theirs=bytes.fromhex("4608F91988702212"),
    part=bytes.fromhex("0B795240CB7049B01C19B33E32804F0B"),
)
ANSWER = bytes.fromhex("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449")
SESSION = Session(
    keys=Keys(
        encryption=bytes.fromhex("979EC13B1CBFE9DCD01AB0FED307EAE5"),
        authentication=bytes.fromhex("F1CB1F1FB5ADF208806B89DC579DC1F8"),
    ),
    counter=0x887022120C06C226,
)


class Nobody:
    answer_to_reset = b""

    def transmit(self, *_: object, **__: object) -> bytes:
        raise NotImplementedError

    def close(self) -> None: ...


def test_the_keys_follow_from_the_printed_lines() -> None:
    key = AccessKey(number="L898902C", birth="690806", expiry="940623")
    assert key.information == "L898902C<369080619406236"
    seed = mrz_seed(key.information)
    assert seed.hex().upper() == "239AB9CB282DAF66231DC5A4DF6BFBAE"
    assert Keys.of(seed) == KEYS


def test_the_proof_is_that_of_the_example() -> None:
    data = PROOF.command_data().hex().upper()
    assert data[:64] == "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"
    assert data[64:] == "5F1448EEA8AD90A7"


def test_the_session_is_that_of_the_example() -> None:
    assert PROOF.session(ANSWER) == SESSION


@pytest.mark.parametrize("place", [0, 31, 39])
def test_an_answer_that_was_touched_is_refused(place: int) -> None:
    touched = bytearray(ANSWER)
    touched[place] ^= 1
    with pytest.raises(ProtocolError, match="not sealed"):
        PROOF.session(bytes(touched))


def test_an_answer_to_another_challenge_is_refused() -> None:
    other = Proof(keys=KEYS, ours=bytes(8), theirs=PROOF.theirs, part=PROOF.part)
    with pytest.raises(ProtocolError, match="another authentication"):
        other.session(ANSWER)


def test_secured_commands_and_answers_are_those_of_the_example() -> None:
    channel = SecureChannel(PlainChannel(Nobody()), SESSION)
    steps = (
        (
            Command(ins=0xA4, p1=0x02, p2=0x0C, data=b"\x01\x1e"),
            "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
            "990290008E08FA855A5D4C50A8ED9000",
            "",
        ),
        (
            Command(ins=0xB0, expected=4),
            "0CB000000D9701048E08ED6705417E96BA5500",
            "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
            "60145F01",
        ),
        (
            Command(ins=0xB0, p2=4, expected=18),
            "0CB000040D9701128E082EA28A70F3C7B53500",
            "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
            "04303130365F36063034303030305C026175",
        ),
    )
    for command, sealed, answer, plain in steps:
        assert channel.seal(command).encode().hex().upper() == sealed
        opened = channel.opened(Response.decode(bytes.fromhex(answer)))
        assert opened == Response(status=0x9000, data=bytes.fromhex(plain))


@pytest.mark.parametrize("place", [0, 3, 11, 14, 20])
def test_a_secured_answer_that_was_touched_is_refused(place: int) -> None:
    answer = bytearray.fromhex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000")
    answer[place] ^= 1
    channel = SecureChannel(PlainChannel(Nobody()), Session(keys=SESSION.keys, counter=SESSION.counter + 3))
    with pytest.raises(ProtocolError):
        channel.opened(Response.decode(bytes(answer)))


def test_success_without_a_seal_is_not_believed() -> None:
    channel = SecureChannel(PlainChannel(Nobody()), SESSION)
    with pytest.raises(ProtocolError, match="in the clear"):
        channel.opened(Response(status=0x9000))


@pytest.mark.parametrize(("text", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("", "0")])
def test_check_digits_are_those_of_the_examples(text: str, digit: str) -> None:
    assert check_digit(text) == digit


@pytest.mark.parametrize(("text", "kind"), [(TD3, "TD3"), (TD2, "TD2"), (TD1, "TD1")])
def test_the_specimen_is_read_in_all_three_sizes(text: str, kind: str) -> None:
    mrz = parse_mrz(text)
    assert mrz.wrong_digits == ()
    assert (mrz.kind, mrz.state, mrz.nationality, mrz.sex) == (kind, "UTO", "UTO", "F")
    assert (mrz.surname, mrz.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (mrz.birth, mrz.expiry) == ("740812", "120415")
    assert mrz.number == ("L898902C3" if kind == "TD3" else "D23145890")


def test_a_long_document_number_goes_on_in_the_optional_field() -> None:
    mrz = parse_mrz(LONG_NUMBER)
    assert mrz.number == "D23145890734"
    assert mrz.access_key.information == "D23145890734934071279507122"
    assert mrz.wrong_digits == ()
