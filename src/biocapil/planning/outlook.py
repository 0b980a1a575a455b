"""How errors and load change with the size of the registry, for a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, mated_miss_rate, nonmated_rates
from biocapil.decision import PolicyTarget

SIZES = tuple(int(size) for size in np.unique(np.geomspace(100, 1e9, 29).astype(np.int64)))
"""Sizes of registry that an outlook looks at, four a decade."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Expected rates over the size of the registry; NaN where the target cannot be kept.

    Attributes:
        people: Sizes. Shape (S,), float64.
        missed: FNIR: persons registered twice whom nobody looks at, the middle of its range. Shape (S,).
        missed_low: Its lower end. Shape (S,).
        missed_high: Its upper end. Shape (S,).
        undecided: Persons registered twice who are not called duplicates by themselves. Shape (S,).
        measured_to: Largest size at which the duplicate threshold rests on counted pairs; 0 where none does.
    """

    people: NDArray[np.float64]
    missed: NDArray[np.float64]
    missed_low: NDArray[np.float64]
    missed_high: NDArray[np.float64]
    undecided: NDArray[np.float64]
    measured_to: float


def outlook_over_people(
    target: PolicyTarget, calibration: Calibration, *, sizes: Sequence[int] = SIZES
) -> Outlook:
    """Rates at each size, all else as in the target."""
    rates = nonmated_rates(calibration, instances=target.instances, comparisons=target.comparisons)
    missed: list[tuple[float, float]] = []
    undecided: list[float] = []
    counted = 0.0
    for people in sizes:
        at_size = replace(target, people=people)
        duplicate = rates.smallest_llr(people=people, fpir=at_size.fpir)
        review = min(rates.smallest_llr(people=people, fpir=at_size.review_fpir), duplicate)
        missed.append(_missed(review, calibration, target))
        undecided.append(_missed(duplicate, calibration, target)[1])
        if duplicate <= rates.measured_to:
            counted = float(people)
    ends = np.array(missed, dtype=np.float64)
    return Outlook(
        people=np.array(sizes, dtype=np.float64),
        missed=ends.mean(axis=1),
        missed_low=ends[:, 0],
        missed_high=ends[:, 1],
        undecided=np.array(undecided, dtype=np.float64),
        measured_to=counted,
    )


def _missed(llr: float, calibration: Calibration, target: PolicyTarget) -> tuple[float, float]:
    if math.isinf(llr):
        return math.nan, math.nan
    return mated_miss_rate(calibration, llr=llr, instances=target.instances)
