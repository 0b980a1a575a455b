"""How often two different persons, and one person registered twice, reach an amount of evidence.

    table ─► chance of one comparison ─► of the best of several ─┬─► of the sum of k instances ─┬─► chance
                                                                 └─► of one instance alone ─────┘

The rates are upper ones: evidence is rounded up; whatever number of instances and comparisons up to those
named, the worst is taken; and sums are taken as the larger of independent instances whose evidence was not
lessened and of correlated ones whose evidence was (`fusion.fuse` divides).
"""

from __future__ import annotations

import math
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.calibration import Calibration
from biocapil.calibration.summed_evidence import STRONGEST, sum_survivals
from biocapil.decision import MOST_COMPARISONS, MOST_INSTANCES, EvidenceRates, shared_among
from biocapil.expected_rate import at_least_once

STEP_NATS = 0.05
"""Width of a cell of evidence; every comparison is rounded up to the next for different persons."""

FINE_POINTS = 6000


def nonmated_rates(calibration: Calibration, *, instances: int, comparisons: int = 1) -> EvidenceRates:
    """Rates of different persons, the worst over one to so many instances in common.

    A decision takes the larger of all instances together and one alone (`fusion.fuse_person`), so the rates
    of both ways are added.

    Args:
        calibration: Calibration of the scores.
        instances: Instances that two persons have in common at most, 1 to `MOST_INSTANCES`.
        comparisons: Comparisons of each instance at most, 1 to `MOST_COMPARISONS`.

    Raises:
        ValueError: A count is out of range.
    """
    _check_count("instances", instances, MOST_INSTANCES)
    _check_count("comparisons", comparisons, MOST_COMPARISONS)
    table = calibration.table
    cells = _reachable_cells(calibration, instances)
    low, rate, high = (
        _person_survival(calibration, _best_of(_survival(calibration, column), comparisons), instances)
        for column in (table.fmr_low, table.fmr, table.fmr_high)
    )
    counted = _best_of(_counted(calibration, _survival(calibration, table.fmr)), comparisons)
    guessed = _person_survival(calibration, counted, instances) < 0.5 * rate
    llr = np.round(cells.astype(np.float64) * STEP_NATS, 6).astype(np.float64)
    last = int(np.argmax(guessed)) - 1 if guessed.any() else len(llr) - 1
    return EvidenceRates(
        llr=llr,
        rate=rate,
        low=np.minimum(low, rate),
        high=np.maximum(high, rate),
        measured_to=float(llr[last]),
    )


def mated_miss_rate(calibration: Calibration, *, llr: float, instances: int) -> tuple[float, float]:
    """Expected share of persons registered twice who stay below an amount of evidence.

    Args:
        calibration: Calibration of the scores.
        llr: Evidence that has to be reached, by all instances together or by one alone among all pairs.
        instances: Instances compared, one comparison each, 1 to `MOST_INSTANCES`.

    Returns:
        The smaller and the larger of two shares: if the fingers of a person are good or bad independently of
        each other, and if they all are alike; the truth lies between.

    Raises:
        ValueError: The count is out of range.
    """
    _check_count("instances", instances, MOST_INSTANCES)
    one = _mass(calibration, 1.0 - calibration.table.fnmr, upward=False)
    first, divisor = _first_cell(calibration), shared_among(instances, calibration.dependence)
    values = (first + np.arange(len(one))) * STEP_NATS
    one = np.where(values - 2 * math.log(instances) < llr, one, 0.0)
    together = reduce(np.convolve, [one] * instances)
    sums = (first * instances + np.arange(len(together))) * STEP_NATS
    independent = float(together[sums / divisor < llr].sum())
    alike = float(one[values * instances / divisor < llr].sum())
    return min(independent, alike), max(independent, alike)


def _check_count(name: str, count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise ValueError(f"{name} must be 1 to {most:,}, got {count!r}")


def _first_cell(calibration: Calibration) -> int:
    """Cell of the least evidence that one instance can give."""
    return math.floor(float(calibration.table.llr[0]) / STEP_NATS)


def _last_cell(calibration: Calibration) -> int:
    """Cell of the most evidence that one instance can give."""
    return math.ceil(float(calibration.table.llr[-1]) / STEP_NATS)


def _reachable_cells(calibration: Calibration, instances: int) -> NDArray[np.intp]:
    """Cells from the least to the most evidence that so many instances together can reach."""
    first, last = _first_cell(calibration), _last_cell(calibration)
    most = math.ceil(last * instances / shared_among(instances, calibration.dependence))
    return np.arange(min(first * instances, first), max(most, last) + 1)


def _mass(calibration: Calibration, survival: NDArray[np.float64], *, upward: bool) -> NDArray[np.float64]:
    """Share of comparisons in each cell of evidence, from a rate that falls along the table."""
    table = calibration.table
    roots = np.linspace(0.0, float(table.roots[-1]), FINE_POINTS)
    reaching = np.exp(np.interp(roots, table.roots, np.log(np.maximum(survival, 1e-30))))
    shares = -np.diff(np.append(reaching, 0.0))
    evidence = np.interp(roots + (roots[1] if upward else 0.0), table.roots, table.llr)
    cells = (np.ceil if upward else np.floor)(evidence / STEP_NATS).astype(np.intp)
    first, last = _first_cell(calibration), _last_cell(calibration)
    mass = np.bincount(np.clip(cells, first, last) - first, shares, last - first + 1)
    return mass.astype(np.float64)


def _survival(calibration: Calibration, rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance that one comparison of different persons reaches each cell, from the first to the last."""
    mass = _mass(calibration, rate, upward=True)
    return np.minimum(np.cumsum(mass[::-1])[::-1], 1.0)


def _counted(calibration: Calibration, survival: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same if all evidence beyond what was counted were just as much as was counted."""
    table = calibration.table
    edge = math.ceil(float(np.interp(table.measured_to, table.roots, table.llr)) / STEP_NATS)
    beyond = np.arange(len(survival)) > edge - _first_cell(calibration)
    return np.where(beyond, 0.0, survival)


def _best_of(survival: NDArray[np.float64], comparisons: int) -> NDArray[np.float64]:
    """Chance that the best of one to so many comparisons reaches each cell, the worst of them all."""
    worst = survival
    for moved, count in _largest_at_each_move(comparisons):
        reached = np.array([at_least_once(rate, count) for rate in survival[moved:].tolist()])
        worst = np.maximum(worst, np.pad(reached, (0, len(worst) - len(reached))))
    return np.minimum.accumulate(worst)


def _largest_at_each_move(most: int) -> list[tuple[int, int]]:
    """For each whole number of cells by which the logarithm of 2 to `most` moves evidence: the largest."""
    largest = {math.floor(math.log(count) / STEP_NATS): count for count in range(2, most + 1)}
    return sorted(largest.items())


def _person_survival(
    calibration: Calibration, one: NDArray[np.float64], instances: int
) -> NDArray[np.float64]:
    """Chance that two different persons reach each of `_reachable_cells`."""
    first, cells = _first_cell(calibration), _reachable_cells(calibration, instances)
    single = read_survival(one, cells - first)
    if instances == 1:
        return single
    alone = np.zeros(len(cells))
    for moved, pairs in _largest_at_each_move(instances**2):
        alone = np.maximum(alone, np.minimum(1.0, pairs * read_survival(one, cells - first + moved)))
    together = _worst_sum(one, first, cells, instances, calibration.dependence)
    return np.minimum.accumulate(np.minimum(1.0, np.maximum(single, together + alone)))


def _worst_sum(
    one: NDArray[np.float64], first: int, cells: NDArray[np.intp], instances: int, dependence: float
) -> NDArray[np.float64]:
    """Chance that the fused sum of two to so many instances reaches each cell, the worst of them all."""
    worst = np.zeros(len(cells))
    independent = sum_survivals(one, most=instances)
    close = sum_survivals(one, most=instances, correlation=dependence) if dependence <= STRONGEST else None
    for count in range(2, instances + 1):
        lessened = np.floor(cells * shared_among(count, dependence)).astype(np.intp)
        apart = read_survival(independent[count - 1], np.minimum(cells, lessened) - first * count)
        if close is None:
            shared = np.minimum(
                1.0, count * read_survival(one, np.floor(lessened / count).astype(np.intp) - first)
            )
        else:
            shared = read_survival(close[count - 1], lessened - first * count)
        worst = np.maximum(worst, np.maximum(apart, shared))
    return worst


def read_survival(survival: NDArray[np.float64], places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Rate at each place: 1 before the first, 0 beyond the last."""
    inside = np.clip(places, 0, len(survival) - 1)
    return np.where(places < 0, 1.0, np.where(places >= len(survival), 0.0, survival[inside]))
