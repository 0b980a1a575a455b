"""The rates bound what simulated persons reach, however many fingers and comparisons, however alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.calibration import Calibration, mated_miss_rate, nonmated_rates
from biocapil.calibration.person_rates import (
    STEP_NATS,
    _first_cell,
    _reachable_cells,
    _survival,
    _worst_sum,
)
from biocapil.calibration.summed_evidence import sum_survivals
from biocapil.decision import EvidenceRates

Make = Callable[..., Calibration]
Alike = Callable[..., NDArray[np.float64]]
PERSONS = 200_000


def evidence_of(calibration: Calibration, share: NDArray[np.float64], column: str) -> NDArray[np.float64]:
    """Evidence that one comparison reaches with each chance."""
    table = calibration.table
    if column == "fmr":
        return np.interp(-np.log(share), -np.log(table.fmr), table.llr)
    return np.interp(1 - share, table.fnmr, table.llr)


def upper(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of standard normal variables beyond each point, by lines between exact ones."""
    grid = np.linspace(-7, 7, 2801)
    logs = [math.log(0.5 * math.erfc(each / math.sqrt(2))) for each in grid.tolist()]
    return np.exp(np.interp(points, grid, logs))


def persons(
    calibration: Calibration,
    alike: Alike,
    *,
    instances: int,
    comparisons: int = 1,
    correlation: float = 0.0,
    pairs: int | None = None,
) -> NDArray[np.float64]:
    """Fused evidence of simulated pairs of different persons."""
    shared = alike(np.random.default_rng(7), PERSONS, instances * comparisons, correlation)
    llrs = evidence_of(calibration, upper(shared), "fmr").reshape(PERSONS, instances, comparisons)
    best = llrs.max(axis=2) - math.log(comparisons)
    together = best.sum(axis=1) / (1 + (instances - 1) * calibration.dependence)
    return np.maximum(together, best.max(axis=1) - math.log(pairs or instances))


def assert_bounded(rates: EvidenceRates, fused: NDArray[np.float64]) -> None:
    """Each rate is at least what was counted, as far as thirty persons and chance let one say."""
    checked = 0
    for llr in np.arange(-12.0, 15.0, 0.5).tolist():
        counted = int((fused >= llr).sum())
        if counted >= 30:
            assert rates.at(llr).value >= counted / len(fused) * (1 - 3 / math.sqrt(counted)), llr
            checked += 1
    assert checked > 10


@pytest.mark.parametrize("mean", [None, 3.0, 8.0])
@pytest.mark.parametrize("instances", [1, 2, 4])
@pytest.mark.parametrize("alikeness", [0.0, 0.5, 1.0])
def test_different_persons_reach_evidence_no_more_often_than_said(
    make_exact: Make, make_alike: Alike, mean: float | None, instances: int, alikeness: float
) -> None:
    calibration = make_exact(mean=mean, dependence=0.2)
    rates = nonmated_rates(calibration, instances=instances)
    fused = persons(calibration, make_alike, instances=instances, correlation=0.2 * alikeness)
    assert_bounded(rates, fused)


@pytest.mark.parametrize("used", [1, 2, 4])
@pytest.mark.parametrize("mean", [None, 8.0])
def test_the_rates_hold_for_fewer_fingers_and_comparisons_than_said(
    make_exact: Make, make_alike: Alike, mean: float | None, used: int
) -> None:
    calibration = make_exact(mean=mean, dependence=0.1)
    rates = nonmated_rates(calibration, instances=4, comparisons=4)
    for comparisons in (1, 4):
        fused = persons(calibration, make_alike, instances=used, comparisons=comparisons, correlation=0.1)
        assert_bounded(rates, fused)


@pytest.mark.parametrize("mean", [None, 3.0, 12.0])
def test_the_rates_of_one_finger_hold_for_one_to_so_many_comparisons(
    make_exact: Make, make_alike: Alike, mean: float | None
) -> None:
    calibration = make_exact(mean=mean)
    rates = nonmated_rates(calibration, instances=1, comparisons=6)
    for comparisons in (1, 2, 6):
        assert_bounded(rates, persons(calibration, make_alike, instances=1, comparisons=comparisons))


@pytest.mark.parametrize("correlation", [0.0, 0.3])
@pytest.mark.parametrize("count", [2, 4])
def test_the_sum_alone_is_bounded_for_independent_and_for_correlated_fingers(
    make_exact: Make, make_alike: Alike, count: int, correlation: float
) -> None:
    calibration = make_exact(mean=8.0, dependence=0.3)
    first, cells = _first_cell(calibration), _reachable_cells(calibration, count)
    worst = _worst_sum(_survival(calibration, calibration.table.fmr), first, cells, count, 0.3)
    shared = make_alike(np.random.default_rng(7), PERSONS, count, correlation)
    llrs = evidence_of(calibration, upper(shared), "fmr")
    fused = llrs.sum(axis=1) / (1 + (count - 1) * 0.3)
    llr = cells * STEP_NATS
    rates = EvidenceRates(llr=llr, rate=worst, low=worst, high=worst, measured_to=0.0)
    assert_bounded(rates, fused)


def test_the_sum_of_fingers_is_never_credited_below_what_independent_ones_reach_undivided(
    make_exact: Make,
) -> None:
    calibration = make_exact(dependence=0.2)
    first, cells = _first_cell(calibration), _reachable_cells(calibration, 2)
    one = _survival(calibration, calibration.table.fmr)
    worst = _worst_sum(one, first, cells, 2, 0.2)
    undivided = sum_survivals(one, most=2)[1]
    for llr in (2.0, 10.0, 20.0):
        cell = round(llr / STEP_NATS)
        assert worst[cell - cells[0]] >= undivided[cell - 2 * first]


@pytest.mark.parametrize("pairs", [2, 3, 4])
def test_both_ways_of_reaching_evidence_are_added_for_every_number_of_pairs(
    make_exact: Make, pairs: int
) -> None:
    calibration = make_exact(mean=2.0, dependence=0.1)
    rates = nonmated_rates(calibration, instances=2)
    first, cells = _first_cell(calibration), _reachable_cells(calibration, 2)
    together = _worst_sum(_survival(calibration, calibration.table.fmr), first, cells, 2, 0.1)
    single = nonmated_rates(calibration, instances=1)
    for llr in np.arange(-1.0, 10.0, 0.5).tolist():
        cell = round(llr / STEP_NATS)
        alone = pairs * single.at(llr + math.log(pairs)).value
        assert rates.at(llr).value >= min(1.0, together[cell - cells[0]] + alone) * (1 - 1e-9)


@pytest.mark.parametrize("pairs", [2, 4])
def test_the_rates_hold_however_many_pairs_of_fingers_were_compared(
    make_exact: Make, make_alike: Alike, pairs: int
) -> None:
    calibration = make_exact(mean=6.0)
    fused = persons(calibration, make_alike, instances=2, pairs=pairs)
    assert_bounded(nonmated_rates(calibration, instances=2), fused)


def test_a_dependence_near_one_is_bounded_too(make_exact: Make, make_alike: Alike) -> None:
    calibration = make_exact(mean=4.0, dependence=0.95)
    rates = nonmated_rates(calibration, instances=2)
    assert_bounded(rates, persons(calibration, make_alike, instances=2, correlation=0.95))


def test_the_rate_of_one_finger_is_the_table_s_own(make_exact: Make) -> None:
    calibration = make_exact()
    rates = nonmated_rates(calibration, instances=1)
    for llr in (0.0, 2.0, 5.0, 10.0):
        truth = math.exp(-(llr - math.log(0.1)) / 0.9)
        assert truth <= rates.at(llr).value * 1.0001
        assert rates.at(llr).value <= truth * math.exp(3 * 0.05 / 0.9)


def test_a_mean_of_at_most_one_bounds_the_rate(make_exact: Make) -> None:
    """Calibrated evidence t is reached by at most one pair in exp(t), times the two ways of reaching it."""
    rates = nonmated_rates(make_exact(mean=5.0, dependence=0.0), instances=4)
    above = rates.llr > 0
    assert (rates.rate[above] <= 2.1 * np.exp(-rates.llr[above] + 0.3)).all()


def test_the_limits_enclose_the_rate(fitted: Calibration) -> None:
    rates = nonmated_rates(fitted, instances=2, comparisons=2)
    assert (rates.low <= rates.rate).all()
    assert (rates.rate <= rates.high).all()


def test_more_instances_never_lower_the_rate(fitted: Calibration) -> None:
    one, four = nonmated_rates(fitted, instances=1), nonmated_rates(fitted, instances=4)
    for llr in np.arange(-5.0, 13.0, 1.0).tolist():
        assert four.at(llr).value >= one.at(llr).value


def test_evidence_that_nobody_can_reach_is_not_among_the_rates(make_exact: Make) -> None:
    calibration = make_exact(dependence=0.5)
    most = float(calibration.table.llr[-1]) * 2 / 1.5
    assert nonmated_rates(calibration, instances=2).llr[-1] <= most + 0.1


def test_one_finger_is_counted_to_where_its_pairs_were(make_exact: Make) -> None:
    calibration = make_exact(measured_to=5.0)
    edge = float(np.interp(5.0, calibration.table.roots, calibration.table.llr))
    assert nonmated_rates(calibration, instances=1).measured_to == pytest.approx(edge, abs=0.06)


def test_two_fingers_are_not_counted_where_one_would_have_to_go_beyond(make_exact: Make) -> None:
    """Where the sum can be had only if a finger goes beyond what was counted, the rate is extrapolated."""
    calibration = make_exact(mean=8.0, measured_to=8.0, dependence=0.0)
    edge = float(np.interp(8.0, calibration.table.roots, calibration.table.llr))
    assert nonmated_rates(calibration, instances=2).measured_to < 2 * edge
    counted = replace(calibration, table=replace(calibration.table, measured_to=13.0))
    rates = nonmated_rates(counted, instances=2)
    assert rates.measured_to == pytest.approx(rates.llr[-1])


@pytest.mark.parametrize(("instances", "comparisons"), [(0, 1), (21, 1), (1, 0), (1, 10_001)])
def test_counts_out_of_range_are_refused(fitted: Calibration, instances: int, comparisons: int) -> None:
    with pytest.raises(ValueError, match="must be 1 to"):
        nonmated_rates(fitted, instances=instances, comparisons=comparisons)


def test_a_miss_rate_of_no_instance_is_refused(fitted: Calibration) -> None:
    with pytest.raises(ValueError, match="instances must be 1 to 20, got 0"):
        mated_miss_rate(fitted, llr=1.0, instances=0)


@pytest.mark.parametrize("instances", [1, 2, 4])
@pytest.mark.parametrize("llr", [3.0, 6.0, 12.0])
def test_the_miss_rates_bracket_persons_registered_twice(
    make_exact: Make, instances: int, llr: float
) -> None:
    calibration = make_exact(mean=5.0, dependence=0.1)
    shares = np.random.default_rng(3).uniform(size=(PERSONS, instances))
    least, most = mated_miss_rate(calibration, llr=llr, instances=instances)
    for fingers in (shares, np.repeat(shares[:, :1], instances, axis=1)):
        llrs = evidence_of(calibration, fingers, "fnmr")
        together = llrs.sum(axis=1) / (1 + (instances - 1) * 0.1)
        fused = np.maximum(together, llrs.max(axis=1) - math.log(instances**2))
        missed = float((fused < llr).mean())
        assert least * 0.9 - 1e-3 <= missed <= most * 1.02 + 1e-3


def test_more_fingers_miss_fewer_and_more_evidence_misses_more(fitted: Calibration) -> None:
    assert mated_miss_rate(fitted, llr=8.0, instances=4)[0] < mated_miss_rate(fitted, llr=8.0, instances=1)[0]
    assert (
        mated_miss_rate(fitted, llr=8.0, instances=2)[1] < mated_miss_rate(fitted, llr=12.0, instances=2)[1]
    )
    assert mated_miss_rate(fitted, llr=1e9, instances=2) == pytest.approx((1.0, 1.0))
    assert mated_miss_rate(fitted, llr=-1e9, instances=2) == (0.0, 0.0)
