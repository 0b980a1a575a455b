"""Frames of the ZFM family, between bytes and messages; knows no device and no time.

    EF 01 | address (4) | kind (1) | length (2) | payload | sum (2)

Length counts payload and sum; sum is that of kind, length and payload, modulo 65,536. All numbers have the
high byte first.

Reference: user manuals of the ZFM-20, R305 and R503 modules, chapter "Communication protocol".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

HEADER = b"\xef\x01"
ANY_ADDRESS = 0xFFFFFFFF
HEAD_BYTES = 9
SUM_BYTES = 2
MAX_PAYLOAD = 256
"""Longest data packet that a sensor can be set to."""


class FrameKind(IntEnum):
    """What a frame is for."""

    COMMAND = 0x01
    DATA = 0x02
    ACKNOWLEDGE = 0x07
    LAST_DATA = 0x08


KINDS = frozenset(FrameKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame.

    Attributes:
        kind: What it is for.
        payload: Its content; may be part of a sample.
        address: Module that it is from or for.
    """

    kind: FrameKind
    payload: bytes
    address: int = ANY_ADDRESS

    def __repr__(self) -> str:
        return f"Frame({self.kind.name}, {len(self.payload)} bytes)"


def encode_frame(frame: Frame) -> bytes:
    """Bytes of one frame.

    Raises:
        ValueError: The payload is too long, or the address is no 32-bit number.
    """
    if len(frame.payload) > MAX_PAYLOAD:
        raise ValueError(f"a frame holds at most {MAX_PAYLOAD} bytes, got {len(frame.payload)}")
    if not 0 <= frame.address <= ANY_ADDRESS:
        raise ValueError(f"an address lies in 0..{ANY_ADDRESS:#x}, got {frame.address:#x}")
    body = bytes([frame.kind]) + (len(frame.payload) + SUM_BYTES).to_bytes(2, "big") + frame.payload
    return HEADER + frame.address.to_bytes(4, "big") + body + (sum(body) & 0xFFFF).to_bytes(2, "big")


class FrameReader:
    """Takes bytes as they come and finds the frames among them; noise is skipped and counted.

    Never holds more than the longest frame and what was fed last.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.skipped_bytes = 0
        self.bad_sums = 0

    @property
    def waiting(self) -> bool:
        """Whether the beginning of something that may be a frame is held."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take bytes and give every frame that is complete."""
        self._buffer += data
        yield from self._frames()

    def give_up(self) -> Iterator[Frame]:
        """Take what is held for noise, where the rest of it did not come, and look for frames inside."""
        while self._buffer:
            self._skip(1)
            yield from self._frames()

    def clear(self) -> None:
        """Forget what is held."""
        self._buffer.clear()

    def _frames(self) -> Iterator[Frame]:
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        """The first frame of the buffer, which then is behind it; None until more bytes come."""
        while self._find_header():
            total = self._total()
            if total is None:
                return None
            if total and len(self._buffer) < total:
                return None
            frame = self._decoded(total) if total else None
            if frame is not None:
                del self._buffer[:total]
                return frame
            self._skip(1)
        return None

    def _find_header(self) -> bool:
        """Skip to the next header, or to a last byte that may begin one; whether a whole one is there."""
        place = self._buffer.find(HEADER)
        if place < 0:
            place = len(self._buffer) - self._buffer.endswith(HEADER[:1])
        self._skip(place)
        return len(self._buffer) >= len(HEADER)

    def _total(self) -> int | None:
        """Length of the frame at the start; 0 if it cannot be one, None if that is not known yet."""
        if len(self._buffer) < HEAD_BYTES:
            return None
        length = int.from_bytes(self._buffer[7:9], "big")
        if self._buffer[6] not in KINDS or not SUM_BYTES <= length <= MAX_PAYLOAD + SUM_BYTES:
            return 0
        return HEAD_BYTES + length

    def _decoded(self, total: int) -> Frame | None:
        body, end = self._buffer[6 : total - SUM_BYTES], self._buffer[total - SUM_BYTES : total]
        if sum(body) & 0xFFFF != int.from_bytes(end, "big"):
            self.bad_sums += 1
            return None
        address = int.from_bytes(self._buffer[2:6], "big")
        return Frame(kind=FrameKind(body[0]), payload=bytes(body[3:]), address=address)

    def _skip(self, count: int) -> None:
        del self._buffer[:count]
        self.skipped_bytes += count
