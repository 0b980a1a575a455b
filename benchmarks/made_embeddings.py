"""Made-up embeddings: Gaussian, with a number of degrees of freedom, and mates of chosen similarity."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 512
LOWEST_COSINE, HIGHEST_COSINE = 0.45, 0.9
"""Mates are alike in their sources by a cosine drawn evenly from between."""

Floats = NDArray[np.float32]


def population(seed: int, freedom: int, count: int, mates: int) -> tuple[Floats, Floats]:
    """Embeddings of so many people, and second ones of the first of them. Shapes (count, 512), (mates, 512).

    Sources are mixed into the dimensions by a matrix that depends only on the degrees of freedom, as a
    model is the same for everybody.
    """
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(freedom).standard_normal((freedom, DIMENSIONS), dtype=np.float32)
    sources = rng.standard_normal((count, freedom), dtype=np.float32)
    alike = rng.uniform(LOWEST_COSINE, HIGHEST_COSINE, mates).astype(np.float32)[:, None]
    other = rng.standard_normal((mates, freedom), dtype=np.float32)
    seconds = alike * sources[:mates] + np.sqrt(1 - alike * alike) * other
    return unit(sources, mixing), unit(seconds, mixing)


def unit(sources: Floats, mixing: Floats) -> Floats:
    """Rows of length 1; as many sources as dimensions are not mixed."""
    rows = sources if mixing.shape[0] == mixing.shape[1] else sources @ mixing
    scaled: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return scaled
