"""What a pair of prints is judged by: the terms of the cascade's stage three, bent for a linear score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates
from biocapil.comparison.kernels import cascade

BLOCK = 200_000
TERMS = ("mass", "fraction", "consistency", "misfit", "spread", "size")
RISING = {"mass": 1, "fraction": 1, "consistency": 1, "misfit": -1, "spread": 1, "size": -1}
"""Which way the score may follow each term: more of the same is never held against two prints, and of two
pairs that agree alike the one of smaller prints, which had fewer chances, is the stronger."""


def terms_of(packed: PackedTemplates, pairs: NDArray[np.int64]) -> NDArray[np.float32]:
    """Terms of some pairs as the cascade bends them. Shape (2, P) to (P, 6); mass 0 where nothing aligned."""
    bent = np.empty((pairs.shape[1], len(TERMS)), np.float32)
    sizes = packed.sizes()
    for first in range(0, len(bent), BLOCK):
        part = np.ascontiguousarray(pairs[:, first : first + BLOCK])
        found = np.zeros((part.shape[1], cascade.TERMS), np.float32)
        cascade.terms_of_pairs(packed.words, packed.offsets, part, found)
        bent[first : first + BLOCK] = bend(found, sizes[part].min(axis=0))
    return bent


def bend(found: NDArray[np.float32], smaller: NDArray[np.int16]) -> NDArray[np.float32]:
    """Terms as the score takes them. Shape (P, TERMS) to (P, 6)."""
    return np.stack(
        [
            np.sqrt(found[:, cascade.MATCHED_MASS]),
            np.log(found[:, cascade.MATCHED_FRACTION] + np.float32(cascade.FRACTION_FLOOR)),
            np.sqrt(found[:, cascade.CONSISTENCY]),
            found[:, cascade.MISFIT],
            found[:, cascade.SPREAD],
            np.log1p(smaller.astype(np.float32)),
        ],
        axis=1,
    )


def aligned(bent: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Pairs that were aligned at all. Shape (P,)."""
    return bent[:, 0] > 0


def product(bent: NDArray[np.float32]) -> NDArray[np.float64]:
    """Matched mass × matched fraction² × consistency: the score of cascade/1. Shape (P,)."""
    mass, fraction, consistency = bent[:, :3].astype(np.float64).T
    found: NDArray[np.float64] = (mass * consistency * (np.exp(fraction) - cascade.FRACTION_FLOOR)) ** 2
    return found


def linear(
    bent: NDArray[np.float32], names: Sequence[str], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Evidence by weights, the last of them a constant; the least where nothing was aligned. Shape (P,)."""
    columns = [TERMS.index(name) for name in names]
    found = bent[:, columns].astype(np.float64) @ weights[:-1] + weights[-1]
    return np.where(aligned(bent), found, -1e3)
