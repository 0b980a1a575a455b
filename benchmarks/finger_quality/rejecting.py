"""Error against reject: what is left of the false non-matches when the poorest samples are taken again.

Reference: ISO/IEC 29794-1:2024 (error versus discard characteristic).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate
from biocapil.uncertainty import rate_with_interval, single_clusters

SHARES = (0.0, 0.05, 0.1, 0.2, 0.3)
"""Shares of the samples that are rejected, the lowest scores first."""

BINS = (0, 20, 40, 60, 80, 101)
"""Borders of the bins of the score of the worse sample of a pair."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatedSet:
    """Mated comparisons of some samples at a fixed threshold.

    Attributes:
        scores: Quality of each sample, 0 to 100. Shape (N,), float64.
        pairs: Samples of each mated pair. Shape (P, 2), int.
        missed: Whether the pair did not match. Shape (P,), bool.
        fingers: Finger of each pair. Shape (P,), int32.
    """

    scores: NDArray[np.float64]
    pairs: NDArray[np.integer[Any]]
    missed: NDArray[np.bool_]
    fingers: NDArray[np.int32]


def joined(sets: Sequence[MatedSet]) -> MatedSet:
    """Several sets as one; each keeps its own threshold, and its fingers are its own."""
    samples = np.cumsum([0, *(len(each.scores) for each in sets)])
    fingers = np.cumsum([0, *(int(each.fingers.max(initial=-1)) + 1 for each in sets)])
    return MatedSet(
        scores=np.concatenate([each.scores for each in sets]),
        pairs=np.concatenate([each.pairs + start for each, start in zip(sets, samples, strict=False)]),
        missed=np.concatenate([each.missed for each in sets]),
        fingers=np.concatenate(
            [each.fingers + np.int32(start) for each, start in zip(sets, fingers, strict=False)]
        ).astype(np.int32),
    )


def reject_curve(mated: MatedSet, shares: Sequence[float] = SHARES) -> list[dict[str, Any]]:
    """FNMR over the pairs that are left for each share of rejected samples."""
    order = np.argsort(mated.scores, kind="stable")
    found: list[dict[str, Any]] = []
    for share in shares:
        kept = np.ones(len(order), np.bool_)
        kept[order[: round(share * len(order))]] = False
        left = kept[mated.pairs].all(axis=1)
        found.append(
            {"rejected": share, **rate_parts(_rate(mated, left)), "missed_of_all": _missed(mated, left)}
        )
    return found


def score_bins(mated: MatedSet) -> list[dict[str, Any]]:
    """FNMR of the pairs whose worse sample has a score within each bin."""
    lower = mated.scores[mated.pairs].min(axis=1)
    return [
        {"from": low, "below": high, **rate_parts(_rate(mated, (lower >= low) & (lower < high)))}
        for low, high in pairwise(BINS)
    ]


def rate_parts(rate: ErrorRate | None) -> dict[str, Any]:
    """A rate as it is written; nothing where there are no trials."""
    if rate is None:
        return {"fnmr": None, "low": None, "high": None, "errors": 0, "trials": 0}
    return {
        "fnmr": round(rate.value, 5),
        "low": round(rate.interval.low, 5),
        "high": round(rate.interval.high, 5),
        "errors": rate.errors,
        "trials": rate.trials,
    }


def _missed(mated: MatedSet, left: NDArray[np.bool_]) -> float:
    """Share of all false non-matches that are left."""
    return round(float(mated.missed[left].sum()) / max(int(mated.missed.sum()), 1), 4)


def _rate(mated: MatedSet, rows: NDArray[np.bool_]) -> ErrorRate | None:
    if not rows.any():
        return None
    fingers = mated.fingers[rows]
    return rate_with_interval(mated.missed[rows], single_clusters(fingers, int(mated.fingers.max()) + 1))
