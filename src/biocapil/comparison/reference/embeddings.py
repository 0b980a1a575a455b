"""Search of embeddings in plain numpy: the twin that `kernels.embeddings` is held to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def inner_products(probes: Floats, references: Floats) -> Floats:
    """Similarity of each probe to each reference. Shapes (P, D) and (N, D) to (P, N), float32."""
    return (probes.astype(np.float64) @ references.T.astype(np.float64)).astype(np.float32)


def rounded_to(rows: Floats, *, fraction_bits: int, smallest_exponent: int) -> Floats:
    """Values rounded to the nearest that a narrower float can hold, ties to even. Shape (N, D).

    Args:
        rows: Values far from the largest that it can hold.
        fraction_bits: Bits behind the leading one: 10 for float16, 7 for bfloat16.
        smallest_exponent: Exponent of its smallest normal number: -14 for float16, -126 for bfloat16.
    """
    _, exponents = np.frexp(rows.astype(np.float64))
    unit = np.maximum(exponents - 1, smallest_exponent) - fraction_bits
    near: Floats = np.ldexp(np.rint(np.ldexp(rows.astype(np.float64), -unit)), unit).astype(np.float32)
    return near


def steps_of(rows: Floats, scale: float) -> NDArray[np.int64]:
    """Values in whole steps of 1 / scale, at most 127 either way. Shape (N, D)."""
    steps: NDArray[np.int64] = np.clip(np.rint(rows * np.float32(scale)), -127, 127).astype(np.int64)
    return steps


def step_products(probes: Floats, references: Floats, scale: float) -> NDArray[np.int64]:
    """Inner products of quantised values, in steps squared. Shape (P, N)."""
    return steps_of(probes, scale) @ steps_of(references, scale).T


def equal_signs(probes: Floats, references: Floats) -> NDArray[np.int64]:
    """In how many dimensions both are above 0, or neither is. Shape (P, N)."""
    agree: NDArray[np.int64] = ((probes > 0)[:, None, :] == (references > 0)[None, :, :]).sum(axis=2)
    return agree


def sums_where_positive(steps: NDArray[np.int64], references: Floats) -> NDArray[np.int64]:
    """Sum of the quantised values of each probe where a reference is above 0. Shape (P, N)."""
    return steps @ (references > 0).T.astype(np.int64)


def best_rows(scores: NDArray[Any], *, limit: int, smallest: float = -np.inf) -> list[list[int]]:
    """For each probe the rows of the best scores from a smallest on; ties in order of the rows."""
    order = np.argsort(-scores.astype(np.float64), axis=1, kind="stable")
    return [
        [int(row) for row in rows if own[row] >= smallest][:limit]
        for rows, own in zip(order, scores, strict=True)
    ]


def pairs_from(scores: NDArray[Any], smallest: float) -> list[tuple[int, int]]:
    """Rows of the pairs whose score is at least the smallest, the smaller row first. Scores: shape (N, N)."""
    first, second = np.nonzero(np.triu(scores >= smallest, k=1))
    return list(zip(first.tolist(), second.tolist(), strict=True))
