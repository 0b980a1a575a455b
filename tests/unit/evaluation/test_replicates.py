import numpy as np
import pytest

from biocapil.evaluation.rates import det_curve, equal_error_rate, operating_point
from biocapil.evaluation.replicates import ReplicateCurves, replicate_curves
from biocapil.evaluation.score_set import ScoreSet, make_score_set
from biocapil.uncertainty import SubjectBootstrap, draw_subjects


def small_set(seed: int, people: int = 9) -> ScoreSet:
    rng = np.random.default_rng(seed)
    whose = np.repeat(np.arange(people), 3)
    first, second = np.triu_indices(len(whose), 1)
    pairs = np.stack([first, second], axis=1).astype(np.int32)
    mated = whose[first] == whose[second]
    values = (rng.normal(size=len(pairs)) + 2.0 * mated).astype(np.float32)
    return make_score_set(
        whose.tolist(),
        mated=values[mated],
        nonmated=values[~mated],
        mated_pairs=pairs[mated],
        nonmated_pairs=pairs[~mated],
    )


def everybody_once(people: int) -> SubjectBootstrap:
    return SubjectBootstrap(weights=np.ones((1, people), dtype=np.int32))


@pytest.mark.parametrize("seed", range(4))
def test_a_replicate_that_draws_everybody_once_is_the_set_itself(seed: int) -> None:
    scores = small_set(seed)
    curve = det_curve(scores.mated, scores.nonmated)
    points = [operating_point(curve, max_fmr=limit) for limit in (0.05, 0.0)]
    at = np.array([point.threshold for point in points])
    replicates = replicate_curves(scores, everybody_once(9), at=at)
    assert replicates.fnmr_at(0.05)[0] == pytest.approx(points[0].fnmr)
    assert replicates.fnmr_at(0.0)[0] == pytest.approx(points[1].fnmr)
    assert replicates.equal_error_rates()[0] == pytest.approx(equal_error_rate(curve), abs=0.01)
    index = np.searchsorted(curve.thresholds, replicates.thresholds)
    np.testing.assert_allclose(replicates.fmr[0], curve.fmr[index])
    np.testing.assert_allclose(replicates.fnmr[0], curve.fnmr[index])


def test_curves_run_one_way() -> None:
    scores = small_set(1)
    drawn = draw_subjects(9, replicates=30, rng=np.random.default_rng(0))
    replicates = replicate_curves(scores, drawn)
    assert replicates.thresholds[-1] == np.inf
    assert (np.diff(replicates.fnmr, axis=1) >= -1e-12).all()
    assert (replicates.fmr[:, -1] == 0).all()
    assert (replicates.fnmr[:, -1] == 1).all()


def test_replicates_of_false_matches_spread_no_further_than_they_should() -> None:
    scores = small_set(2, people=12)
    drawn = draw_subjects(12, replicates=300, rng=np.random.default_rng(1))
    replicates = replicate_curves(scores, drawn)
    at = int(np.argmin(np.abs(replicates.fmr.mean(axis=0) - 0.2)))
    raw = drawn.exceedance_rates(scores.nonmated, scores.nonmated_clusters, replicates.thresholds)[:, at]
    share = float(np.mean(scores.nonmated >= replicates.thresholds[at]))
    binomial = np.sqrt(share * (1 - share) / len(scores.nonmated))
    assert np.std(replicates.fmr[:, at]) < 0.9 * np.std(raw)
    assert np.std(replicates.fmr[:, at]) > 0.9 * binomial


def test_a_replicate_without_pairs_tells_nothing() -> None:
    curves = ReplicateCurves(
        thresholds=np.array([1.0, np.inf]),
        fmr=np.array([[np.nan, np.nan], [0.5, 0.0]]),
        fnmr=np.array([[0.0, 1.0], [0.25, 1.0]]),
    )
    assert np.isnan(curves.fnmr_at(0.5)[0])
    assert curves.fnmr_at(0.5)[1] == 0.25
    assert np.isnan(curves.equal_error_rates()[0])
    assert curves.equal_error_rates()[1] == pytest.approx(0.4)


def test_a_set_that_errs_at_every_threshold_has_its_lowest_as_equal_error_rate() -> None:
    curves = ReplicateCurves(
        thresholds=np.array([1.0, np.inf]), fmr=np.array([[0.1, 0.0]]), fnmr=np.array([[0.5, 1.0]])
    )
    assert curves.equal_error_rates().tolist() == [0.5]


def test_sets_without_a_single_uncertain_rate_have_replicates_too() -> None:
    pairs = np.array([[0, 1], [2, 3]], dtype=np.int32)
    scores = make_score_set(
        ["a", "a", "b", "c"],
        mated=np.array([-np.inf], dtype=np.float32),
        nonmated=np.array([-np.inf], dtype=np.float32),
        mated_pairs=pairs[:1],
        nonmated_pairs=pairs[1:],
    )
    replicates = replicate_curves(scores, everybody_once(3))
    assert replicates.fmr.tolist() == [[0.0]]
    assert replicates.fnmr.tolist() == [[1.0]]
