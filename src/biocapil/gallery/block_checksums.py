"""CRC-32 of each block of a segment: made while it is written, made again when it is verified."""

from __future__ import annotations

import zlib
from pathlib import Path

from biocapil.gallery.manifest import SegmentEntry

BLOCK_BYTES = 16 << 20
"""Bytes that one checksum speaks for."""


def damaged_blocks(folder: Path, entry: SegmentEntry) -> tuple[int, ...]:
    """Numbers of the blocks whose bytes are not those that were written.

    Raises:
        OSError: The file cannot be read.
    """
    found = BlockChecksums()
    with (folder / entry.file).open("rb") as file:
        while part := file.read(BLOCK_BYTES):
            found.seen(memoryview(part))
    blocks = found.blocks()
    wrong = [at for at, (one, other) in enumerate(zip(blocks, entry.blocks, strict=False)) if one != other]
    missing = range(min(len(blocks), len(entry.blocks)), max(len(blocks), len(entry.blocks)))
    return (*wrong, *missing)


class BlockChecksums:
    """CRC-32 of each block of bytes that pass by."""

    def __init__(self) -> None:
        self._done: list[int] = []
        self._crc = 0
        self._filled = 0

    def seen(self, part: memoryview) -> memoryview:
        """Take the next bytes and hand them on."""
        place = 0
        while place < len(part):
            piece = part[place : place + BLOCK_BYTES - self._filled]
            self._crc = zlib.crc32(piece, self._crc)
            self._filled += len(piece)
            place += len(piece)
            if self._filled == BLOCK_BYTES:
                self._done.append(self._crc)
                self._crc = self._filled = 0
        return part

    def blocks(self) -> tuple[int, ...]:
        """Checksums of all blocks, the last of which may be short."""
        return (*self._done, self._crc) if self._filled else tuple(self._done)
