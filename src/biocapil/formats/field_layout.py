"""A run of fixed fields as a table: one line a field, read and written by the same line.

The editions of the image records state their layouts with it, so that a layout can be checked against its
standard by eye, and reading and writing cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader


@dataclass(frozen=True, slots=True)
class Field:
    """One unsigned big-endian number of a record.

    Attributes:
        name: Attribute of the noun that holds it; its words name the field in messages.
        size: Bytes.
        low: Smallest value allowed.
        high: Largest value allowed; None takes what the bytes can hold.
        also: One value more that is allowed beside the range: "unknown", "failed".
        codes: Values allowed where they are no range.
    """

    name: str
    size: int
    low: int = 0
    high: int | None = None
    also: int | None = None
    codes: frozenset[int] | None = None

    @property
    def words(self) -> str:
        """Name in words."""
        return self.name.replace("_", " ")

    @property
    def largest(self) -> int:
        """Largest value that the bytes can hold."""
        return (1 << 8 * self.size) - 1

    def doubt(self, value: int) -> str:
        """Why a value is not allowed; empty where it is."""
        if self.codes is not None:
            known = ", ".join(str(code) for code in sorted(self.codes))
            return "" if value in self.codes else f"{value} is not one of {known}"
        high = self.largest if self.high is None else self.high
        if self.low <= value <= high or value == self.also:
            return ""
        allowed = str(self.low) if self.low == high else f"{self.low}..{high}"
        other = "" if self.also is None else f" or {self.also}"
        return f"{value} is not allowed, must be {allowed}{other}"


def read_fields(reader: ByteReader, layout: Iterable[Field], *, where: str) -> dict[str, int]:
    """Values of a run of fields by name.

    Raises:
        TruncatedRecord: The bytes end inside.
        FormatError: A value is not allowed.
    """
    values: dict[str, int] = {}
    for field in layout:
        offset = reader.offset
        place = place_of(where, field.words)
        values[field.name] = reader.unsigned(field.size, place)
        if doubt := field.doubt(values[field.name]):
            raise FormatError(doubt, record=reader.record, field=place, offset=offset)
    return values


def write_fields(
    noun: object,
    layout: Iterable[Field],
    *,
    record: str,
    where: str,
    stated: Mapping[str, int] | None = None,
) -> bytes:
    """Bytes of a run of fields.

    Args:
        noun: Its attributes are the values.
        layout: The fields.
        record: Name of the format.
        where: What messages call the part of the record.
        stated: Values of fields that the noun has no attribute for, by name.

    Raises:
        FormatError: A value is not allowed.
    """
    others = stated or {}
    parts: list[bytes] = []
    for field in layout:
        value = int(others[field.name] if field.name in others else getattr(noun, field.name))
        if doubt := field.doubt(value):
            raise FormatError(doubt, record=record, field=place_of(where, field.words))
        parts.append(value.to_bytes(field.size, "big"))
    return b"".join(parts)


def place_of(where: str, words: str) -> str:
    """Name of a field for messages: ``representation 2, scale units``."""
    return f"{where}, {words}" if where else words
