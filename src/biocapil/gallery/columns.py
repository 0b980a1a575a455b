"""`Columns`: persons as flat arrays, and a shelf a modality with their templates, as a segment holds them.

    persons, by rising hash of their identifier      shelves: templates, by position, then by owner
    id_hashes contents regions birth_years sexes     owners positions payload
        ▲                                              │
        └─────────── row of the person ────────────────┘

The templates of one instance are one contiguous run, and a person is found by bisection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.gallery.models import GalleryModels
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.record_codec import HASH_BYTES, content_hash, id_hash
from biocapil.gallery.shelf import Shelf
from biocapil.gallery.shelf_packing import shelf_of
from biocapil.vocabulary import Modality, SubjectId

NO_YEAR = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Columns:
    """P persons with B bytes of identifiers, and their templates.

    Attributes:
        id_hashes: 64 bits of the hash of each identifier, never falling. Shape (P,), uint64.
        contents: Hash of everything that was said of a person. Shape (P, 16), uint8.
        regions: Number of the region in the manifest. Shape (P,), uint16.
        birth_years: 0 where unknown. Shape (P,), uint16.
        sexes: `Sex` codes. Shape (P,), uint8.
        id_ends: Where each identifier ends in `ids`. Shape (P,), int64.
        ids: UTF-8. Shape (B,), uint8.
        shelves: Templates of each modality that the gallery has a model of.
    """

    id_hashes: NDArray[np.uint64]
    contents: NDArray[np.uint8]
    regions: NDArray[np.uint16]
    birth_years: NDArray[np.uint16]
    sexes: NDArray[np.uint8]
    id_ends: NDArray[np.int64]
    ids: NDArray[np.uint8]
    shelves: Mapping[Modality, Shelf]

    @property
    def persons(self) -> int:
        """Number of persons, P."""
        return len(self.id_hashes)

    @property
    def templates(self) -> int:
        """Number of templates of all modalities."""
        return sum(shelf.templates for shelf in self.shelves.values())

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

    def payload_bytes(self) -> NDArray[np.int64]:
        """Bytes of the templates of each person. Shape (P,), int64."""
        counts = np.zeros(self.persons, np.int64)
        for shelf in self.shelves.values():
            np.add.at(counts, shelf.owners, shelf.template_bytes())
        return counts

    def __repr__(self) -> str:
        return f"Columns({self.persons} persons, {self.templates} templates)"


def columns_of(records: Sequence[PersonRecord], regions: Mapping[str, int], models: GalleryModels) -> Columns:
    """Lay persons out in columns.

    Args:
        records: Different persons, whose templates are of these models.
        regions: Number of every region that they name.
        models: Models of the gallery.
    """
    hashes = np.array([id_hash(each.person_id) for each in records], np.uint64)
    order = np.argsort(hashes, kind="stable")
    places: list[int] = order.tolist()
    ranked = [records[place] for place in places]
    ids = [each.person_id.encode() for each in ranked]
    return Columns(
        id_hashes=hashes[order],
        contents=np.frombuffer(b"".join(map(content_hash, ranked)), np.uint8).reshape(-1, HASH_BYTES),
        regions=np.array([regions[each.region] for each in ranked], np.uint16),
        birth_years=np.array([each.birth_year or NO_YEAR for each in ranked], np.uint16),
        sexes=np.array([each.sex for each in ranked], np.uint8),
        id_ends=np.cumsum([len(each) for each in ids], dtype=np.int64),
        ids=np.frombuffer(b"".join(ids), np.uint8),
        shelves={modality: shelf_of(modality, ranked, models) for modality in models.modalities},
    )
