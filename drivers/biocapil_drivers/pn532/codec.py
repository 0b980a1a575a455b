"""Frames of the PN532, bytes to nouns and back; no input or output here.

    00 00 FF LEN LCS TFI PD0 … PDn DCS 00        LEN + LCS = 0, TFI + PD + DCS = 0, both modulo 256
    00 00 FF FF FF LENM LENL LCS TFI … DCS 00    extended: more than 255 bytes
    00 00 FF 00 FF 00                            ACK; sent by the host it ends the running command
    00 00 FF FF 00 00                            NACK
    00 00 FF 01 FF 7F 81 00                      the chip did not understand

Reference: NXP UM0701-02 (PN532 user manual), clause 6.2.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

START = b"\x00\xff"
PREAMBLE, POSTAMBLE = b"\x00", b"\x00"
HOST, CHIP = 0xD4, 0xD5
EXTENDED = b"\xff\xff"
MOST_SHORT = 255
MOST_BYTES = 265
"""Longest content of a frame, with the byte that tells its direction."""
ERROR_BYTE = 0x7F


class Sign(IntEnum):
    """Frames without content."""

    ACK = 0x00
    NACK = 0xFF


SIGNS = {Sign.ACK: b"\x00\x00\xff\x00\xff\x00", Sign.NACK: b"\x00\x00\xff\xff\x00\x00"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame with content.

    Attributes:
        content: Direction, command, and what belongs to it; not part of `repr`.
    """

    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.content) <= MOST_BYTES:
            raise ValueError(f"a frame holds 1 to {MOST_BYTES} bytes, got {len(self.content)}")

    @property
    def is_error(self) -> bool:
        """Whether the chip says that it did not understand."""
        return self.content == bytes((ERROR_BYTE,))

    def encode(self) -> bytes:
        """Its bytes."""
        count = len(self.content)
        if count <= MOST_SHORT - 1:
            head = bytes((count, -count & 0xFF))
        else:
            length = count.to_bytes(2, "big")
            head = EXTENDED + length + bytes((-sum(length) & 0xFF,))
        end = bytes((-sum(self.content) & 0xFF,))
        return PREAMBLE + START + head + self.content + end + POSTAMBLE


class FrameReader:
    """Takes bytes as they come and finds the frames among them; noise is skipped and counted.

    Never holds more than the longest frame and what was fed last.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.skipped_bytes = 0
        self.bad_sums = 0

    def feed(self, data: bytes) -> Iterator[Frame | Sign]:
        """Take bytes and give everything that is complete."""
        self._buffer += data
        while (found := self._next()) is not None:
            yield found

    def clear(self) -> None:
        """Forget what is held."""
        self._buffer.clear()

    def _next(self) -> Frame | Sign | None:
        while True:
            place = self._buffer.find(START)
            if place < 0:
                self._skip(max(0, len(self._buffer) - 1))
                return None
            self._skip(place)
            head = self._head()
            if head is None:
                return None
            start, count = head
            if count < 0:
                found: Frame | Sign = Sign.ACK if count == -1 else Sign.NACK
                del self._buffer[:start]
                return found
            end = start + count + 1
            if count and len(self._buffer) < end:
                return None
            content = bytes(self._buffer[start : end - 1])
            if count and not (sum(content) + self._buffer[end - 1]) & 0xFF:
                del self._buffer[:end]
                return Frame(content=content)
            self.bad_sums += bool(count)
            self._skip(1)

    def _head(self) -> tuple[int, int] | None:
        """Where the content begins and how long it is; -1 an ACK, -2 a NACK, 0 none; None until known."""
        body = bytes(self._buffer[len(START) : len(START) + 5])
        if len(body) < 2:
            return None
        if body[:2] == b"\x00\xff":
            return 4, -1
        if body[:2] == b"\xff\x00":
            return 4, -2
        if body[:2] != EXTENDED:
            good = not (body[0] + body[1]) & 0xFF
            return 4, body[0] if good else 0
        if len(body) < 5:
            return None
        count = body[2] << 8 | body[3]
        good = not (body[2] + body[3] + body[4]) & 0xFF and count <= MOST_BYTES
        return 7, count if good else 0

    def _skip(self, count: int) -> None:
        del self._buffer[:count]
        self.skipped_bytes += count
