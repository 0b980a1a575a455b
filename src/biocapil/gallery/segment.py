"""A sealed segment: one file, written once, mapped as it lies.

Columns stand one after the other in the order of `Columns`, each from a page border on. Where they stand
follows from four counts in the manifest, so the file holds nothing that a reader has to parse.
"""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from biocapil.comparison.layout import WORDS
from biocapil.errors import StoreError
from biocapil.gallery.columns import Columns
from biocapil.gallery.durable import write_new
from biocapil.gallery.manifest import SegmentEntry
from biocapil.gallery.record_codec import HASH_BYTES

PAGE = 4096
BLOCK_BYTES = 16 << 20
"""Bytes that one checksum speaks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one column stands.

    Attributes:
        start: First byte.
        dtype: Little-endian type.
        shape: Shape.
    """

    start: int
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]

    @property
    def end(self) -> int:
        """One past the last byte."""
        return self.start + prod(self.shape) * self.dtype.itemsize


def places_of(*, persons: int, templates: int, minutiae: int, id_bytes: int) -> Mapping[str, Place]:
    """Where each column of a segment stands, by name and in order."""
    columns: dict[str, tuple[DTypeLike, tuple[int, ...]]] = {
        "words": ("<u8", (minutiae, WORDS)),
        "offsets": ("<i8", (templates + 1,)),
        "owners": ("<i4", (templates,)),
        "positions": ("u1", (templates,)),
        "id_hashes": ("<u8", (persons,)),
        "contents": ("u1", (persons, HASH_BYTES)),
        "regions": ("<u2", (persons,)),
        "birth_years": ("<u2", (persons,)),
        "sexes": ("u1", (persons,)),
        "id_ends": ("<i8", (persons,)),
        "ids": ("u1", (id_bytes,)),
    }
    places: dict[str, Place] = {}
    start = 0
    for name, (dtype, shape) in columns.items():
        places[name] = Place(start=start, dtype=np.dtype(dtype), shape=shape)
        start = -(-places[name].end // PAGE) * PAGE
    return MappingProxyType(places)


def file_bytes(entry: SegmentEntry) -> int:
    """Length that the file of a segment must have."""
    return max(place.end for place in _places(entry).values())


def open_segment(folder: Path, entry: SegmentEntry) -> Columns:
    """Map a segment; its pages are read when a search comes to them.

    Raises:
        StoreError: The file has another length than the manifest says.
        OSError: It cannot be opened.
    """
    path = folder / entry.file
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size != file_bytes(entry):
            raise StoreError(
                f"{path.name} has {size:,} bytes, the manifest says {file_bytes(entry):,}: "
                "rebuild the gallery from the system of record"
            )
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    arrays: dict[str, Any] = {
        name: np.frombuffer(mapped, place.dtype, prod(place.shape), place.start).reshape(place.shape)
        for name, place in _places(entry).items()
        if prod(place.shape)
    }
    for name, place in _places(entry).items():
        arrays.setdefault(name, np.zeros(place.shape, place.dtype))
    return Columns(**arrays)


def write_segment(
    folder: Path, number: int, columns: Columns, words: Iterator[NDArray[np.uint64]]
) -> SegmentEntry:
    """Write a segment; it counts once a manifest names it.

    Args:
        folder: Of the gallery.
        number: Names the file.
        columns: What to write; its `words` are not read.
        words: The minutiae, in parts.

    Raises:
        OSError: It cannot be written.
    """
    counts = {
        "persons": columns.persons,
        "templates": columns.templates,
        "minutiae": int(columns.offsets[-1]),
        "id_bytes": len(columns.ids),
    }
    checksums = BlockChecksums()
    parts = _parts(columns, words, places_of(**counts))
    write_new(folder / f"segment-{number}", (checksums.seen(part) for part in parts))
    return SegmentEntry(number=number, **counts, blocks=checksums.blocks())


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


def _parts(
    columns: Columns, words: Iterator[NDArray[np.uint64]], places: Mapping[str, Place]
) -> Iterator[memoryview]:
    """Bytes of the file in order, zeros up to each page border."""
    written = 0
    for name, place in places.items():
        yield memoryview(bytes(place.start - written))
        arrays = words if name == "words" else iter([getattr(columns, name)])
        for array in arrays:
            yield np.ascontiguousarray(array, place.dtype).reshape(-1).view(np.uint8).data
        written = place.end


def _places(entry: SegmentEntry) -> Mapping[str, Place]:
    return places_of(
        persons=entry.persons, templates=entry.templates, minutiae=entry.minutiae, id_bytes=entry.id_bytes
    )
