"""Several sets of columns to one, without the deleted: what sealing and compacting write.

sources, kept persons ─► order of persons ─► parts of bounded size ─► columns of persons, merged shelves
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.gallery.columns import Columns
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.shelf_merging import MergedShelf, merge_shelves
from biocapil.gallery.spans import ends_of
from biocapil.vocabulary import Modality


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
    """Persons of a new segment, whose templates still lie in the sources.

    Attributes:
        persons: Columns of persons, without shelves.
        shelves: Templates of each modality.
    """

    persons: Columns
    shelves: Mapping[Modality, MergedShelf]


def merge(sources: Sequence[Source], models: GalleryModels, *, most_bytes: int) -> Iterator[Merged]:
    """Merge sources in parts of about so many bytes of templates; nobody's templates are parted.

    Args:
        sources: Of different persons.
        models: Models of the gallery.
        most_bytes: A part ends with the person that reaches it, at least 1.
    """
    source = np.concatenate([np.full(int(each.kept.sum()), at) for at, each in enumerate(sources)])
    person = np.concatenate([np.flatnonzero(each.kept) for each in sources])
    hashes = np.concatenate([each.columns.id_hashes[each.kept] for each in sources])
    sizes = np.concatenate([each.columns.payload_bytes()[each.kept] for each in sources])
    order = np.argsort(hashes, kind="stable")
    part = (ends_of(sizes[order])[:-1]) // most_bytes
    for number in np.unique(part).tolist():
        chosen = order[part == number]
        yield _part(sources, source[chosen], person[chosen], models)


def _part(
    sources: Sequence[Source], source: NDArray[np.int64], person: NDArray[np.int64], models: GalleryModels
) -> Merged:
    """Chosen persons, in their order."""
    gathered: dict[str, Any] = {
        name: _gathered([getattr(each.columns, name) for each in sources], source, person)
        for name in ("id_hashes", "contents", "regions", "birth_years", "sexes")
    }
    places: list[list[int]] = np.stack([source, person], axis=1).tolist()
    ids = [sources[at].columns.person_id(row).encode() for at, row in places]
    persons = Columns(
        id_ends=np.cumsum([len(each) for each in ids], dtype=np.int64),
        ids=np.frombuffer(b"".join(ids), np.uint8),
        shelves={},
        **gathered,
    )
    new_rows = [_new_rows(each, at, source, person) for at, each in enumerate(sources)]
    shelves = {
        modality: merge_shelves(
            modality, [each.columns.shelves[modality] for each in sources], new_rows, models
        )
        for modality in models.modalities
    }
    return Merged(persons=persons, shelves=shelves)


def _new_rows(
    source: Source, number: int, sources: NDArray[np.int64], persons: NDArray[np.int64]
) -> NDArray[np.int64]:
    """New row of each person of one source; -1 for those who are not of this part."""
    new_row = np.full(source.columns.persons, -1, np.int64)
    here = np.flatnonzero(sources == number)
    new_row[persons[here]] = here
    return new_row


def _gathered(
    columns: Sequence[NDArray[Any]], source: NDArray[np.int64], person: NDArray[np.int64]
) -> NDArray[Any]:
    """One value a person out of the columns of several sources."""
    found = np.empty((len(source), *columns[0].shape[1:]), columns[0].dtype)
    for number, column in enumerate(columns):
        here = np.flatnonzero(source == number)
        found[here] = column[person[here]]
    return found
