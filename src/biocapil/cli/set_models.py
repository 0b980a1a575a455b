"""Which models the templates of a set are of, as a gallery wants to know it when it is made."""

from __future__ import annotations

from collections.abc import Sequence

from biocapil.comparison import EmbeddingPrecision, usual_turns
from biocapil.embedding import Embedding
from biocapil.extraction import ExtractedSample
from biocapil.gallery import FaceModel, GalleryModels, IrisModel
from biocapil.iris_code import IrisCode


def models_of_set(
    samples: Sequence[ExtractedSample], *, precision: EmbeddingPrecision = EmbeddingPrecision.INT8
) -> GalleryModels:
    """Models of the templates of a set, with the usual turns of irises.

    Args:
        samples: What extraction made of each sample.
        precision: What a gallery keeps of faces.

    Raises:
        ValueError: No sample gave a template.
    """
    templates = [sample.template for sample in samples if sample.template is not None]
    if not templates:
        raise ValueError("no sample of the set gave a template: a gallery needs to know its models")
    fingers = [sample.fingerprint.model_id for sample in samples if sample.fingerprint is not None]
    irises = [each for each in templates if isinstance(each, IrisCode)]
    faces = [each for each in templates if isinstance(each, Embedding)]
    return GalleryModels(
        finger=fingers[0] if fingers else None,
        iris=None if not irises else iris_model(irises[0]),
        face=None
        if not faces
        else FaceModel(model_id=faces[0].model_id, dimensions=len(faces[0]), precision=precision),
    )


def iris_model(code: IrisCode) -> IrisModel:
    """How codes like this one are encoded, with the usual turns."""
    return IrisModel(model_id=code.model_id, geometry=code.geometry, turns=usual_turns(code.geometry))
