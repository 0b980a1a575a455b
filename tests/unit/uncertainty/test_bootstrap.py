import numpy as np
import pytest

from biocapil.uncertainty.bootstrap import (
    SubjectBootstrap,
    bootstrap_interval,
    draw_subjects,
    shrunken,
    widened,
)
from biocapil.uncertainty.clusters import PairClusters, single_clusters

THRESHOLDS = np.array([1.0, 2.0, 3.0])


def weights(*rows: list[int]) -> SubjectBootstrap:
    return SubjectBootstrap(weights=np.array(rows, dtype=np.int32))


def test_a_mated_pair_counts_as_often_as_its_subject_was_drawn() -> None:
    clusters = single_clusters(np.array([0, 0, 1], dtype=np.int32), 2)
    rates = weights([1, 1], [2, 0], [0, 2]).exceedance_rates(np.array([0.0, 2.0, 5.0]), clusters, THRESHOLDS)
    np.testing.assert_allclose(rates, [[2 / 3, 2 / 3, 1 / 3], [0.5, 0.5, 0.0], [1.0, 1.0, 1.0]])


def test_a_non_mated_pair_counts_by_the_product_of_both_draws() -> None:
    clusters = PairClusters(
        first=np.array([0, 0, 1], dtype=np.int32), second=np.array([1, 2, 2], dtype=np.int32), subjects=3
    )
    rates = weights([1, 1, 1], [2, 1, 0], [1, 2, 0]).exceedance_rates(
        np.array([3.0, 1.5, -np.inf]), clusters, THRESHOLDS
    )
    np.testing.assert_allclose(rates, [[2 / 3, 1 / 3, 1 / 3], [1, 1, 1], [1, 1, 1]])


def test_a_replicate_without_any_pair_has_no_rate() -> None:
    clusters = PairClusters(
        first=np.array([0], dtype=np.int32), second=np.array([1], dtype=np.int32), subjects=2
    )
    rates = weights([2, 0]).exceedance_rates(np.array([1.0]), clusters, THRESHOLDS)
    assert np.isnan(rates).all()


def test_draws_add_up_and_repeat_with_the_seed() -> None:
    first = draw_subjects(7, replicates=50, rng=np.random.default_rng(3))
    again = draw_subjects(7, replicates=50, rng=np.random.default_rng(3))
    assert first.subjects == 7
    assert (first.weights.sum(axis=1) == 7).all()
    np.testing.assert_array_equal(first.weights, again.weights)


@pytest.mark.parametrize(("subjects", "replicates"), [(0, 5), (5, 0)])
def test_there_must_be_something_to_draw(subjects: int, replicates: int) -> None:
    with pytest.raises(ValueError, match=f"got {subjects} and {replicates}"):
        draw_subjects(subjects, replicates=replicates, rng=np.random.default_rng(0))


def test_replicates_that_spread_too_far_are_pulled_in_and_others_left() -> None:
    replicates = np.array([[0.1, 0.4, 0.2], [0.3, 0.6, 0.2]])
    estimates = np.array([0.2, 0.5, 0.2])
    pulled = shrunken(replicates, estimates, np.array([0.0025, 1.0, 0.0]))
    np.testing.assert_allclose(pulled, [[0.15, 0.4, 0.2], [0.25, 0.6, 0.2]])


def test_percentiles_are_widened_for_few_subjects() -> None:
    replicates = np.linspace(0.3, 0.7, 4001)
    many = widened(replicates, 0.5, 1000)
    few = widened(replicates, 0.5, 5)
    assert many == pytest.approx((0.31, 0.69), abs=1e-3)
    assert few == pytest.approx((0.5 - 0.3009, 0.5 + 0.3009), abs=1e-3)


def test_an_interval_of_a_rate_is_cut_to_what_a_rate_can_be() -> None:
    interval = bootstrap_interval(np.linspace(-0.1, 1.1, 101), 0.5, 4)
    assert (interval.low, interval.high) == pytest.approx((0.0, 1.0))


def test_errors_that_were_seen_keep_the_lower_end_off_nothing() -> None:
    replicates = np.linspace(0.002, 0.038, 101)
    assert widened(replicates, 0.02, 10)[0] < 0
    assert bootstrap_interval(replicates, 0.02, 10).low > 0.001


def test_the_estimate_lies_inside_even_when_all_replicates_lie_on_one_side() -> None:
    interval = bootstrap_interval(np.array([0.3, 0.4, np.nan]), 0.2, 10)
    assert interval.low == pytest.approx(0.2)
    assert interval.contains(0.2)
    assert interval.high > 0.4


@pytest.mark.parametrize(("replicates", "subjects"), [([np.nan], 9), ([0.5, 0.6], 1)])
def test_where_nothing_can_be_said_the_interval_holds_everything(
    replicates: list[float], subjects: int
) -> None:
    interval = bootstrap_interval(np.array(replicates), 0.5, subjects)
    assert (interval.low, interval.high) == (0.0, 1.0)
