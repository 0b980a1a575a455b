"""Embeddings of faces as a `ReferenceSet`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.embedding_cascade import cascade
from biocapil.comparison.embedding_layout import LANES
from biocapil.comparison.embedding_scan import (
    Pairs,
    ProbeWords,
    below_threshold,
    best_of,
    exact_stage,
    pairs_of,
    scored,
    tiles_of,
    words_of,
    words_of_references,
)
from biocapil.comparison.embedding_search import MAX_LIMIT
from biocapil.comparison.packed_embeddings import PackedEmbeddings, stack_rows
from biocapil.comparison.reference_set import (
    FULL_SIZE,
    FoundPairs,
    ProbeSet,
    require_fitting,
    require_stretch,
)
from biocapil.embedding import Embedding
from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import Modality, ModelId

COMPARATOR = "cosine/1"
"""Version of the similarity: it changes with every rule that changes one."""

FULL_SCALE = 100.0
"""Similarity of equal embeddings."""

ROUNDING = 1e-6
"""What is granted to a threshold before similarities are compared with it as they are returned."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceProbes:
    """Embeddings to search for: as they are, or as a gallery holds them.

    Attributes:
        source: Embeddings, shape (P, D), float32; or the gallery that they are rows of.
        first: First row in that gallery.
        last: One past the last.
        model_id: Model that made them.
    """

    source: NDArray[np.float32] | PackedEmbeddings
    first: int
    last: int
    model_id: ModelId
    modality = Modality.FACE

    @property
    def dimensions(self) -> int:
        """Dimensions of each."""
        source = self.source
        return source.dimensions if isinstance(source, PackedEmbeddings) else source.shape[1]

    def __len__(self) -> int:
        return self.last - self.first

    def sizes(self) -> NDArray[np.int16]:
        """`FULL_SIZE` for each. Shape (P,), int16."""
        return np.full(len(self), FULL_SIZE, np.int16)

    def words_for(self, gallery: PackedEmbeddings) -> ProbeWords:
        """In every form that a gallery is compared in.

        Raises:
            IncompatibleTemplates: The gallery they are rows of keeps other steps or another precision.
        """
        source = self.source
        if not isinstance(source, PackedEmbeddings):
            return words_of(source[self.first : self.last], gallery)
        if source.scale != gallery.scale or source.precision is not gallery.precision:
            raise IncompatibleTemplates(
                f"embeddings of {source.precision.value} at {source.scale:g} steps never compare with those "
                f"of {gallery.precision.value} at {gallery.scale:g}: pack both in one precision and scale"
            )
        return words_of_references(source, self.first, self.last)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceReferences:
    """Packed embeddings that are searched.

    Attributes:
        packed: The embeddings.
    """

    packed: PackedEmbeddings
    modality = Modality.FACE
    comparator = COMPARATOR

    @property
    def model_id(self) -> ModelId:
        """Model that made them."""
        return self.packed.model_id

    def __len__(self) -> int:
        return len(self.packed)

    def sizes(self) -> NDArray[np.int16]:
        """`FULL_SIZE` for each. Shape (N,), int16."""
        return np.full(len(self), FULL_SIZE, np.int16)

    def probes(self, first: int, last: int) -> FaceProbes:
        """References `first` to `last` as probes."""
        return FaceProbes(source=self.packed, first=first, last=last, model_id=self.model_id)

    def scan(
        self,
        probes: ProbeSet,
        first: int,
        last: int,
        *,
        least: float = 0.0,
        limit: int | None = None,
        exact: bool = True,
    ) -> FoundPairs:
        """See `ReferenceSet.scan`; the cascade runs only where a threshold is given."""
        ready = self._fitting(probes)
        require_stretch(self, first, last, least, limit)
        words = ready.words_for(self.packed)
        threshold = max(least / FULL_SCALE - ROUNDING, 0.0)
        blocks = (first // LANES, -(-last // LANES))
        if not len(words) or first == last or threshold > 1.0:
            return _found_pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
        if not exact and least > 0:
            pairs = cascade(self.packed, words, threshold, *blocks).pairs
            found = _found_pairs(pairs.probes, pairs.rows, pairs.scores)
        elif limit is not None and limit <= MAX_LIMIT:
            found = self._best(words, *blocks, limit=limit, threshold=threshold)
        else:
            found = self._all(words, *blocks, threshold=threshold)
        found = found.where((found.similarities > 0) & (found.similarities >= least))
        return found if limit is None else found.strongest(limit)

    def similarities(
        self, probes: ProbeSet, which: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `ReferenceSet.similarities`."""
        ready = self._fitting(probes)
        if not len(rows):
            return np.empty(0, np.float32)
        stage = exact_stage(self.packed, ready.words_for(self.packed))
        pairs = Pairs(probes=which, rows=rows, scores=np.empty(len(rows), stage.starts.dtype))
        return face_similarity(scored(stage, pairs).scores / self._unit)

    @property
    def _unit(self) -> float:
        """Score of equal embeddings."""
        return 1.0 if self.packed.values is not None else self.packed.scale**2

    def _best(self, words: ProbeWords, first: int, last: int, *, limit: int, threshold: float) -> FoundPairs:
        stage = exact_stage(self.packed, words)
        bound = below_threshold(self.packed, stage, threshold)
        scores, rows = best_of(stage, tiles_of(stage), first, last, limit=limit, bound=bound)
        probes, places = np.nonzero(rows >= 0)
        return _found_pairs(probes, rows[probes, places], scores[probes, places] / self._unit)

    def _all(self, words: ProbeWords, first: int, last: int, *, threshold: float) -> FoundPairs:
        stage = exact_stage(self.packed, words)
        bound = below_threshold(self.packed, stage, threshold)
        pairs = pairs_of(stage, tiles_of(stage), first, last, bound=bound)
        return _found_pairs(pairs.probes, pairs.rows, pairs.scores / self._unit)

    def _fitting(self, probes: ProbeSet) -> FaceProbes:
        require_fitting(probes, self)
        assert isinstance(probes, FaceProbes)  # noqa: S101  # follows from the modality
        if probes.dimensions != self.packed.dimensions:
            raise IncompatibleTemplates(
                f"the probes have {probes.dimensions} dimensions, the references {self.packed.dimensions}"
            )
        return probes


def face_probes(embeddings: Sequence[Embedding]) -> FaceProbes:
    """Prepare embeddings of one model, at least one.

    Raises:
        IncompatibleTemplates: They are of different models.
        ValueError: There is none, or they are not of one length.
    """
    if not embeddings:
        raise ValueError("a search needs at least one embedding, got none")
    model_id = embeddings[0].model_id
    rows = stack_rows(embeddings, model_id=model_id, dimensions=len(embeddings[0]))
    return FaceProbes(source=rows, first=0, last=len(rows), model_id=model_id)


def face_similarity(cosines: NDArray[Any]) -> NDArray[np.float32]:
    """Similarity of a cosine: 100 for equal embeddings, 0 for those at a right angle and beyond."""
    return np.maximum(0.0, FULL_SCALE * cosines).astype(np.float32)


def _found_pairs(probes: NDArray[np.int64], rows: NDArray[np.int64], cosines: NDArray[Any]) -> FoundPairs:
    order = np.lexsort((rows, probes))
    return FoundPairs(probes=probes[order], rows=rows[order], similarities=face_similarity(cosines[order]))
