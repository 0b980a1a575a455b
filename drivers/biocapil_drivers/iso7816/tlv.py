"""BER-TLV objects, bytes to nouns and back; DER is the stricter form that this writes.

Reference: ISO/IEC 7816-4:2020, clause 6.3; ITU-T X.690.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from biocapil.errors import FormatError, TruncatedRecord

RECORD = "TLV object"
MORE_TAG = 0x1F
CONTINUED = 0x80
MOST_TAG_BYTES = 4
MOST_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tlv:
    """One object.

    Attributes:
        tag: Its tag with all its bytes as one number: 0x5F1F, 0x30.
        value: Its value; not part of `repr`.
        start: Where its tag begins in the bytes that it was read from.
        end: Where its value ends.
    """

    tag: int
    value: bytes = field(repr=False)
    start: int
    end: int

    def require(self, tag: int, what: str) -> bytes:
        """The value, where the object is the one that is due.

        Raises:
            FormatError: It is another.
        """
        if self.tag != tag:
            raise FormatError(f"tag {self.tag:#x} instead of {tag:#x}", record=what, offset=self.start)
        return self.value


def read_head(data: bytes, start: int = 0) -> tuple[int, int, int]:
    """Tag, where the value begins, and how long it is; the value need not be there yet.

    Raises:
        TruncatedRecord: The head is not whole.
        FormatError: Tag or length are longer than any that cards use, or the length is indefinite.
    """
    place = _tag_end(data, start)
    tag = int.from_bytes(data[start:place], "big")
    first = _byte(data, place)
    place += 1
    if first < CONTINUED:
        return tag, place, first
    count = first & 0x7F
    if not 1 <= count <= MOST_LENGTH_BYTES:
        raise FormatError(
            f"a length of {count} bytes; 1 to {MOST_LENGTH_BYTES} are read", record=RECORD, offset=place - 1
        )
    if place + count > len(data):
        raise TruncatedRecord("the length is cut off", record=RECORD, offset=place)
    return tag, place + count, int.from_bytes(data[place : place + count], "big")


def read_tlv(data: bytes, start: int = 0) -> Tlv:
    """Read the object that begins at a place; what follows it is left.

    Raises:
        TruncatedRecord: The bytes end inside.
        FormatError: It is none.
    """
    tag, place, length = read_head(data, start)
    if length > len(data) - place:
        raise TruncatedRecord(
            f"bytes needed: {length}, left: {len(data) - place}", record=RECORD, offset=place
        )
    return Tlv(tag=tag, value=data[place : place + length], start=start, end=place + length)


def read_tlvs(data: bytes) -> Iterator[Tlv]:
    """Read objects one after the other to the end.

    Raises:
        FormatError: One of them is none.
    """
    place = 0
    while place < len(data):
        found = read_tlv(data, place)
        yield found
        place = found.end


def find_value(data: bytes, tag: int, *, what: str) -> bytes:
    """Value of the first object of a tag among those at the top of the bytes.

    Raises:
        FormatError: There is none.
    """
    for found in read_tlvs(data):
        if found.tag == tag:
            return found.value
    raise FormatError(f"there is no object of tag {tag:#x}", record=what)


def encode_tlv(tag: int, value: bytes) -> bytes:
    """Bytes of an object, with the shortest length there is."""
    count = len(value)
    head = tag.to_bytes(max(1, (tag.bit_length() + 7) // 8), "big")
    if count < CONTINUED:
        return head + bytes((count,)) + value
    size = (count.bit_length() + 7) // 8
    return head + bytes((CONTINUED | size,)) + count.to_bytes(size, "big") + value


def _tag_end(data: bytes, start: int) -> int:
    place = start + 1
    if _byte(data, start) & MORE_TAG != MORE_TAG:
        return place
    while _byte(data, place) & CONTINUED:
        place += 1
        if place - start >= MOST_TAG_BYTES:
            raise FormatError("a tag of more than four bytes", record=RECORD, offset=start)
    return place + 1


def _byte(data: bytes, place: int) -> int:
    if place >= len(data):
        raise TruncatedRecord("the head is cut off", record=RECORD, offset=place)
    return data[place]
