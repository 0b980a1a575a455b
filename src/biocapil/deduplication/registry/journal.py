"""The journal of a run: what is done and what was found, so that a run that was killed goes on.

Little-endian:

    "BIOCAPAA" | terms bytes u32 | terms, JSON | CRC-32 of all that u32
    then one record every few seconds:
    tiles done u64 | comparisons u64 | pairs looked at u64 | pairs found u32 | `FOUND` each | CRC-32 u32

Tiles are done in their order, so that one number says which are; it and the counts are of the whole run so
far. A torn tail is cut off, and its tiles are done again.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from biocapil.deduplication.registry.run_terms import RunTerms, canonical, differing
from biocapil.deduplication.registry.second_look import FOUND, Found
from biocapil.deduplication.registry.tile_scan import TileResult
from biocapil.errors import FormatError, StoreError
from biocapil.gallery.durable import append_at, replace_file

JOURNAL_FILE = "journal"
MAGIC = b"BIOCAPAA"
MAX_TERMS = 1 << 20
SAFE_EVERY_S = 2.0
"""Seconds of work that a kill may cost, beside the tiles under way."""

SAFE_PAIRS = 100_000
"""Pairs that wait to be written at most."""

_LENGTH = struct.Struct("<I")
_RECORD = struct.Struct("<QQQI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How far a run has come.

    Attributes:
        tiles: The first so many tiles are done.
        compared: Pairs of templates that were compared in them.
        looked_at: Pairs of people whose instances were all compared.
    """

    tiles: int = 0
    compared: int = 0
    looked_at: int = 0


class Journal:
    """Journal of one run, open for appending."""

    def __init__(self, path: Path, size: int, done: Done, clock: Callable[[], float]) -> None:
        self._path = path
        self._size = size
        self._done = done
        self._clock = clock
        self._waiting: list[Found] = []
        self._safe_at = clock()
        self._safe: Done = done

    @property
    def done(self) -> Done:
        """How far the run has come, also what is not yet on the disk."""
        return self._done

    def add(self, result: TileResult) -> None:
        """Take what the next tile gave; it is on the disk a few seconds later.

        Raises:
            OSError: It cannot be written.
        """
        self._done = Done(
            tiles=result.number + 1,
            compared=self._done.compared + result.compared,
            looked_at=self._done.looked_at + result.looked_at,
        )
        self._waiting.append(result.found)
        waiting = sum(len(each) for each in self._waiting)
        if waiting >= SAFE_PAIRS or self._clock() - self._safe_at >= SAFE_EVERY_S:
            self.flush()

    def flush(self) -> None:
        """Have everything on the disk.

        Raises:
            OSError: It cannot be written.
        """
        if self._done != self._safe:
            data = _record(self._done, self._waiting)
            append_at(self._path, self._size, data)
            self._size += len(data)
            self._safe = self._done
            self._waiting.clear()
        self._safe_at = self._clock()


def open_journal(folder: Path, terms: RunTerms, clock: Callable[[], float]) -> Journal:
    """Open the journal of a run, or begin it.

    Args:
        folder: Of the checkpoint.
        terms: Of the run that is to go on.
        clock: Seconds that never go back.

    Raises:
        StoreError: The journal there is of another run.
        FormatError: What lies there is no journal.
    """
    path = folder / JOURNAL_FILE
    head = _head(terms)
    if not path.exists():
        replace_file(path, head)
        return Journal(path, len(head), Done(), clock)
    data = path.read_bytes()
    size = _checked_head(data, path, terms)
    records, size = _records(data, size)
    return Journal(path, size, records[-1][0] if records else Done(), clock)


def found_pairs(folder: Path) -> list[Found]:
    """Everything that a journal says was found.

    Raises:
        FormatError: What lies there is no journal.
    """
    data = (folder / JOURNAL_FILE).read_bytes()
    _, size = _terms(data)
    return [found for _, found in _records(data, size)[0]]


def _head(terms: RunTerms) -> bytes:
    text = canonical(terms.to_json()).encode("ascii")
    data = MAGIC + _LENGTH.pack(len(text)) + text
    return data + _LENGTH.pack(zlib.crc32(data))


def _terms(data: bytes) -> tuple[dict[str, Any], int]:
    """Terms of a journal, and where its records begin."""
    start = len(MAGIC) + _LENGTH.size
    if data[: len(MAGIC)] != MAGIC or len(data) < start:
        raise FormatError("is no journal of a run; take an empty folder", record="journal")
    end = start + min(_LENGTH.unpack_from(data, len(MAGIC))[0], MAX_TERMS)
    if len(data) < end + _LENGTH.size or _LENGTH.unpack_from(data, end)[0] != zlib.crc32(data[:end]):
        raise FormatError("its head is damaged: delete the folder and begin anew", record="journal")
    return json.loads(data[start:end]), end + _LENGTH.size


def _checked_head(data: bytes, path: Path, terms: RunTerms) -> int:
    found, size = _terms(data)
    different = differing(found, terms.to_json())
    if different:
        raise StoreError(
            f"the checkpoint in {path.parent.name} is of another run: {', '.join(different)} "
            "differ; go on with the same gallery, policy and options, or take another folder"
        )
    return size


def _record(done: Done, found: Sequence[Found]) -> bytes:
    pairs = np.concatenate([np.empty(0, FOUND), *found])
    data = _RECORD.pack(done.tiles, done.compared, done.looked_at, len(pairs)) + pairs.tobytes()
    return data + _LENGTH.pack(zlib.crc32(data))


def _records(data: bytes, place: int) -> tuple[list[tuple[Done, Found]], int]:
    """Whole records from a place on, and where they end."""
    records: list[tuple[Done, Found]] = []
    while place + _RECORD.size <= len(data):
        tiles, compared, looked_at, count = _RECORD.unpack_from(data, place)
        end = place + _RECORD.size + count * FOUND.itemsize
        if end + _LENGTH.size > len(data) or _LENGTH.unpack_from(data, end)[0] != zlib.crc32(data[place:end]):
            break
        found = np.frombuffer(data, FOUND, count, place + _RECORD.size)
        records.append((Done(tiles=tiles, compared=compared, looked_at=looked_at), found))
        place = end + _LENGTH.size
    return records, place
