from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.calibration.false_match import FalseMatchCurve, NonMatedSet, false_match_curve, nonmated_set
from biocapil.calibration.root_scale import CELLS, SIZE_BANDS, STEP, cell_starts, cells_of
from biocapil.labelled_scores import LabelledScores

ONE = np.ones(len(SIZE_BANDS))
SCALE = 0.35


def curve_of(*sets: NonMatedSet, seed: int = 0) -> FalseMatchCurve:
    return false_match_curve(sets, rng=np.random.default_rng(seed))


def place(root: float | np.float64 | NDArray[np.float64]) -> int:
    return round(float(root) / STEP)


def test_rates_and_limits_fall_in_order(few: LabelledScores) -> None:
    curve = curve_of(nonmated_set(few, ONE))
    for column in (curve.low, curve.rate, curve.high):
        assert column.shape == (CELLS,)
        assert column[0] == pytest.approx(1.0)
        assert (np.diff(column) <= 0).all()
    assert (curve.low <= curve.rate).all()
    assert (curve.rate <= curve.high).all()


@pytest.mark.parametrize("rate", [1e-1, 1e-2, 1e-3, 1e-4, 1e-6])
def test_the_limits_hold_the_true_rate(many: LabelledScores, rate: float) -> None:
    curve = curve_of(nonmated_set(many, ONE))
    cell = place(-SCALE * np.log(rate))
    truth = np.exp(-cell * STEP / SCALE)
    assert curve.low[cell] <= truth <= curve.high[cell]


def test_the_counted_part_ends_where_three_pairs_are_left(many: LabelledScores) -> None:
    curve = curve_of(nonmated_set(many, ONE))
    pairs = int(many.nonmated.sum())
    assert curve.rate[curve.measured_to] * pairs >= 3
    assert curve.rate[curve.measured_to + 1] * pairs < 3
    roots = np.sqrt(many.similarities[many.nonmated])
    assert (roots >= curve.measured_to * STEP).sum() > 0


def test_the_upper_limit_is_three_pairs_where_fewer_were_counted(many: LabelledScores) -> None:
    curve = curve_of(nonmated_set(many, ONE))
    pairs = int(many.nonmated.sum())
    fewer = (curve.rate * pairs < 3) & (curve.rate * pairs > 1)
    assert (curve.high[fewer] * pairs >= 3 - 1e-9).all()


def test_the_limits_open_where_nothing_was_counted(many: LabelledScores) -> None:
    curve = curve_of(nonmated_set(many, ONE))
    width = np.log(curve.high / curve.low)
    assert width[place(4.5)] > 2 * width[place(1.5)]


@pytest.mark.parametrize("shape", [0.0, 0.1])
@pytest.mark.parametrize("persons", [20, 60])
def test_the_upper_limit_of_small_sets_holds_a_tail_that_falls_slower(persons: int, shape: float) -> None:
    """Far beyond the pairs of a small set nearly all upper limits lie above the true rate."""
    left, right = np.triu_indices(persons, 1)
    cells = [place(_root_at(rate, shape)) for rate in (1e-4, 1e-9)]
    held = np.zeros(2)
    for seed in range(12):
        shares = 1 - np.random.default_rng(seed).random(len(left))
        ready = NonMatedSet(
            cells=cells_of(_root_at(shares, shape)), first=left, second=right, subjects=persons
        )
        held += curve_of(ready).high[cells] >= np.array([1e-4, 1e-9])
    assert (held >= 10).all()


def _root_at(share: float | NDArray[np.float64], shape: float) -> NDArray[np.float64]:
    """Root that this share of pairs reaches, by a tail of this shape."""
    logs = -np.log(share)
    return SCALE * (logs if shape == 0 else np.expm1(shape * logs) / shape)


def test_a_fourth_population_lies_within_limits_that_three_different_ones_gave(
    make_scores: Callable[..., LabelledScores],
) -> None:
    sets = [
        nonmated_set(make_scores(seed, persons=100, scale=scale), ONE)
        for seed, scale in enumerate((0.28, 0.35, 0.42))
    ]
    curve = curve_of(*sets)
    for scale in (0.3, 0.4):
        truth = np.exp(-cell_starts() / scale)
        within = slice(place(0.1), place(2.5))
        assert (truth[within] <= curve.high[within]).all()
        assert (truth[within] >= curve.low[within]).all()


def test_a_small_set_beside_a_large_one_does_not_stretch_what_was_counted(
    make_scores: Callable[..., LabelledScores], many: LabelledScores
) -> None:
    small = nonmated_set(make_scores(5, persons=15), ONE)
    large = nonmated_set(many, ONE)
    assert curve_of(large, small).measured_to < curve_of(large).measured_to


def test_the_same_seed_gives_the_same_limits(few: LabelledScores) -> None:
    ready = nonmated_set(few, ONE)
    np.testing.assert_array_equal(curve_of(ready).high, curve_of(ready).high)
    assert not np.array_equal(curve_of(ready).high, curve_of(ready, seed=1).high)


def test_only_the_same_finger_of_different_persons_is_counted(many: LabelledScores) -> None:
    other = many.second_instance.copy()
    other[many.nonmated] += np.arange(int(many.nonmated.sum()), dtype=np.int16) % 2
    ready = nonmated_set(replace(many, second_instance=other), ONE)
    assert len(ready.cells) == (int(many.nonmated.sum()) + 1) // 2


def test_subjects_with_large_numbers_take_no_room(few: LabelledScores) -> None:
    far = np.where(few.first_subject == 0, 2_000_000_000, few.first_subject).astype(np.int32)
    both = np.where(few.second_subject == 0, 2_000_000_000, few.second_subject).astype(np.int32)
    ready = nonmated_set(replace(few, first_subject=far, second_subject=both), ONE)
    assert ready.subjects == few.subjects
    assert max(ready.first.max(), ready.second.max()) == few.subjects - 1


def test_a_drawn_subject_counts_in_each_of_its_pairs() -> None:
    ready = NonMatedSet(
        cells=np.array([0, 1, 2]), first=np.array([0, 0, 1]), second=np.array([1, 2, 2]), subjects=3
    )
    np.testing.assert_allclose(ready.counted()[:3], [1 / 3, 1 / 3, 1 / 3])
    np.testing.assert_allclose(ready.counted(np.array([2.0, 1.0, 0.0]))[:3], [1, 0, 0])
    np.testing.assert_array_equal(ready.counted(np.array([3.0, 0.0, 0.0])), np.zeros(CELLS))


def test_two_subjects_cannot_be_resampled() -> None:
    ready = NonMatedSet(
        cells=np.arange(4) % 2, first=np.zeros(4, np.intp), second=np.ones(4, np.intp), subjects=2
    )
    curve = curve_of(ready)
    assert np.isfinite(curve.high).all()
    lone = NonMatedSet(cells=np.array([0]), first=np.array([0]), second=np.array([1]), subjects=2)
    other = replace(lone, cells=np.array([1]))
    with pytest.raises(ValueError, match="more than two subjects"):
        curve_of(lone, other, other)
