"""`GalleryModels` as the manifest writes them, and back."""

from __future__ import annotations

from typing import Any

from biocapil.comparison import EmbeddingPrecision
from biocapil.gallery.json_values import number, text, whole_number
from biocapil.gallery.models import FaceModel, GalleryModels, IrisModel
from biocapil.iris_code import CodeGeometry
from biocapil.vocabulary import ModelId

LARGEST = 1 << 32


def models_to_fields(models: GalleryModels) -> dict[str, Any]:
    """Fields of a JSON object; the same models give the same."""
    iris, face = models.iris, models.face
    return {
        "finger": models.finger,
        "iris": iris
        and {
            "model_id": iris.model_id,
            "columns": iris.geometry.columns,
            "column_bits": iris.geometry.column_bits,
            "turns": iris.turns,
            "every": iris.every,
        },
        "face": face
        and {
            "model_id": face.model_id,
            "dimensions": face.dimensions,
            "precision": face.precision.value,
            "spreads": float(face.spreads),
            "scale": face.scale,
        },
    }


def models_from_fields(fields: dict[str, Any]) -> GalleryModels:
    """The way back from `models_to_fields`.

    Raises:
        KeyError: A field is missing.
        TypeError: One is of another type.
        ValueError: One is outside its range, or faces have another scale than this version gives them.
    """
    finger, iris, face = fields["finger"], fields["iris"], fields["face"]
    return GalleryModels(
        finger=None if finger is None else ModelId(text(finger)),
        iris=None if iris is None else _iris(iris),
        face=None if face is None else _face(face),
    )


def _iris(fields: dict[str, Any]) -> IrisModel:
    every = fields["every"]
    return IrisModel(
        model_id=ModelId(text(fields["model_id"])),
        geometry=CodeGeometry(
            columns=whole_number(fields["columns"], LARGEST),
            column_bits=whole_number(fields["column_bits"], LARGEST),
        ),
        turns=whole_number(fields["turns"], LARGEST),
        every=None if every is None else whole_number(every, LARGEST),
    )


def _face(fields: dict[str, Any]) -> FaceModel:
    model = FaceModel(
        model_id=ModelId(text(fields["model_id"])),
        dimensions=whole_number(fields["dimensions"], LARGEST),
        precision=EmbeddingPrecision(fields["precision"]),
        spreads=number(fields["spreads"]),
    )
    if fields["scale"] != model.scale:
        raise ValueError(f"such faces are kept in {model.scale:g} steps, got {fields['scale']!r:.40}")
    return model
