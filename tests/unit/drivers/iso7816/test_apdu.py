from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError, TruncatedRecord
from biocapil_drivers.iso7816 import Command, Response, encode_tlv, find_value, read_tlv, read_tlvs

BYTE = st.integers(0, 255)


@st.composite
def commands(draw: st.DrawFn) -> Command:
    return Command(
        cla=draw(BYTE),
        ins=draw(BYTE),
        p1=draw(BYTE),
        p2=draw(BYTE),
        data=draw(st.one_of(st.binary(max_size=40), st.binary(min_size=250, max_size=300))),
        expected=draw(st.one_of(st.none(), st.integers(1, 300), st.just(65_536))),
        extended=draw(st.booleans()),
    )


@pytest.mark.parametrize(
    ("apdu", "command"),
    [
        ("00a40000", Command(ins=0xA4)),
        ("00b0000000", Command(ins=0xB0, expected=256)),
        ("00b00000ff", Command(ins=0xB0, expected=255)),
        ("00a40000027f0a", Command(ins=0xA4, data=b"\x7f\x0a")),
        ("00a40000027f0a00", Command(ins=0xA4, data=b"\x7f\x0a", expected=256)),
        ("00b00000000000", Command(ins=0xB0, expected=65_536)),
        ("00b00000000100", Command(ins=0xB0, expected=256, extended=True)),
        ("00d60000000002abcd", Command(ins=0xD6, data=b"\xab\xcd", extended=True)),
        ("00d60000000002abcd0000", Command(ins=0xD6, data=b"\xab\xcd", expected=65_536)),
    ],
)
def test_every_case_of_the_standard_is_written_and_read(apdu: str, command: Command) -> None:
    assert command.encode().hex() == apdu
    assert Command.decode(bytes.fromhex(apdu)) == command


@given(commands())
def test_what_was_written_is_read(command: Command) -> None:
    assert Command.decode(command.encode()) == command


@settings(max_examples=200)
@given(st.binary(max_size=600))
def test_any_bytes_are_a_command_or_a_format_error(data: bytes) -> None:
    try:
        command = Command.decode(data)
    except FormatError:
        return
    assert command.encode() == data


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_format_error(data: bytes) -> None:
    if len(data) < 2:
        with pytest.raises(TruncatedRecord):
            Response.decode(data)
    else:
        assert Response.decode(data).encode() == data


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_objects_or_a_format_error(data: bytes) -> None:
    try:
        found = list(read_tlvs(data))
    except FormatError:
        return
    assert sum(each.end - each.start for each in found) == len(data)


@given(st.sampled_from([0x04, 0x30, 0x5F1F, 0x7F61, 0x5F2E]), st.binary(max_size=70_000))
def test_an_object_is_read_as_it_was_written(tag: int, value: bytes) -> None:
    data = encode_tlv(tag, value)
    found = read_tlv(data)
    assert (found.tag, found.value, found.end) == (tag, value, len(data))
    assert find_value(data, tag, what="test") == value


@pytest.mark.parametrize("data", ["", "1f", "3080", "3085000000000101", "300201", "3082", "1f818181818101"])
def test_heads_that_are_none_are_named(data: str) -> None:
    with pytest.raises(FormatError, match="TLV object"):
        read_tlv(bytes.fromhex(data))


def test_another_object_than_the_one_that_is_due_is_refused() -> None:
    with pytest.raises(FormatError, match="tag 0x4 instead of 0x30"):
        read_tlv(b"\x04\x00").require(0x30, "test")
    with pytest.raises(FormatError, match="no object of tag 0x30"):
        find_value(b"\x04\x00", 0x30, what="test")


@pytest.mark.parametrize("wrong", [{"cla": 256}, {"data": bytes(65_536)}, {"expected": 0}])
def test_commands_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="got"):
        Command(ins=0xA4, **wrong)  # type: ignore[arg-type]


def test_data_stand_in_no_text() -> None:
    assert "4d41584d4f" not in repr(Command(ins=0xD6, data=b"MAXMO")) + repr(
        Response(status=1, data=b"MAXMO")
    )
    assert "MAXMO" not in repr(Command(ins=0xD6, data=b"MAXMO")) + repr(Response(status=1, data=b"MAXMO"))
