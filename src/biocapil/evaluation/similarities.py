"""Similarity of every pair, out of the matrix over the samples that have a template."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NO_TEMPLATE = -1


def template_rows(has_template: Sequence[bool]) -> NDArray[np.int32]:
    """Row of each sample's template among the templates, `NO_TEMPLATE` where there is none. Shape (N,)."""
    present = np.asarray(has_template, dtype=np.bool_)
    return np.where(present, np.cumsum(present, dtype=np.int32) - 1, NO_TEMPLATE).astype(np.int32)


def pair_similarities(
    matrix: NDArray[np.float32], rows: NDArray[np.int32], pairs: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Similarity of each pair; -inf where a side has no template.

    Args:
        matrix: Similarities of all templates. Shape (T, T), float32, symmetric.
        rows: Row of each sample in the matrix, or `NO_TEMPLATE`. Shape (N,), int32.
        pairs: Pairs of samples. Shape (P, 2), int32.

    Returns:
        Shape (P,), float32.
    """
    first, second = rows[pairs[:, 0]], rows[pairs[:, 1]]
    compared = (first != NO_TEMPLATE) & (second != NO_TEMPLATE)
    similarities = np.full(len(pairs), -np.inf, dtype=np.float32)
    similarities[compared] = matrix[first[compared], second[compared]]
    return similarities
