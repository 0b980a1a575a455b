"""Embeddings for the comparison tests: random numbers, never of a person's face."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from biocapil.comparison import EmbeddingPrecision, PackedEmbeddings, pack_embedding_rows
from biocapil.embedding import Embedding
from biocapil.vocabulary import ModelId

MODEL = ModelId("made@1")
Rows = NDArray[np.float32]


def unit_rows(values: NDArray[np.floating]) -> Rows:
    """Rows of length 1."""
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)


def random_rows(seed: int, count: int, dimensions: int, *, freedom: int | None = None) -> Rows:
    """Random directions; with degrees of freedom given, in a random subspace of that many dimensions."""
    rng = np.random.default_rng(seed)
    if freedom is None:
        return unit_rows(rng.standard_normal((count, dimensions)))
    return unit_rows(rng.standard_normal((count, freedom)) @ rng.standard_normal((freedom, dimensions)))


def mates_of(rows: Rows, seed: int, *, noise: float) -> Rows:
    """Other embeddings of the same sources."""
    rng = np.random.default_rng(seed)
    return unit_rows(rows + noise * rng.standard_normal(rows.shape) / np.sqrt(rows.shape[1]))


def embeddings_of(rows: Rows, *, model: ModelId = MODEL) -> list[Embedding]:
    """One embedding a row."""
    return [Embedding(values=row, model_id=model) for row in rows]


def packed_rows(rows: Rows, precision: EmbeddingPrecision) -> PackedEmbeddings:
    """The rows, packed."""
    return pack_embedding_rows(rows, model_id=MODEL, precision=precision)


@st.composite
def probes_and_references(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """One to twenty probes, up to 150 references, 1 to 140 dimensions, with ties and mates among them."""
    seed = draw(st.integers(0, 2**32 - 1))
    dimensions = draw(st.integers(1, 140))
    count = draw(st.sampled_from([1, 2, 15, 16, 17, 47, 48, 49, 96, 97, 150]))
    references = random_rows(seed, count, dimensions)
    rng = np.random.default_rng(seed)
    if draw(st.booleans()):
        references = references[rng.integers(0, max(1, count // 3), count)]
    own = references[rng.integers(0, count, draw(st.sampled_from([1, 2, 7, 8, 9, 20])))]
    return mates_of(own, seed + 1, noise=draw(st.sampled_from([0.0, 0.5]))), references
