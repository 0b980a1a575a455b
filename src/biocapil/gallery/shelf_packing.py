"""Persons' templates of one modality to a `Shelf`: how the log's persons and a rebuild are packed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import pack_codes, pack_embedding_rows, thin
from biocapil.comparison.layout import WORDS
from biocapil.comparison.packed_embeddings import stack_rows
from biocapil.embedding import Embedding
from biocapil.gallery.lanes import lane_columns
from biocapil.gallery.models import FaceModel, GalleryModels, IrisModel
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.shelf import FaceMeasures, Shelf, runs_of
from biocapil.gallery.spans import ends_of, run_rows
from biocapil.iris_code import IrisCode
from biocapil.vocabulary import Modality


def shelf_of(modality: Modality, records: Sequence[PersonRecord], models: GalleryModels) -> Shelf:
    """Templates of one modality of some persons.

    Args:
        modality: One that the gallery has a model of.
        records: Persons, in the order of their rows, whose templates are of these models.
        models: Models of the gallery.
    """
    if modality is Modality.FINGER:
        return _fingers(records)
    if modality is Modality.IRIS and models.iris is not None:
        codes = [code for each in records for code in each.irises]
        eyes = [each.eyes for each in records]
        owners, positions, order = _sorted_templates(eyes)
        places: list[int] = order.tolist()
        return _irises([codes[place] for place in places], owners, positions, models.iris)
    if modality is Modality.FACE and models.face is not None:
        faces = [face for each in records for face in each.faces]
        owners, positions, _ = _sorted_templates([(0,) * len(each.faces) for each in records])
        return _faces(faces, owners, positions, models.face)
    raise ValueError(f"the gallery holds no {modality.value}")


def empty_payload(modality: Modality, models: GalleryModels) -> dict[str, NDArray[Any]]:
    """Columns of a shelf without a template."""
    if modality is Modality.FINGER:
        return {"offsets": np.zeros(1, np.int64), "words": np.zeros((0, WORDS), np.uint64)}
    return {
        name: np.zeros(column.shape(0), column.dtype)
        for name, column in lane_columns(modality, models).items()
    }


def _sorted_templates(
    positions_of: Sequence[tuple[int, ...]],
) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.intp]]:
    """Owners and positions as a shelf has them, and which template of the persons each is."""
    owners = np.repeat(np.arange(len(positions_of), dtype=np.int32), [len(each) for each in positions_of])
    positions = np.array([code for each in positions_of for code in each], np.uint8)
    order = np.argsort(positions, kind="stable")
    return owners[order], positions[order], order


def _fingers(records: Sequence[PersonRecord]) -> Shelf:
    owners, positions, order = _sorted_templates([each.finger_positions for each in records])
    packed = [each.fingers for each in records if each.fingers is not None]
    sizes = np.concatenate([np.zeros(0, np.int64), *(np.diff(each.offsets) for each in packed)])
    words = np.concatenate([np.zeros((0, WORDS), np.uint64), *(each.words for each in packed)])
    rows = run_rows(ends_of(sizes)[:-1][order], sizes[order])
    return Shelf(
        modality=Modality.FINGER,
        owners=owners,
        positions=positions,
        payload={"offsets": ends_of(sizes[order]), "words": words[rows]},
    )


def _irises(
    codes: Sequence[IrisCode], owners: NDArray[np.int32], positions: NDArray[np.uint8], model: IrisModel
) -> Shelf:
    parts: dict[str, list[NDArray[Any]]] = {
        name: [column] for name, column in empty_payload(Modality.IRIS, GalleryModels(iris=model)).items()
    }
    for _, run in runs_of(positions, Modality.IRIS):
        packed = pack_codes([codes[place] for place in run.templates])
        parts["codes"].append(packed.blocks)
        parts["valid_bits"].append(packed.valid_bits)
        if model.every is not None:
            thinned = thin(packed, every=model.every, pairs_every=model.pairs_every).codes
            parts["thinned_codes"].append(thinned.blocks)
            parts["thinned_valid_bits"].append(thinned.valid_bits)
    payload = {name: np.concatenate(columns) for name, columns in parts.items()}
    return Shelf(modality=Modality.IRIS, owners=owners, positions=positions, payload=payload)


def _faces(
    faces: Sequence[Embedding], owners: NDArray[np.int32], positions: NDArray[np.uint8], model: FaceModel
) -> Shelf:
    payload, measures = empty_payload(Modality.FACE, GalleryModels(face=model)), None
    if faces:
        rows = stack_rows(faces, model_id=model.model_id, dimensions=model.dimensions)
        packed = pack_embedding_rows(
            rows, model_id=model.model_id, precision=model.precision, scale=model.scale
        )
        payload = {name: getattr(packed, name) for name in payload}
        measures = FaceMeasures(rounding=packed.rounding, spreads=packed.spreads)
    return Shelf(
        modality=Modality.FACE, owners=owners, positions=positions, payload=payload, measures=measures
    )
