import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.evaluation.accuracy import BAND_POINTS, FMR_LIMITS, Accuracy, measure_accuracy
from biocapil.evaluation.rates import det_curve, equal_error_rate
from biocapil.evaluation.score_set import ScoreSet, make_score_set
from biocapil.uncertainty import draw_subjects


def scores_of(mated: list[float], nonmated: list[float]) -> ScoreSet:
    """As if each mated pair were of a person of its own, and the non-mated ones of two more each."""
    people = np.arange(2 * max(len(mated), len(nonmated)) + 2).tolist()
    rows = np.arange(len(mated), dtype=np.int32)
    sides = np.arange(2 * len(nonmated), dtype=np.int32).reshape(-1, 2)
    return make_score_set(
        people,
        mated=np.array(mated, dtype=np.float32),
        nonmated=np.array(nonmated, dtype=np.float32),
        mated_pairs=np.stack([rows, rows], axis=1),
        nonmated_pairs=sides,
    )


def cross_compared(people: int, samples: int, shift: float, seed: int) -> ScoreSet:
    """Every sample against every other; an effect of each person on mated and non-mated pairs."""
    rng = np.random.default_rng(seed)
    whose = np.repeat(np.arange(people), samples)
    first, second = np.triu_indices(len(whose), 1)
    pairs = np.stack([first, second], axis=1).astype(np.int32)
    is_mated = whose[first] == whose[second]
    effect = rng.normal(size=people) * 0.4
    values: NDArray[np.float64] = rng.normal(size=len(pairs)) + effect[whose[first]] + effect[whose[second]]
    values = (values + shift * is_mated).astype(np.float32)
    return make_score_set(
        whose.tolist(),
        mated=values[is_mated],
        nonmated=values[~is_mated],
        mated_pairs=pairs[is_mated],
        nonmated_pairs=pairs[~is_mated],
    )


def measured(scores: ScoreSet, seed: int = 0) -> Accuracy:
    bootstrap = draw_subjects(scores.person_count, replicates=100, rng=np.random.default_rng(seed))
    accuracy = measure_accuracy(scores, bootstrap)
    assert accuracy is not None
    return accuracy


def test_figures_of_a_small_set() -> None:
    accuracy = measured(scores_of([1, 3, 4, 5], [0, 1, 2, 3]))
    assert accuracy.eer == 0.25
    assert [point.fnmr for point in accuracy.points] == [0.5] * len(FMR_LIMITS)
    assert accuracy.zero_fmr_threshold == 4.0
    assert accuracy.smallest_provable_fmr == 0.75


def test_limits_part_where_there_are_pairs_enough() -> None:
    nonmated = [float(max(0, at)) for at in range(-989, 11)]
    accuracy = measured(scores_of([1, 9, 10, 11], nonmated))
    assert [point.fnmr for point in accuracy.points] == [0.0, 0.5, 0.75]


def test_a_set_without_mated_or_without_non_mated_pairs_has_no_error_rates() -> None:
    bootstrap = draw_subjects(6, replicates=5, rng=np.random.default_rng(0))
    assert measure_accuracy(scores_of([], [1, 2]), bootstrap) is None
    assert measure_accuracy(scores_of([1, 2], []), bootstrap) is None


def test_counts_and_rates_stand_together() -> None:
    accuracy = measured(cross_compared(12, 4, 3.0, seed=1))
    for point, rates in zip(accuracy.points, accuracy.rates, strict=True):
        assert rates.fnmr.value == point.fnmr == rates.fnmr.errors / rates.fnmr.trials
        assert rates.fmr.value == point.fmr
        assert rates.fnmr.interval.low < point.fnmr < rates.fnmr.interval.high
    assert accuracy.eer_interval.low < accuracy.eer < accuracy.eer_interval.high


def test_parted_sets_do_not_claim_to_be_without_error() -> None:
    accuracy = measured(scores_of([9.0] * 20, [1.0] * 400))
    assert accuracy.eer == 0.0
    # rule of three over twenty people
    assert accuracy.eer_interval.high == pytest.approx(1 - 0.05 ** (1 / 20), rel=1e-6)
    assert accuracy.rates[2].fnmr.interval.high == pytest.approx(1 - 0.05 ** (1 / 20), rel=1e-6)
    assert "0 errors in 400 trials support FMR ≤ 0.75 %" in accuracy.claim.words


def test_one_error_of_a_kind_does_not_narrow_the_equal_error_rate() -> None:
    accuracy = measured(scores_of([9.0] * 19 + [0.0], [1.0] * 399 + [10.0]))
    assert accuracy.eer == pytest.approx(1 / 20)
    assert accuracy.eer_interval.high > 3 / 20


def test_a_claim_of_pairs_that_share_people_is_weaker_than_the_rule_of_three() -> None:
    accuracy = measured(cross_compared(10, 6, 3.0, seed=2))
    assert accuracy.claim.rate > 1.2 * accuracy.smallest_provable_fmr


def test_more_people_narrow_the_intervals() -> None:
    few, many = (measured(cross_compared(people, 3, 2.5, seed=3)).eer_interval for people in (10, 60))
    assert many.high - many.low < 0.6 * (few.high - few.low)


def test_the_band_encloses_the_curve_and_falls() -> None:
    accuracy = measured(cross_compared(15, 3, 2.5, seed=4))
    band = accuracy.band
    assert len(band.fmr) == BAND_POINTS
    assert (band.low <= band.fnmr).all()
    assert (band.fnmr <= band.high).all()
    assert (np.diff(band.fnmr) <= 0).all()
    assert band.fnmr[0] == accuracy.curve.fnmr[np.argmax(accuracy.curve.fmr <= band.fmr[0])]


def test_the_same_draws_give_the_same_digits() -> None:
    scores = cross_compared(25, 4, 2.0, seed=5)
    first, again, other = measured(scores, 7), measured(scores, 7), measured(scores, 8)
    assert first.eer_interval == again.eer_interval != other.eer_interval
    np.testing.assert_array_equal(first.band.high, again.band.high)


def test_intervals_of_the_equal_error_rate_hold_the_true_one() -> None:
    population = cross_compared(200, 4, 2.5, seed=99)
    truth = equal_error_rate(det_curve(population.mated, population.nonmated))
    held = [
        measured(cross_compared(15, 3, 2.5, seed=100 + run), seed=run).eer_interval.contains(truth)
        for run in range(40)
    ]
    assert sum(held) >= 34
