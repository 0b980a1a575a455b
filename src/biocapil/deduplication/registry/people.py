"""`Everybody`: the people of a gallery's snapshot as all against all reads them, and who of them is new.

snapshot ─► parts ─► rows of each instance, owners rising
└───► places: one number for part and row of a person
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import ReferenceSet
from biocapil.errors import FormatError
from biocapil.gallery import GallerySnapshot
from biocapil.vocabulary import MODALITIES, Instance, Modality, SubjectId

ROW_BITS = 32
"""A place is the number of the part, then the row in so many bits."""


class PersonColumns(Protocol):
    """Who the people of a part are."""

    @property
    def id_hashes(self) -> NDArray[np.uint64]:
        """64 bits of the hash of each identifier. Shape (P,)."""
        ...

    @property
    def contents(self) -> NDArray[np.uint8]:
        """Hash of everything that is kept of a person. Shape (P, 16)."""
        ...

    def person_id(self, row: int) -> SubjectId:
        """Identifier of a person."""
        ...


class Part(Protocol):
    """Some people of a snapshot, whose templates lie together."""

    @property
    def columns(self) -> PersonColumns:
        """Who they are."""
        ...

    @property
    def wanted(self) -> NDArray[np.bool_]:
        """Whether each is still there. Shape (P,)."""
        ...

    def instances(self) -> tuple[Instance, ...]:
        """Instances of which there is a template."""
        ...

    def references(self, instance: Instance) -> ReferenceSet:
        """Templates of one instance."""
        ...

    def owners(self, instance: Instance) -> NDArray[np.int32]:
        """Row of the person of each of these templates, never falling."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InstanceRows:
    """Templates of one instance in one part.

    Attributes:
        references: T templates.
        owners: Row of the person of each, never falling. Shape (T,), int32.
        sizes: What each brings into a comparison. Shape (T,), int16.
    """

    references: ReferenceSet
    owners: NDArray[np.int32]
    sizes: NDArray[np.int16]

    def spans(self, persons: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First template of each of some people, and how many there are. Both of shape (n,), int64."""
        wanted = persons.astype(np.int32)
        first = np.searchsorted(self.owners, wanted, side="left")
        return first, np.searchsorted(self.owners, wanted, side="right") - first


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Everybody:
    """All people of a snapshot.

    Attributes:
        parts: They, as they lie.
        new: Whether each is there and has to be compared with everybody. One array of shape (P,) a part.
        rows: Templates by part and instance.
        instances: All there are, in order.
    """

    parts: tuple[Part, ...]
    new: tuple[NDArray[np.bool_], ...]
    rows: Mapping[tuple[int, Instance], InstanceRows]
    instances: tuple[Instance, ...]

    @property
    def persons(self) -> int:
        """People who are there."""
        return sum(int(part.wanted.sum()) for part in self.parts)

    def parts_with(self, instance: Instance) -> list[tuple[int, InstanceRows]]:
        """Parts that have templates of an instance, and these."""
        return [
            (number, self.rows[number, instance])
            for number in range(len(self.parts))
            if (number, instance) in self.rows
        ]

    def person_id(self, place: int) -> SubjectId:
        """Identifier of a person."""
        part, row = divmod(place, 1 << ROW_BITS)
        return self.parts[part].columns.person_id(row)

    def id_hashes(self, places: NDArray[np.int64]) -> NDArray[np.uint64]:
        """64 bits of the hash of each identifier. Shape (n,), uint64."""
        hashes = np.zeros(len(places), np.uint64)
        for part, here in self._by_part(places):
            hashes[here] = self.parts[part].columns.id_hashes[rows_of(places[here])]
        return hashes

    def content_hashes(self, places: NDArray[np.int64]) -> NDArray[np.uint64]:
        """64 bits that change with whatever is kept of each person. Shape (n,), uint64."""
        hashes = np.zeros(len(places), np.uint64)
        for part, here in self._by_part(places):
            hashes[here] = content_hashes(self.parts[part].columns, rows_of(places[here]))
        return hashes

    def _by_part(self, places: NDArray[np.int64]) -> list[tuple[int, NDArray[np.intp]]]:
        parts = parts_of(places)
        return [(part, np.flatnonzero(parts == part)) for part in np.unique(parts).tolist()]


def everybody_of(
    parts: Sequence[Part],
    new: Sequence[NDArray[np.bool_]] | None = None,
    *,
    modalities: Collection[Modality] = MODALITIES,
) -> Everybody:
    """People of some parts.

    Args:
        parts: Of one snapshot.
        new: Who is new, one array a part; by default everybody.
        modalities: What of them is looked at.

    Raises:
        FormatError: The templates of a part do not stand in the order of their owners.
    """
    rows: dict[tuple[int, Instance], InstanceRows] = {}
    for number, part in enumerate(parts):
        for instance in part.instances():
            if instance.modality not in modalities:
                continue
            owners, references = part.owners(instance), part.references(instance)
            if (owners[1:] < owners[:-1]).any():
                raise FormatError(
                    "templates do not stand in the order of people", record="gallery", field=instance.name
                )
            rows[number, instance] = InstanceRows(
                references=references, owners=owners, sizes=references.sizes()
            )
    return Everybody(
        parts=tuple(parts),
        new=tuple(part.wanted for part in parts) if new is None else tuple(new),
        rows=MappingProxyType(rows),
        instances=tuple(sorted({instance for _, instance in rows})),
    )


def gallery_people(snapshot: GallerySnapshot, *, without: Collection[Modality] = ()) -> Everybody:
    """Everybody of a snapshot, all of them to be compared; `without` are modalities that are left out."""
    return everybody_of(snapshot.parts(), modalities=[each for each in MODALITIES if each not in without])


def instances_named(names: Sequence[str], everybody: Everybody) -> tuple[Instance, ...]:
    """Instances of which there is a template, by names: of one, or of a modality for all of it.

    Raises:
        ValueError: There is none of a name.
    """
    chosen: set[Instance] = set()
    for name in names:
        meant = [each for each in everybody.instances if name in (each.name, each.modality.value)]
        if not meant:
            there = ", ".join(each.name for each in everybody.instances) or "nothing"
            raise ValueError(f"the gallery has no template of {name!r}; it has {there}")
        chosen.update(meant)
    return tuple(sorted(chosen))


def places_of(part: int, rows: NDArray[np.integer]) -> NDArray[np.int64]:
    """Places of rows of a part. Shape (n,), int64."""
    return rows.astype(np.int64) | (part << ROW_BITS)


def parts_of(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Part of each place. Shape (n,), int64."""
    return places >> ROW_BITS


def rows_of(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row of each place. Shape (n,), int64."""
    rows: NDArray[np.int64] = places & ((1 << ROW_BITS) - 1)
    return rows


def content_hashes(columns: PersonColumns, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
    """64 bits that change with whatever is kept of each person. Shape (n,), uint64."""
    return np.ascontiguousarray(columns.contents[rows, :8]).view("<u8")[:, 0].astype(np.uint64)
