import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from biocapil.uncertainty.clusters import PairClusters, single_clusters
from biocapil.uncertainty.dependence import (
    assumed_dependence,
    exceedance_covariance,
    measure_dependence,
)


def cross_comparison(subjects: int, each: int) -> PairClusters:
    first, second = np.triu_indices(subjects, 1)
    return PairClusters(
        first=np.repeat(first, each).astype(np.int32),
        second=np.repeat(second, each).astype(np.int32),
        subjects=subjects,
    )


def dependent_values(
    clusters: PairClusters, one_subject: float, same_dyad: float, seed: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    rng = np.random.default_rng(seed)
    subjects = rng.normal(size=clusters.subjects) * np.sqrt(one_subject)
    dyads = rng.normal(size=clusters.dyad.max() + 1) * np.sqrt(same_dyad - 2 * one_subject)
    alone = rng.normal(size=len(clusters)) * np.sqrt(1 - same_dyad)
    return subjects[clusters.first] + subjects[clusters.second] + dyads[clusters.dyad] + alone


def test_correlations_put_into_dyads_are_found_again() -> None:
    clusters = cross_comparison(400, 2)
    found = measure_dependence(np.exp(dependent_values(clusters, 0.1, 0.5, 7)), clusters)
    assert found.one_subject == pytest.approx(0.1, abs=0.015)
    assert found.same_dyad == pytest.approx(0.5, abs=0.02)


def test_a_correlation_within_subjects_of_unequal_size_is_found_again() -> None:
    rng = np.random.default_rng(5)
    subjects = np.repeat(np.arange(3000), rng.integers(1, 9, 3000)).astype(np.int32)
    values = rng.normal(size=3000)[subjects] * np.sqrt(0.3) + rng.normal(size=len(subjects)) * np.sqrt(0.7)
    found = measure_dependence(values, single_clusters(subjects, 3000))
    assert found.same_dyad == pytest.approx(0.3, abs=0.03)
    assert found.one_subject == 0.0


def test_a_rising_map_and_the_order_of_pairs_change_nothing() -> None:
    clusters = cross_comparison(12, 3)
    values = dependent_values(clusters, 0.1, 0.4, 2)
    shuffled = np.random.default_rng(0).permutation(len(values))
    plain = measure_dependence(values, clusters)
    moved = measure_dependence(values[shuffled] ** 3 + 5, clusters.take(shuffled))
    assert (plain.one_subject, plain.same_dyad) == pytest.approx((moved.one_subject, moved.same_dyad))


def test_similarities_that_are_all_equal_show_no_dependence() -> None:
    found = measure_dependence(np.full(66, -np.inf), cross_comparison(12, 1))
    assert (found.one_subject, found.same_dyad) == (0.0, 0.0)


def test_where_no_pairs_are_disjoint_they_count_as_one() -> None:
    found = measure_dependence(np.arange(6.0), cross_comparison(3, 2))
    assert (found.one_subject, found.same_dyad) == (1.0, 1.0)
    assert found.variance(0.2) == pytest.approx(0.2 * 0.8)


def test_independent_trials_have_the_binomial_variance() -> None:
    clusters = single_clusters(np.arange(50, dtype=np.int32), 50)
    assert assumed_dependence(clusters).variance(0.1) == pytest.approx(0.1 * 0.9 / 50)


@given(rate=st.floats(1e-6, 1 - 1e-6))
def test_equal_events_have_the_full_covariance_and_independent_ones_none(rate: float) -> None:
    assert exceedance_covariance(rate, 1.0) == pytest.approx(rate * (1 - rate), rel=1e-3)
    assert exceedance_covariance(rate, 0.0) == 0.0


@pytest.mark.parametrize("rate", [0.3, 0.01, 1e-4])
@pytest.mark.parametrize("correlation", [0.05, 0.4, 0.9])
def test_covariances_are_those_of_the_bivariate_normal(rate: float, correlation: float) -> None:
    threshold = stats.norm.ppf(rate)
    both = stats.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]]).cdf([threshold] * 2)
    assert exceedance_covariance(rate, correlation) == pytest.approx(both - rate**2, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_certain_events_do_not_vary(rate: float) -> None:
    assert exceedance_covariance(rate, 0.5) == 0.0
    assert assumed_dependence(cross_comparison(5, 2)).variance(rate) == 0.0


def test_an_assumed_correlation_must_be_one() -> None:
    with pytest.raises(ValueError, match=r"one_subject must lie in \[0, 1\], got 1.2"):
        assumed_dependence(cross_comparison(5, 2), one_subject=1.2)


def test_similarities_that_do_not_fit_are_refused() -> None:
    clusters = cross_comparison(4, 1)
    with pytest.raises(ValueError, match=r"must have shape \(6,\)"):
        measure_dependence(np.zeros(5), clusters)
    with pytest.raises(ValueError, match="no NaN"):
        measure_dependence(np.full(6, np.nan), clusters)
    with pytest.raises(ValueError, match="at least one"):
        measure_dependence(np.empty(0), clusters.take(np.zeros(6, dtype=np.bool_)))
