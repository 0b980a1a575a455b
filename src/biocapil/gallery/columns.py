"""`Columns`: persons and their templates as flat arrays, as a segment holds them and as a search reads them.

    persons, by rising hash of their identifier      templates, by position, then by owner
    id_hashes contents regions birth_years sexes     positions owners offsets ─► words (minutiae)
        ▲                                                          │
        └────────────────────────── row of the person ─────────────┘

The templates of one finger position are one contiguous run, and a person is found by bisection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates
from biocapil.comparison.layout import MAX_MINUTIAE, WORDS
from biocapil.errors import FormatError
from biocapil.gallery.person_record import PersonRecord, Sex
from biocapil.gallery.record_codec import HASH_BYTES, content_hash, id_hash
from biocapil.vocabulary import FingerPosition, ModelId, SubjectId

NO_YEAR = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Columns:
    """P persons with T templates of M minutiae, B bytes of identifiers.

    Attributes:
        words: Packed minutiae. Shape (M, 8), uint64.
        offsets: Template t owns rows ``offsets[t]:offsets[t + 1]``. Shape (T + 1,), int64.
        owners: Row of the person that each template is of. Shape (T,), int32.
        positions: Finger of each template, never falling. Shape (T,), uint8.
        id_hashes: 64 bits of the hash of each identifier, never falling. Shape (P,), uint64.
        contents: Hash of everything that is kept of a person. Shape (P, 16), uint8.
        regions: Number of the region in the manifest. Shape (P,), uint16.
        birth_years: 0 where unknown. Shape (P,), uint16.
        sexes: `Sex` codes. Shape (P,), uint8.
        id_ends: Where each identifier ends in `ids`. Shape (P,), int64.
        ids: UTF-8. Shape (B,), uint8.
    """

    words: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    owners: NDArray[np.int32]
    positions: NDArray[np.uint8]
    id_hashes: NDArray[np.uint64]
    contents: NDArray[np.uint8]
    regions: NDArray[np.uint16]
    birth_years: NDArray[np.uint16]
    sexes: NDArray[np.uint8]
    id_ends: NDArray[np.int64]
    ids: NDArray[np.uint8]

    @property
    def persons(self) -> int:
        """Number of persons, P."""
        return len(self.id_hashes)

    @property
    def templates(self) -> int:
        """Number of templates, T."""
        return len(self.owners)

    def person_id(self, row: int) -> SubjectId:
        """Identifier of a person."""
        start = int(self.id_ends[row - 1]) if row else 0
        return SubjectId(self.ids[start : int(self.id_ends[row])].tobytes().decode())

    def row_of(self, person_id: str) -> int | None:
        """Row of a person; None where the person is not here."""
        wanted = np.uint64(id_hash(person_id))
        row = int(np.searchsorted(self.id_hashes, wanted))
        while row < self.persons and self.id_hashes[row] == wanted:
            if self.person_id(row) == person_id:
                return row
            row += 1
        return None

    def run_of(self, position: FingerPosition) -> range:
        """Templates of one finger."""
        first, beyond = np.searchsorted(self.positions, [position, position + 1]).tolist()
        return range(first, beyond)

    def packed(self, templates: range, model_id: ModelId) -> PackedTemplates:
        """Contiguous templates, ready for comparison; nothing is copied but their offsets."""
        offsets = self.offsets[templates.start : templates.stop + 1]
        first, beyond = int(offsets[0]), int(offsets[-1])
        return PackedTemplates(words=self.words[first:beyond], offsets=offsets - first, model_id=model_id)

    def __repr__(self) -> str:
        return f"Columns({self.persons} persons, {self.templates} templates)"


def columns_of(records: Sequence[PersonRecord], regions: Mapping[str, int]) -> Columns:
    """Lay persons out in columns.

    Args:
        records: Different persons.
        regions: Number of every region that they name.
    """
    hashes = np.array([id_hash(each.person_id) for each in records], np.uint64)
    order = np.argsort(hashes, kind="stable")
    places: list[int] = order.tolist()
    ranked = [records[place] for place in places]
    owners = np.repeat(np.arange(len(ranked), dtype=np.int32), [len(each.positions) for each in ranked])
    positions = np.array([code for each in ranked for code in each.positions], np.uint8)
    sizes = np.concatenate([np.zeros(0, np.int64), *(np.diff(each.templates.offsets) for each in ranked)])
    words = np.concatenate([np.zeros((0, WORDS), np.uint64), *(each.templates.words for each in ranked)])
    by_position = np.argsort(positions, kind="stable")
    ids = [each.person_id.encode() for each in ranked]
    return Columns(
        words=words[run_rows(ends_of(sizes)[:-1][by_position], sizes[by_position])],
        offsets=ends_of(sizes[by_position]),
        owners=owners[by_position],
        positions=positions[by_position],
        id_hashes=hashes[order],
        contents=np.frombuffer(b"".join(map(content_hash, ranked)), np.uint8).reshape(-1, HASH_BYTES),
        regions=np.array([regions[each.region] for each in ranked], np.uint16),
        birth_years=np.array([each.birth_year or NO_YEAR for each in ranked], np.uint16),
        sexes=np.array([each.sex for each in ranked], np.uint8),
        id_ends=np.cumsum([len(each) for each in ids], dtype=np.int64),
        ids=np.frombuffer(b"".join(ids), np.uint8),
    )


def ends_of(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offsets of runs of these sizes. Shape (n + 1,), int64."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])


def run_rows(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of several runs, one run after the other. Shape (sum of sizes,), int64."""
    ends = ends_of(sizes)
    rows: NDArray[np.int64] = np.arange(int(ends[-1])) + np.repeat(starts - ends[:-1], sizes)
    return rows


def check_columns(columns: Columns, *, regions: int) -> None:
    """Refuse columns that a search could not rely on.

    Args:
        columns: What was read.
        regions: How many regions the manifest names.

    Raises:
        FormatError: They are not as `columns_of` makes them; the message names the column.
    """
    sizes = np.diff(columns.offsets)
    faults = {
        "offsets": columns.offsets[0] != 0
        or columns.offsets[-1] != len(columns.words)
        or bool(((sizes < 0) | (sizes > MAX_MINUTIAE)).any()),
        "owners": bool(((columns.owners < 0) | (columns.owners >= columns.persons)).any()),
        "positions": bool((columns.positions > max(FingerPosition)).any() or _falls(columns.positions)),
        "id_hashes": _falls(columns.id_hashes),
        "regions": bool((columns.regions >= regions).any()),
        "sexes": not np.isin(columns.sexes, list(Sex)).all(),
        "id_ends": _falls(columns.id_ends)
        or (int(columns.id_ends[-1]) if columns.persons else 0) != len(columns.ids),
    }
    for name, wrong in faults.items():
        if wrong:
            raise FormatError("holds what no writer writes", record="gallery segment", field=name)
    _check_ids(columns)


def _check_ids(columns: Columns) -> None:
    for row in range(columns.persons):
        try:
            sound = id_hash(columns.person_id(row)) == int(columns.id_hashes[row])
        except UnicodeDecodeError:
            sound = False
        if not sound:
            raise FormatError(f"person {row} has another hash", record="gallery segment", field="ids")


def _falls(values: NDArray[Any]) -> bool:
    return bool((values[1:] < values[:-1]).any())


COLUMN_NAMES = tuple(field.name for field in fields(Columns))
