"""What the child process that holds a camera's library says to us: one head a message, then its bytes.

    magic "BCAM" · kind (1 byte) · rows (4) · columns (4) · channels (1) · bytes that follow (4), big-endian

Kinds: P a picture, blue first as OpenCV has it; R ready, with the library's own words; E an end, with its
reason.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAGIC = b"BCAM"
HEAD = struct.Struct(">4scIIBI")
PICTURE, READY, END = b"P", b"R", b"E"
MAX_BYTES = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildHead:
    """The head of one message.

    Attributes:
        kind: PICTURE, READY or END.
        rows: Rows of a picture.
        columns: Columns of a picture.
        channels: 1 or 3.
        size: Bytes that follow.
    """

    kind: bytes
    rows: int = 0
    columns: int = 0
    channels: int = 0
    size: int = 0

    def encode(self) -> bytes:
        """The head as bytes."""
        return HEAD.pack(MAGIC, self.kind, self.rows, self.columns, self.channels, self.size)

    @classmethod
    def decode(cls, data: bytes) -> ChildHead | None:
        """Read a head; None where the bytes are none."""
        magic, kind, rows, columns, channels, size = HEAD.unpack(data)
        if magic != MAGIC or kind not in {PICTURE, READY, END} or size > MAX_BYTES:
            return None
        if kind == PICTURE and (channels not in {1, 3} or rows * columns * channels != size or not size):
            return None
        return cls(kind=kind, rows=rows, columns=columns, channels=channels, size=size)
