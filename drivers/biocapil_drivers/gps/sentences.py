"""`Sentence` and `SentenceReader`: lines of NMEA 0183 in a stream of bytes.

``$GPGGA,…*hh`` and a line's end; ``hh`` is the exclusive or of all bytes between ``$`` and ``*``.

Reference: NMEA 0183 (IEC 61162-1), sentence structure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_BYTES = 120
"""The standard allows 82 with both ends; some receivers send more."""

WHOLE = re.compile(rb"\$([A-Z]{2})([A-Z]{3})((?:,[ -)+-~]*)?)\*([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sound line.

    Attributes:
        talker: Which satellites: ``GP``, ``GN`` and so on.
        kind: What it says: ``GGA``, ``RMC`` and so on.
        fields: What stands between the commas; not part of `repr`, as it may say where somebody lives.
    """

    talker: str
    kind: str
    fields: tuple[str, ...] = field(repr=False)

    def encode(self) -> bytes:
        """The line, with its sum and its end."""
        text = ",".join((self.talker + self.kind, *self.fields)).encode("ascii")
        return b"$%b*%02X\r\n" % (text, sum_of(text))


class SentenceReader:
    """Finds sound lines in whatever comes, and counts the others.

    Attributes:
        damaged: Lines that began as sentences and were not sound.
    """

    def __init__(self) -> None:
        self.damaged = 0
        self._waiting = b""

    def feed(self, data: bytes) -> Iterator[Sentence]:
        """Take bytes; yields each sentence that they complete."""
        *lines, self._waiting = (self._waiting + data).split(b"\n")
        if len(self._waiting) > MOST_BYTES:
            self.damaged += 1
            self._waiting = b""
        for line in lines:
            start = line.rfind(b"$")
            found = None if start < 0 else sentence_of(line[start:].rstrip(b"\r"))
            if found is not None:
                yield found
            elif start >= 0:
                self.damaged += 1


def sentence_of(line: bytes) -> Sentence | None:
    """A line without its end; None where it is no sound sentence."""
    if len(line) > MOST_BYTES or (found := WHOLE.fullmatch(line)) is None:
        return None
    if sum_of(line[1:-3]) != int(found[4], 16):
        return None
    fields = tuple(found[3].decode("ascii").split(",")[1:])
    return Sentence(talker=found[1].decode("ascii"), kind=found[2].decode("ascii"), fields=fields)


def sum_of(data: bytes) -> int:
    """Exclusive or of all bytes."""
    total = 0
    for byte in data:
        total ^= byte
    return total
