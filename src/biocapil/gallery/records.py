"""Columns back to persons, for export and for comparison with the system of record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates
from biocapil.embedding import Embedding
from biocapil.gallery.columns import Columns
from biocapil.gallery.kept_faces import embedding_rows
from biocapil.gallery.lanes import face_columns, iris_columns
from biocapil.gallery.models import FaceModel, GalleryModels, IrisModel
from biocapil.gallery.person_record import PersonRecord, Sex
from biocapil.gallery.shelf import Shelf
from biocapil.gallery.spans import ends_of, run_rows
from biocapil.iris_code import IrisCode
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, ModelId

BATCH = 512
"""Persons whose templates are gathered at a time."""


def records_of(
    columns: Columns, wanted: NDArray[np.bool_], regions: tuple[str, ...], models: GalleryModels
) -> Iterator[PersonRecord]:
    """Chosen persons with copies of their templates, in order of their rows.

    A person's templates come by position, and in the order in which they were added within one. Faces are
    those that are kept: quantised, where that is all that is kept.

    Args:
        columns: Persons.
        wanted: Which of them. Shape (P,), bool.
        regions: Names of the regions by number.
        models: Models of the gallery.
    """
    owned = {modality: OwnedTemplates(shelf, columns.persons) for modality, shelf in columns.shelves.items()}
    everybody = np.flatnonzero(wanted)
    for first in range(0, len(everybody), BATCH):
        rows = everybody[first : first + BATCH]
        fingers, fingered = _fingers(owned.get(Modality.FINGER), rows, models.finger)
        irises, eyes = _irises(owned.get(Modality.IRIS), rows, models.iris)
        faces = _faces(owned.get(Modality.FACE), rows, models.face)
        for place, row in enumerate(rows.tolist()):
            yield PersonRecord(
                person_id=columns.person_id(row),
                fingers=fingers[place],
                finger_positions=fingered[place],
                irises=irises[place],
                eyes=eyes[place],
                faces=faces[place],
                region=regions[int(columns.regions[row])],
                birth_year=int(columns.birth_years[row]) or None,
                sex=Sex(int(columns.sexes[row])),
            )


class OwnedTemplates:
    """Templates of each person on a shelf."""

    def __init__(self, shelf: Shelf, persons: int) -> None:
        self.shelf = shelf
        self.slots = shelf.slots()
        self._order = np.argsort(shelf.owners, kind="stable")
        self._ends = ends_of(np.bincount(shelf.owners, minlength=persons))

    def of(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], list[tuple[int, int]]]:
        """Templates of some persons, person after person and by position, and where each person's stand."""
        sizes = self._ends[rows + 1] - self._ends[rows]
        edges: list[int] = ends_of(sizes).tolist()
        return self._order[run_rows(self._ends[rows], sizes)], list(pairwise(edges))


def _fingers(
    owned: OwnedTemplates | None, rows: NDArray[np.intp], model_id: ModelId | None
) -> tuple[list[PackedTemplates | None], list[tuple[FingerPosition, ...]]]:
    if owned is None or model_id is None:
        return [None] * len(rows), [()] * len(rows)
    templates, spans = owned.of(rows)
    payload = owned.shelf.payload
    starts = payload["offsets"][templates]
    sizes = payload["offsets"][templates + 1] - starts
    words, ends = payload["words"][run_rows(starts, sizes)], ends_of(sizes)
    positions = [FingerPosition(code) for code in owned.shelf.positions[templates].tolist()]
    packed = [
        PackedTemplates(
            words=words[ends[first] : ends[last]].copy(),
            offsets=ends[first : last + 1] - ends[first],
            model_id=model_id,
        )
        if last > first
        else None
        for first, last in spans
    ]
    return packed, [tuple(positions[first:last]) for first, last in spans]


def _irises(
    owned: OwnedTemplates | None, rows: NDArray[np.intp], model: IrisModel | None
) -> tuple[list[tuple[IrisCode, ...]], list[tuple[EyePosition, ...]]]:
    if owned is None or model is None:
        return [()] * len(rows), [()] * len(rows)
    templates, spans = owned.of(rows)
    found = iris_columns(model)["codes"].rows(owned.shelf.payload["codes"], owned.slots[templates])
    words = np.ascontiguousarray(found.transpose(0, 2, 1), np.uint64)
    positions = [EyePosition(code) for code in owned.shelf.positions[templates].tolist()]
    codes = [
        IrisCode(code=code.copy(), mask=mask.copy(), geometry=model.geometry, model_id=model.model_id)
        for code, mask in words
    ]
    return [tuple(codes[first:last]) for first, last in spans], [
        tuple(positions[first:last]) for first, last in spans
    ]


def _faces(
    owned: OwnedTemplates | None, rows: NDArray[np.intp], model: FaceModel | None
) -> list[tuple[Embedding, ...]]:
    if owned is None or model is None:
        return [()] * len(rows)
    templates, spans = owned.of(rows)
    payload, slots = owned.shelf.payload, owned.slots[templates]
    vectors = embedding_rows(
        {name: column.rows(payload[name], slots) for name, column in face_columns(model).items()}, model
    )
    faces = [Embedding(values=vector.copy(), model_id=model.model_id) for vector in vectors]
    return [tuple(faces[first:last]) for first, last in spans]
