"""How far distributions of similarities lie apart, and how well a set tells mated from non-mated pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.labelled_scores import LabelledScores


def equal_error_rate(mated: NDArray[np.float32], nonmated: NDArray[np.float32]) -> float:
    """Where both error rates are nearest, their mean."""
    thresholds = np.unique(np.concatenate([mated, nonmated]))
    missed = np.searchsorted(np.sort(mated), thresholds) / len(mated)
    false = 1 - np.searchsorted(np.sort(nonmated), thresholds) / len(nonmated)
    nearest = int(np.abs(missed - false).argmin())
    return float(missed[nearest] + false[nearest]) / 2


def distances(made: Sequence[LabelledScores], real: Sequence[LabelledScores]) -> dict[str, dict[str, object]]:
    """Largest differences of distribution functions: made against real, real against real."""
    figures: dict[str, dict[str, object]] = {}
    for name, wanted in (("mated", True), ("nonmated", False)):
        ours, theirs = ([one.similarities[one.mated == wanted] for one in sets] for sets in (made, real))
        figures[name] = {
            "all_made_to_all_real": largest_difference(np.concatenate(ours), np.concatenate(theirs)),
            "each_made_to_nearest_real": [min(largest_difference(a, b) for b in theirs) for a in ours],
            "each_real_to_other_real": [
                largest_difference(one, np.concatenate(theirs[:n] + theirs[n + 1 :]))
                for n, one in enumerate(theirs)
            ],
        }
    return figures


def largest_difference(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Two-sample Kolmogorov-Smirnov statistic."""
    both = np.concatenate([one, other])
    shares = [np.searchsorted(np.sort(values), both, side="right") / len(values) for values in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())
