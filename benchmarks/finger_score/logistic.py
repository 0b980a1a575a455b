"""Logistic regression by Newton's method, over as many comparisons as fit into memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from finger_score.terms import RISING, TERMS, aligned

STEPS = 40
LONGEST_STEP = 4.0
CHUNK = 500_000
RIDGE = 1.0
CLOSE = 1e-6
SPARSE = 20
"""Every so many pairs the weights are found first: most steps are taken on few of them."""


def fit(
    bent: NDArray[np.float32], same: NDArray[np.bool_], names: Sequence[str], *, nonmated_per_mated: float
) -> NDArray[np.float64]:
    """Weights of some terms, and a constant: log-likelihood ratio of mated against non-mated.

    Args:
        bent: Terms, see `terms_of`. Shape (P, 6).
        same: Which pairs are mated. Shape (P,).
        names: Terms that take part.
        nonmated_per_mated: Weight of all non-mated pairs over that of all mated ones: the larger, the nearer
            to small false match rates the fit is good.

    Returns:
        Shape (len(names) + 1,), float64.

    Raises:
        ValueError: A weight has the sign that a score must not have.
    """
    found = aligned(bent)
    columns = bent[found][:, [TERMS.index(name) for name in names]]
    labels = same[found]
    middle, width = columns.mean(axis=0, dtype=np.float64), columns.std(axis=0, dtype=np.float64)
    per_nonmated = nonmated_per_mated * np.sum(labels) / np.sum(~labels)
    columns = (columns - middle.astype(np.float32)) / width.astype(np.float32)
    weights = np.zeros(len(names) + 1)
    for every in (SPARSE, 1):
        weights = _climb(columns[::every], labels[::every], weights, per_nonmated)
    slopes = weights[:-1] / width
    wrong = [name for name, slope in zip(names, slopes, strict=True) if slope * RISING[name] < 0]
    if wrong:
        raise ValueError(f"the score must follow {', '.join(wrong)} the other way: leave it out of the terms")
    constant = weights[-1] - slopes @ middle + np.log(nonmated_per_mated)
    return np.append(slopes, constant)


def _climb(
    columns: NDArray[np.float32], labels: NDArray[np.bool_], weights: NDArray[np.float64], per_nonmated: float
) -> NDArray[np.float64]:
    """Newton's method from some weights on."""
    for _ in range(STEPS):
        gradient, curvature = RIDGE * weights, RIDGE * np.eye(len(weights))
        for first in range(0, len(labels), CHUNK):
            part = slice(first, first + CHUNK)
            x = np.column_stack([columns[part].astype(np.float64), np.ones(len(labels[part]))])
            chance = 1 / (1 + np.exp(-np.clip(x @ weights, -60, 60)))
            count = np.where(labels[part], 1.0, per_nonmated)
            gradient = gradient + x.T @ (count * (chance - labels[part]))
            curvature += (x * (count * chance * (1 - chance))[:, None]).T @ x
        step = np.linalg.solve(curvature, gradient)
        length = float(np.linalg.norm(step))
        weights = weights - step * min(1.0, LONGEST_STEP / length)
        if length < CLOSE:
            break
    return weights
