"""The templates of one instance as the set that is searched; nothing of the payload is copied."""

from __future__ import annotations

from biocapil.comparison import (
    FaceReferences,
    FingerReferences,
    IrisReferences,
    PackedCodes,
    PackedEmbeddings,
    PackedTemplates,
    ReferenceSet,
    ThinnedCodes,
)
from biocapil.comparison.embedding_layout import LANES
from biocapil.comparison.packed_codes import LANES as CODE_LANES
from biocapil.gallery.models import FaceModel, GalleryModels, IrisModel
from biocapil.gallery.shelf import Run, Shelf, whole
from biocapil.iris_code import CodeGeometry
from biocapil.vocabulary import Modality, ModelId


def references_of(shelf: Shelf, position: int, models: GalleryModels) -> ReferenceSet:
    """Templates of one instance.

    Args:
        shelf: Where they are.
        position: One that the shelf has.
        models: Models of the gallery.

    Raises:
        ValueError: The shelf has no template of that position.
    """
    run = shelf.run_of(position)
    if run.templates:
        if shelf.modality is Modality.FINGER and models.finger is not None:
            return FingerReferences(packed=packed_fingers(shelf, run.templates, models.finger))
        if shelf.modality is Modality.IRIS and models.iris is not None:
            return _irises(shelf, run, models.iris)
        if shelf.modality is Modality.FACE and models.face is not None:
            return FaceReferences(packed=_faces(shelf, run, models.face))
    raise ValueError(f"there is no template of {shelf.modality.value} {position}")


def packed_fingers(shelf: Shelf, templates: range, model_id: ModelId) -> PackedTemplates:
    """Neighbouring fingerprint templates; only their offsets are copied."""
    offsets = shelf.payload["offsets"][templates.start : templates.stop + 1]
    first, beyond = int(offsets[0]), int(offsets[-1])
    words = shelf.payload["words"][first:beyond]
    return PackedTemplates(words=words, offsets=offsets - first, model_id=model_id)


def _irises(shelf: Shelf, run: Run, model: IrisModel) -> IrisReferences:
    packed = _codes(shelf, run, "", model.geometry, model.model_id)
    stage_one = None
    if model.thinned is not None and model.every is not None:
        thinned = _codes(shelf, run, "thinned_", model.thinned, model.model_id)
        stage_one = ThinnedCodes(
            codes=thinned,
            every=model.every,
            pairs_every=model.pairs_every,
            of_geometry=model.geometry,
        )
    return IrisReferences(packed=packed, turns=model.turns, stage_one=stage_one)


def _codes(shelf: Shelf, run: Run, prefix: str, geometry: CodeGeometry, model_id: ModelId) -> PackedCodes:
    blocks = _blocks(run, CODE_LANES, whole(len(run.slots), Modality.IRIS))
    return PackedCodes(
        blocks=shelf.payload[f"{prefix}codes"][blocks],
        valid_bits=shelf.payload[f"{prefix}valid_bits"][blocks],
        count=len(run.slots),
        geometry=geometry,
        model_id=model_id,
    )


def _faces(shelf: Shelf, run: Run, model: FaceModel) -> PackedEmbeddings:
    if shelf.measures is None:
        raise ValueError("faces without their measures")
    blocks = _blocks(run, LANES, whole(len(run.slots), Modality.FACE))
    values = shelf.payload.get("values")
    return PackedEmbeddings(
        count=len(run.slots),
        dimensions=model.dimensions,
        signs=shelf.payload["signs"][blocks],
        octets=shelf.payload["octets"][blocks],
        values=None if values is None else values[blocks],
        scale=model.scale,
        rounding=shelf.measures.rounding,
        spreads=shelf.measures.spreads,
        model_id=model.model_id,
    )


def _blocks(run: Run, lanes: int, slots: int) -> slice:
    """Blocks that hold a run."""
    first = run.slots.start // lanes
    return slice(first, first + slots // lanes)
