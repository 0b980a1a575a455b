"""`Embedding`: one biometric instance, a face for example, as a vector of unit length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.vocabulary import ModelId

MAX_DIMENSIONS = 8192
"""Longest embedding: far above any model in use, and short enough that 32-bit integer sums hold."""

LENGTH_TOLERANCE = 1e-3
"""How far the length may be from 1: the rounding of a model that computes in half precision."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Embedding:
    """Features of one biometric instance; the inner product of two says how alike they are.

    Attributes:
        values: The vector, of length 1. Shape (D,), float32, read-only.
        model_id: Model that made it; embeddings of different models never compare.
    """

    values: NDArray[np.float32]
    model_id: ModelId

    def __post_init__(self) -> None:
        if self.values.dtype != np.float32 or self.values.ndim != 1:
            raise ValueError(
                f"values must be float32 of shape (D,), got {self.values.dtype} of shape {self.values.shape}"
            )
        require_unit_rows(self.values[None, :])
        view = np.ascontiguousarray(self.values).view()
        view.flags.writeable = False
        object.__setattr__(self, "values", view)

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"Embedding({len(self)} dimensions, model {self.model_id})"


def require_unit_rows(rows: NDArray[np.float32]) -> None:
    """Check that vectors have between 1 and `MAX_DIMENSIONS` dimensions and length 1.

    Args:
        rows: One vector a row. Shape (N, D), float32.

    Raises:
        ValueError: One has another length, or holds a value that is no finite number.
    """
    if not 1 <= rows.shape[1] <= MAX_DIMENSIONS:
        raise ValueError(f"an embedding has 1 to {MAX_DIMENSIONS} dimensions, got {rows.shape[1]}")
    lengths = np.sqrt(np.einsum("nd,nd->n", rows, rows, dtype=np.float64))
    wrong = np.flatnonzero(~(np.abs(lengths - 1.0) <= LENGTH_TOLERANCE))
    if len(wrong):
        raise ValueError(
            f"an embedding must have length 1 within {LENGTH_TOLERANCE:g}, "
            f"got {lengths[wrong[0]]:g} in row {wrong[0]}: divide it by its length first"
        )
