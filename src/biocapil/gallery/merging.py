"""Several sets of columns to one, without the deleted: what sealing and compacting write.

sources, kept persons ─► order of persons ─► parts of bounded size ─► columns of each part, minutiae in runs
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import WORDS
from biocapil.gallery.columns import Columns, ends_of, run_rows

CHUNK = 8192
"""Templates whose minutiae are gathered at a time: 20 MB."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """Columns of which some persons are kept.

    Attributes:
        columns: The columns.
        kept: Which persons. Shape (P,), bool.
    """

    columns: Columns
    kept: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Merged:
    """Columns of a part, whose minutiae still lie in the sources.

    Attributes:
        columns: Everything but `words`, which is empty.
        sources: Where the minutiae lie.
        source: Source of each template. Shape (T,).
        template: Template in that source. Shape (T,).
    """

    columns: Columns
    sources: tuple[Source, ...]
    source: NDArray[np.int64]
    template: NDArray[np.int64]

    def words(self) -> Iterator[NDArray[np.uint64]]:
        """The minutiae in the order of the columns, in parts of `CHUNK` templates."""
        for start in range(0, len(self.source), CHUNK):
            yield self._gathered(slice(start, start + CHUNK))

    def _gathered(self, templates: slice) -> NDArray[np.uint64]:
        source, template = self.source[templates], self.template[templates]
        offsets = self.columns.offsets[templates.start : templates.start + len(source) + 1]
        starts, sizes = offsets[:-1] - offsets[0], np.diff(offsets)
        words = np.empty((int(sizes.sum()), WORDS), np.uint64)
        numbers: list[int] = np.unique(source).tolist()
        for number in numbers:
            here = np.flatnonzero(source == number)
            columns = self.sources[number].columns
            rows = run_rows(columns.offsets[template[here]], sizes[here])
            words[run_rows(starts[here], sizes[here])] = columns.words[rows]
        return words


def merge(sources: Sequence[Source], *, most_minutiae: int) -> Iterator[Merged]:
    """Merge sources in parts of about so many minutiae; nobody's templates are parted.

    Args:
        sources: Of different persons.
        most_minutiae: A part ends with the person that reaches it.
    """
    source = np.concatenate([np.full(int(each.kept.sum()), at) for at, each in enumerate(sources)])
    person = np.concatenate([np.flatnonzero(each.kept) for each in sources])
    hashes = np.concatenate([each.columns.id_hashes[each.kept] for each in sources])
    minutiae = np.concatenate([_minutiae(each.columns)[each.kept] for each in sources])
    order = np.argsort(hashes, kind="stable")
    part = (ends_of(minutiae[order])[:-1]) // most_minutiae
    for number in np.unique(part).tolist():
        chosen = order[part == number]
        yield _part(tuple(sources), source[chosen], person[chosen])


def _minutiae(columns: Columns) -> NDArray[np.int64]:
    """Minutiae of each person. Shape (P,), int64."""
    counts = np.zeros(columns.persons, np.int64)
    np.add.at(counts, columns.owners, np.diff(columns.offsets))
    return counts


def _part(sources: tuple[Source, ...], source: NDArray[np.int64], person: NDArray[np.int64]) -> Merged:
    """Columns of chosen persons, in their order."""
    owners, positions, sizes, from_source, template = (
        np.concatenate(columns)
        for columns in zip(
            *(_templates(each, at, source, person) for at, each in enumerate(sources)), strict=True
        )
    )
    order = np.lexsort((owners, positions))
    gathered: dict[str, Any] = {
        name: _gathered([getattr(each.columns, name) for each in sources], source, person)
        for name in ("id_hashes", "contents", "regions", "birth_years", "sexes")
    }
    places: list[list[int]] = np.stack([source, person], axis=1).tolist()
    ids = [sources[at].columns.person_id(row).encode() for at, row in places]
    columns = Columns(
        words=np.zeros((0, WORDS), np.uint64),
        offsets=ends_of(sizes[order]),
        owners=owners[order].astype(np.int32),
        positions=positions[order],
        id_ends=np.cumsum([len(each) for each in ids], dtype=np.int64),
        ids=np.frombuffer(b"".join(ids), np.uint8),
        **gathered,
    )
    return Merged(columns=columns, sources=sources, source=from_source[order], template=template[order])


def _templates(
    source: Source, number: int, sources: NDArray[np.int64], persons: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """New owner, position, size, source and number of each template that one source brings to a part."""
    new_row = np.full(source.columns.persons, -1, np.int64)
    here = np.flatnonzero(sources == number)
    new_row[persons[here]] = here
    owners = new_row[source.columns.owners]
    taken = np.flatnonzero(owners >= 0)
    sizes = np.diff(source.columns.offsets)[taken]
    return owners[taken], source.columns.positions[taken], sizes, np.full(len(taken), number), taken


def _gathered(
    columns: Sequence[NDArray[Any]], source: NDArray[np.int64], person: NDArray[np.int64]
) -> NDArray[Any]:
    """One value a person out of the columns of several sources."""
    found = np.empty((len(source), *columns[0].shape[1:]), columns[0].dtype)
    for number, column in enumerate(columns):
        here = np.flatnonzero(source == number)
        found[here] = column[person[here]]
    return found
