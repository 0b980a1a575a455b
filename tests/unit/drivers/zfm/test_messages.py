from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.errors import ProtocolError
from biocapil_drivers.zfm.messages import (
    Answer,
    Command,
    ProductInformation,
    SystemParameters,
    command_payload,
    parse_answer,
    parse_index,
    parse_number,
    parse_parameters,
    parse_product,
)

PRODUCT = struct.pack(
    ">16s4s8s2s8sHHHH4x", b"R503", b"0002", b"AB123456", b"\1\2", b"GC0307", 192, 192, 1536, 200
)


def test_a_command_is_its_code_and_what_it_is_asked_with() -> None:
    assert command_payload(Command.EXTRACT, b"\x01") == b"\x02\x01"


def test_an_answer_says_what_its_code_means() -> None:
    assert parse_answer(b"\x13") == Answer(code=0x13, data=b"")
    assert parse_answer(b"\x13").words == "wrong password"
    assert parse_answer(b"\x99\x01").words == "a code that no manual names"
    with pytest.raises(ProtocolError, match="got nothing"):
        parse_answer(b"")


def test_system_parameters_are_read() -> None:
    data = bytes.fromhex("0004 0000 03e8 0003 ffffffff 0002 0006")
    assert parse_parameters(data) == SystemParameters(
        status=4,
        system_id=0,
        capacity=1000,
        security=3,
        address=0xFFFFFFFF,
        packet_bytes=128,
        bits_per_s=57_600,
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bytes(15), "are 16 bytes, got 15"),
        (
            bytes.fromhex("00000000000000000000000000040006"),
            "size code must be 0..3 and speed 1..12, got 4 and 6",
        ),
        (bytes.fromhex("0000000000000000000000000002000d"), "got 2 and 13"),
    ],
)
def test_system_parameters_that_no_sensor_has_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(ProtocolError, match=message):
        parse_parameters(data)


def test_product_information_is_read() -> None:
    assert parse_product(PRODUCT) == ProductInformation(
        model="R503",
        batch="0002",
        serial_number="AB123456",
        hardware="1.2",
        sensor="GC0307",
        width_px=192,
        height_px=192,
        template_bytes=1536,
        capacity=200,
    )


def test_product_information_without_pixels_or_end_is_refused() -> None:
    with pytest.raises(ProtocolError, match="at least 46 bytes, got 45"):
        parse_product(PRODUCT[:45])
    with pytest.raises(ProtocolError, match="at least one pixel, got 0x0"):
        parse_product(bytes(46))


@given(slots=st.frozensets(st.integers(0, 255)), page=st.integers(0, 3))
def test_a_page_of_the_index_holds_its_slots(slots: frozenset[int], page: int) -> None:
    data = sum(1 << slot for slot in slots).to_bytes(32, "little")
    assert parse_index(data, page) == {slot + 256 * page for slot in slots}


def test_a_short_page_of_the_index_is_refused() -> None:
    with pytest.raises(ProtocolError, match="32 bytes, got 31"):
        parse_index(bytes(31), 0)


def test_numbers_have_the_high_byte_first() -> None:
    assert parse_number(b"\x01\x02\x03") == 0x0102
    with pytest.raises(ProtocolError, match="must hold 4 bytes, got 3"):
        parse_number(b"\x01\x02\x03", 4)


PARSERS: tuple[Callable[[bytes], object], ...] = (
    parse_answer,
    parse_parameters,
    parse_product,
    parse_number,
    lambda data: parse_index(data, 0),
)


@given(data=st.binary(max_size=60))
def test_any_answer_is_read_or_refused(data: bytes) -> None:
    for parse in PARSERS:
        with suppress(ProtocolError):
            parse(data)
