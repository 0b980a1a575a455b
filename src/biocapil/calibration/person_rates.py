"""How often two different persons, and one person registered twice, reach an amount of evidence.

    table ─► distribution of one finger's evidence ─► of the best of its comparisons ─► of k fingers' sum

The sums are computed as if fingers were independent but judged against thresholds for dependent ones
(`fusion.fuse` divides, this room does not): that margin is what the dependence may use up.
"""

from __future__ import annotations

import math
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.calibration import Calibration
from biocapil.decision import EvidenceRates
from biocapil.expected_rate import at_least_once

STEP_NATS = 0.05
"""Width of a cell of evidence; every comparison is rounded up to the next for different persons."""

FINE_POINTS = 6000


def nonmated_rates(calibration: Calibration, *, instances: int, comparisons: int = 1) -> EvidenceRates:
    """Rates of different persons, the worst over one to so many instances in common.

    A decision takes the larger of all instances together and one alone (`fusion.fuse_person`), so the rates of
    both ways are added.

    Args:
        calibration: Calibration of the scores.
        instances: Instances that two persons have in common at most, at least 1.
        comparisons: Comparisons of each instance, at least 1.
    """
    table = calibration.table
    columns = {"rate": table.fmr, "low": table.fmr_low, "high": table.fmr_high}
    rates = {
        name: _worst_survival(calibration, column, instances, comparisons) for name, column in columns.items()
    }
    measured = float(np.interp(table.measured_to, table.roots, table.llr)) - math.log(comparisons)
    start = _first_cell(calibration, comparisons) * instances
    return EvidenceRates(
        llr=(start + np.arange(len(rates["rate"]))) * STEP_NATS,
        measured_to=measured * instances / (1 + (instances - 1) * calibration.dependence),
        **rates,
    )


def mated_miss_rate(calibration: Calibration, *, llr: float, instances: int) -> tuple[float, float]:
    """Expected share of persons registered twice who stay below an amount of evidence.

    Args:
        calibration: Calibration of the scores.
        llr: Evidence that has to be reached.
        instances: Instances compared, one comparison each.

    Returns:
        The share if the fingers of a person are good or bad independently of each other, and if they all
        are alike; the truth lies between.
    """
    one = _mass(calibration, 1.0 - calibration.table.fnmr, upward=False)
    divisor = 1 + (instances - 1) * calibration.dependence
    together = reduce(np.convolve, [one] * instances)
    start = _first_cell(calibration, 1) * instances
    values = (start + np.arange(len(together))) * STEP_NATS / divisor
    alone = (_first_cell(calibration, 1) + np.arange(len(one))) * STEP_NATS
    below = float(together[values < llr].sum())
    alike = float(one[alone * instances / divisor < llr].sum())
    return min(below, alike), max(below, alike)


def _worst_survival(
    calibration: Calibration, column: NDArray[np.float64], instances: int, comparisons: int
) -> NDArray[np.float64]:
    one = _best_of(_mass(calibration, column, upward=True), comparisons)
    first = _first_cell(calibration, comparisons)
    length = instances * (len(one) - 1) + 1
    cells = first * instances + np.arange(length)
    worst = np.zeros(length)
    total = one
    for count in range(1, instances + 1):
        total = one if count == 1 else np.convolve(total, one)
        worst = np.maximum(worst, _read(_survival(total), cells - first * count))
    pairs = instances * instances
    alone = _read(_survival(one), cells - first + math.floor(math.log(pairs) / STEP_NATS))
    return np.minimum(1.0, worst + np.minimum(1.0, pairs * alone) * (instances > 1))


def _mass(calibration: Calibration, survival: NDArray[np.float64], *, upward: bool) -> NDArray[np.float64]:
    """Share of comparisons in each cell of evidence, from a rate that falls along the table."""
    table = calibration.table
    roots = np.linspace(0.0, table.roots[-1], FINE_POINTS)
    reaching = np.exp(np.interp(roots, table.roots, np.log(np.maximum(survival, 1e-30))))
    shares = -np.diff(np.append(reaching, 0.0))
    evidence = np.interp(roots + (roots[1] if upward else 0.0), table.roots, table.llr)
    cells = (np.ceil if upward else np.floor)(evidence / STEP_NATS).astype(np.intp)
    lowest = _first_cell(calibration, 1)
    top = math.ceil(table.llr[-1] / STEP_NATS)
    return np.bincount(np.clip(cells, lowest, top) - lowest, shares, top - lowest + 1)


def _best_of(mass: NDArray[np.float64], comparisons: int) -> NDArray[np.float64]:
    """Distribution of the best of several comparisons."""
    survival = _survival(mass)
    best = np.array([at_least_once(rate, comparisons) for rate in survival.tolist()])
    return best - np.append(best[1:], 0.0)


def _first_cell(calibration: Calibration, comparisons: int) -> int:
    """Cell of the least evidence that one instance can give."""
    return math.floor(calibration.table.llr[0] / STEP_NATS) - math.floor(math.log(comparisons) / STEP_NATS)


def _survival(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.minimum(np.cumsum(mass[::-1])[::-1], 1.0)


def _read(survival: NDArray[np.float64], places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Rate at each place: 1 before the first, 0 beyond the last."""
    inside = np.clip(places, 0, len(survival) - 1)
    return np.where(places < 0, 1.0, np.where(places >= len(survival), 0.0, survival[inside]))
