"""Error rates of a score over labelled pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FALSE_MATCH_RATES = (1e-2, 1e-3, 1e-4, 1e-5)


def error_rates(
    scores: NDArray[np.floating], same: NDArray[np.bool_], at: Sequence[float] = FALSE_MATCH_RATES
) -> dict[str, float]:
    """EER, and FNMR at some false match rates: a mated pair must exceed what so many others do not."""
    alike, others = np.sort(scores[same]), np.sort(scores[~same])
    rates = {"eer": equal_error_rate(alike, others)}
    for rate in at:
        threshold = others[len(others) - 1 - int(rate * len(others))]
        rates[f"fnmr_at_{rate:g}"] = float(np.searchsorted(alike, threshold, "right") / len(alike))
    return rates


def equal_error_rate(alike: NDArray[np.floating], others: NDArray[np.floating]) -> float:
    """Where both error rates meet, of sorted scores."""
    thresholds = np.concatenate([alike, others])
    missed = np.searchsorted(alike, thresholds, "left") / len(alike)
    passed = 1 - np.searchsorted(others, thresholds, "left") / len(others)
    nearest = int(np.argmin(np.abs(missed - passed)))
    return float((missed[nearest] + passed[nearest]) / 2)
