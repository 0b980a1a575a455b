"""Columns back to persons, for export and for comparison with the system of record."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates
from biocapil.gallery.columns import Columns, ends_of
from biocapil.gallery.manifest import Manifest
from biocapil.gallery.person_record import PersonRecord, Sex
from biocapil.vocabulary import FingerPosition


def records_of(columns: Columns, wanted: NDArray[np.bool_], manifest: Manifest) -> Iterator[PersonRecord]:
    """Chosen persons with copies of their templates, in order of their rows.

    A person's templates come by position, and in the order in which they were added within one.

    Args:
        columns: Persons.
        wanted: Which of them. Shape (P,), bool.
        manifest: Names model and regions.
    """
    order = np.argsort(columns.owners, kind="stable")
    ends = ends_of(np.bincount(columns.owners, minlength=columns.persons))
    for row in np.flatnonzero(wanted).tolist():
        templates = order[ends[row] : ends[row + 1]]
        yield PersonRecord(
            person_id=columns.person_id(row),
            templates=_copied(columns, templates, manifest),
            positions=tuple(FingerPosition(code) for code in columns.positions[templates].tolist()),
            region=manifest.regions[int(columns.regions[row])],
            birth_year=int(columns.birth_years[row]) or None,
            sex=Sex(int(columns.sexes[row])),
        )


def _copied(columns: Columns, templates: NDArray[np.int64], manifest: Manifest) -> PackedTemplates:
    runs = [columns.words[columns.offsets[each] : columns.offsets[each + 1]] for each in templates.tolist()]
    return PackedTemplates(
        words=np.concatenate(runs).astype(np.uint64, copy=False),
        offsets=ends_of(np.array([len(run) for run in runs], np.int64)),
        model_id=manifest.model_id,
    )
