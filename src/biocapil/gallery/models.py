"""`GalleryModels`: what a gallery holds at all, one model a modality."""

from __future__ import annotations

import math
from dataclasses import dataclass

from biocapil.comparison import EmbeddingPrecision
from biocapil.comparison.embedding_layout import BYTE_MAX
from biocapil.comparison.packed_codes import kept_geometry, usual_pairs_every
from biocapil.embedding import MAX_DIMENSIONS
from biocapil.errors import IncompatibleTemplates
from biocapil.gallery.person_record import PersonRecord
from biocapil.iris_code import CodeGeometry
from biocapil.vocabulary import MODALITIES, Modality, ModelId

SPREADS_WHOLE = 5.0
"""Standard deviations of an embedding's values that are quantised without being cut off, by default."""

SPREADS_RANGE = (1.0, 100.0)

Model = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IrisModel:
    """How irises are encoded and compared.

    Attributes:
        model_id: Model or encoder of all codes.
        geometry: How their bits stand.
        turns: Columns that an eye may be turned either way, 0 to half of the columns.
        every: One column in so many is kept beside the codes for two-stage search; None for none.
    """

    model_id: ModelId
    geometry: CodeGeometry
    turns: int
    every: int | None = None

    def __post_init__(self) -> None:
        columns = self.geometry.columns
        if not 0 <= self.turns <= columns // 2:
            raise ValueError(f"turns must lie in 0..{columns // 2}, half of the columns, got {self.turns}")
        if self.every is not None and not 2 <= self.every <= columns:
            raise ValueError(f"every must lie in 2..{columns}, the columns of a code, got {self.every}")

    @property
    def thinned(self) -> CodeGeometry | None:
        """How the bits of the kept columns stand."""
        if self.every is None:
            return None
        return kept_geometry(self.geometry, every=self.every, pairs_every=self.pairs_every)

    @property
    def pairs_every(self) -> int:
        """One pair of bits of a kept column in so many is kept."""
        return usual_pairs_every(self.geometry)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceModel:
    """How faces are embedded and kept.

    Attributes:
        model_id: Model of all embeddings.
        dimensions: Dimensions of each.
        precision: What similarities are computed from; with INT8, quantised values are all that is kept.
        spreads: Standard deviations of the values that are quantised without being cut off, 1 to 100.
    """

    model_id: ModelId
    dimensions: int
    precision: EmbeddingPrecision = EmbeddingPrecision.INT8
    spreads: float = SPREADS_WHOLE

    def __post_init__(self) -> None:
        if not 1 <= self.dimensions <= MAX_DIMENSIONS:
            raise ValueError(f"dimensions must lie in 1..{MAX_DIMENSIONS}, got {self.dimensions}")
        least, most = SPREADS_RANGE
        if not least <= self.spreads <= most:
            raise ValueError(f"spreads must lie in {least:g}..{most:g}, got {self.spreads!r}")

    @property
    def scale(self) -> float:
        """Quantised steps in a length of 1: the same in all segments of all galleries of such a model."""
        return BYTE_MAX / min(1.0, self.spreads / math.sqrt(self.dimensions))


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryModels:
    """Models of a gallery, at least one; modalities without one are not held.

    Attributes:
        finger: Model of all fingerprint templates.
        iris: Of all iris codes.
        face: Of all embeddings of faces.
    """

    finger: ModelId | None = None
    iris: IrisModel | None = None
    face: FaceModel | None = None

    def __post_init__(self) -> None:
        if not self.modalities:
            raise ValueError("a gallery needs a model of at least one modality, got none")

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """Modalities that are held, in the order of `Modality`."""
        return tuple(self._ids)

    @property
    def names(self) -> str:
        """The models in words."""
        return ", ".join(self._ids.values())

    def model_of(self, modality: Modality) -> ModelId:
        """Model of one modality.

        Raises:
            IncompatibleTemplates: The gallery holds none of it.
        """
        if modality not in self._ids:
            raise IncompatibleTemplates(f"the gallery holds no {modality.value}: it is of {self.names}")
        return self._ids[modality]

    @property
    def _ids(self) -> dict[Modality, ModelId]:
        iris, face = self.iris, self.face
        ids = {
            Modality.FINGER: self.finger,
            Modality.IRIS: None if iris is None else iris.model_id,
            Modality.FACE: None if face is None else face.model_id,
        }
        return {modality: found for modality in MODALITIES if (found := ids[modality]) is not None}

    def require(self, record: PersonRecord) -> None:
        """Refuse a person whose templates are not of these models.

        Raises:
            IncompatibleTemplates: Some are of another model or form, or of a modality that is not held.
        """
        if record.fingers is not None:
            _require_same("finger", (self.finger,), (record.fingers.model_id,))
        iris = None if self.iris is None else (self.iris.model_id, self.iris.geometry)
        for code in record.irises:
            _require_same("iris", iris, (code.model_id, code.geometry))
        face = None if self.face is None else (self.face.model_id, self.face.dimensions)
        for embedding in record.faces:
            _require_same("face", face, (embedding.model_id, len(embedding)))


def _require_same(modality: str, held: Model | None, given: Model) -> None:
    if held != given:
        known = "no model" if held is None or held == (None,) else _words(held)
        raise IncompatibleTemplates(
            f"the gallery is of {known} for {modality}, the person's templates are of {_words(given)}; "
            "templates of different models never compare: extract them with the gallery's model"
        )


def _words(model: Model) -> str:
    return " ".join(map(str, model))
