"""Commands of the PN532 and what it answers; bytes to nouns and back.

Reference: NXP UM0701-02, clauses 7.1.1, 7.2.2, 7.2.10, 7.3.1, 7.3.5, 7.3.8, 7.3.12.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from biocapil.errors import ProtocolError


class Code(IntEnum):
    """Command codes; an answer has the code above."""

    DIAGNOSE = 0x00
    GET_FIRMWARE_VERSION = 0x02
    SAM_CONFIGURATION = 0x14
    RF_CONFIGURATION = 0x32
    DATA_EXCHANGE = 0x40
    LIST_PASSIVE_TARGET = 0x4A
    RELEASE = 0x52


WAKE_UP = bytes.fromhex("5555") + bytes(14)
NORMAL_MODE = bytes((0x01, 0x14, 0x01))
MAX_RETRIES = bytes((0x05, 0xFF, 0x01, 0x02))
"""Two looks for a card, not without end as after a reset."""
PRESENCE = b"\x06"
"""Diagnose: does the card that is held still answer."""
TYPE_A, TYPE_B = b"\x01\x00", b"\x01\x03\x00"
FIRST_TARGET = 1
MORE = 0x40
STATUS_BITS = 0x3F
GONE = frozenset({0x01, 0x0A, 0x13, 0x27, 0x29, 0x2B})
"""Time-out, no field, wrong format or context, released, card disappeared: the card is gone."""
SELECTABLE = 0x20
"""Bit of SEL_RES: the card speaks ISO/IEC 14443-4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """Which chip it is.

    Attributes:
        chip: 0x32 for a PN532.
        version: Version and revision.
        support: Bits: 1 type A, 2 type B.
    """

    chip: int
    version: tuple[int, int]
    support: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One card in the field.

    Attributes:
        kind: ``"A"`` or ``"B"``.
        number: Its number; no identity: it may be another one each time. Not part of `repr`.
        has_commands: Whether it takes command APDUs.
        answer_to_select: Historical bytes of a card of type A, application data of type B.
    """

    kind: str
    number: bytes = field(repr=False)
    has_commands: bool
    answer_to_select: bytes = field(repr=False)


def firmware_of(answer: bytes) -> Firmware:
    """Which chip answered.

    Raises:
        ProtocolError: It is no PN532.
    """
    if len(answer) < 4 or answer[0] != 0x32:
        raise ProtocolError("something answers, but it is no PN532")
    return Firmware(chip=answer[0], version=(answer[1], answer[2]), support=answer[3])


def target_of(answer: bytes, kind: str) -> Target | None:
    """The card that was found; None where there is none.

    Raises:
        ProtocolError: The answer is cut off.
    """
    if not answer or not answer[0]:
        return None
    try:
        return _type_a(answer) if kind == "A" else _type_b(answer)
    except IndexError:
        raise ProtocolError("the reader's description of a card is cut off") from None


def _type_a(answer: bytes) -> Target:
    select, count = answer[4], answer[5]
    number, rest = answer[6 : 6 + count], answer[6 + count :]
    if len(number) < count or not count:
        raise IndexError
    has_commands = bool(select & SELECTABLE)
    return Target(
        kind="A",
        number=number,
        has_commands=has_commands,
        answer_to_select=_historical(rest) if has_commands else b"",
    )


def _historical(answer_to_select: bytes) -> bytes:
    """Historical bytes of an ATS: behind its length, its format byte, and the parameters that this names.

    Reference: ISO/IEC 14443-4, clause 5.2.
    """
    length = answer_to_select[0]
    if length < 2:
        return b""
    parameters = (answer_to_select[1] >> 4 & 7).bit_count()
    return answer_to_select[2 + parameters : length]


def _type_b(answer: bytes) -> Target:
    described = answer[2:14]
    if len(described) < 12:
        raise IndexError
    protocol = described[9:12]
    return Target(
        kind="B",
        number=described[1:5],
        has_commands=bool(protocol[1] & 0x01),
        answer_to_select=described[5:12],
    )


def answer_to_reset_of(target: Target) -> bytes:
    """What PC/SC makes of a contactless card, so that cards look the same behind every reader.

    Reference: PC/SC part 3, clause 3.1.3.2.3.
    """
    historical = target.answer_to_select[:15]
    body = bytes((0x80 | len(historical), 0x80, 0x01)) + historical
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes((check,))
