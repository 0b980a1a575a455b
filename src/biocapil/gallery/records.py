"""Columns back to persons, for export and for comparison with the system of record."""

from __future__ import annotations

from collections.abc import Iterator

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
from biocapil.gallery.spans import ends_of
from biocapil.iris_code import IrisCode
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, ModelId


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
    owned = {modality: _Owned(shelf, columns.persons) for modality, shelf in columns.shelves.items()}
    for row in np.flatnonzero(wanted).tolist():
        fingers: PackedTemplates | None = None
        fingered: tuple[FingerPosition, ...] = ()
        irises: tuple[IrisCode, ...] = ()
        eyes: tuple[EyePosition, ...] = ()
        faces: tuple[Embedding, ...] = ()
        if models.finger is not None and len(some := owned[Modality.FINGER].of(row)):
            shelf = columns.shelves[Modality.FINGER]
            fingers = _fingers(shelf, some, models.finger)
            fingered = tuple(map(FingerPosition, shelf.positions[some].tolist()))
        if models.iris is not None and len(some := owned[Modality.IRIS].of(row)):
            shelf = columns.shelves[Modality.IRIS]
            irises = _irises(shelf, owned[Modality.IRIS].slots[some], models.iris)
            eyes = tuple(map(EyePosition, shelf.positions[some].tolist()))
        if models.face is not None and len(some := owned[Modality.FACE].of(row)):
            faces = _faces(columns.shelves[Modality.FACE], owned[Modality.FACE].slots[some], models.face)
        yield PersonRecord(
            person_id=columns.person_id(row),
            fingers=fingers,
            finger_positions=fingered,
            irises=irises,
            eyes=eyes,
            faces=faces,
            region=regions[int(columns.regions[row])],
            birth_year=int(columns.birth_years[row]) or None,
            sex=Sex(int(columns.sexes[row])),
        )


class _Owned:
    """Templates of each person on a shelf."""

    def __init__(self, shelf: Shelf, persons: int) -> None:
        self.slots = shelf.slots()
        self._order = np.argsort(shelf.owners, kind="stable")
        self._ends = ends_of(np.bincount(shelf.owners, minlength=persons))

    def of(self, row: int) -> NDArray[np.intp]:
        """Templates of one person, by position."""
        return self._order[self._ends[row] : self._ends[row + 1]]


def _fingers(shelf: Shelf, templates: NDArray[np.intp], model_id: ModelId) -> PackedTemplates:
    offsets, words = shelf.payload["offsets"], shelf.payload["words"]
    runs = [words[offsets[each] : offsets[each + 1]] for each in templates.tolist()]
    return PackedTemplates(
        words=np.concatenate(runs).astype(np.uint64, copy=False),
        offsets=ends_of(np.array([len(run) for run in runs], np.int64)),
        model_id=model_id,
    )


def _irises(shelf: Shelf, slots: NDArray[np.int64], model: IrisModel) -> tuple[IrisCode, ...]:
    rows = iris_columns(model)["codes"].rows(shelf.payload["codes"], slots).astype(np.uint64, copy=False)
    return tuple(
        IrisCode(
            code=each[:, 0].copy(), mask=each[:, 1].copy(), geometry=model.geometry, model_id=model.model_id
        )
        for each in rows
    )


def _faces(shelf: Shelf, slots: NDArray[np.int64], model: FaceModel) -> tuple[Embedding, ...]:
    rows = {name: column.rows(shelf.payload[name], slots) for name, column in face_columns(model).items()}
    return tuple(Embedding(values=each, model_id=model.model_id) for each in embedding_rows(rows, model))
