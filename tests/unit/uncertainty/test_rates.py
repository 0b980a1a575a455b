import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from biocapil.error_rate import Interval
from biocapil.uncertainty.clusters import PairClusters, single_clusters
from biocapil.uncertainty.dependence import assumed_dependence, measure_dependence
from biocapil.uncertainty.rates import direct_variance, rate_variance, rate_with_interval


def independent(trials: int) -> PairClusters:
    return single_clusters(np.arange(trials, dtype=np.int32), trials)


def events_of(errors: int, trials: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.arange(trials) < errors


def cross_comparison(subjects: int, each: int) -> PairClusters:
    first, second = np.triu_indices(subjects, 1)
    return PairClusters(
        first=np.repeat(first, each).astype(np.int32),
        second=np.repeat(second, each).astype(np.int32),
        subjects=subjects,
    )


@pytest.mark.parametrize("trials", [20, 300, 3000, 1_000_000])
def test_no_error_in_independent_trials_gives_the_rule_of_three(trials: int) -> None:
    rate = rate_with_interval(events_of(0, trials), independent(trials))
    assert rate.interval.low == 0.0
    assert rate.interval.high == pytest.approx(1 - 0.05 ** (1 / trials), rel=1e-9)
    assert rate.interval.high == pytest.approx(3 / trials, rel=0.08)


@given(trials=st.integers(2, 60), share=st.floats(0, 1))
def test_independent_trials_give_the_mid_p_limits_of_the_binomial(trials: int, share: float) -> None:
    errors = round(share * trials)
    interval = rate_with_interval(events_of(errors, trials), independent(trials)).interval

    def mid_p(rate: float) -> float:
        return float(stats.binom.sf(errors, trials, rate) + stats.binom.pmf(errors, trials, rate) / 2)

    low = 0.0 if errors == 0 else optimize.brentq(lambda rate: mid_p(rate) - 0.025, 1e-12, 1 - 1e-12)
    high = 1.0 if errors == trials else optimize.brentq(lambda rate: mid_p(rate) - 0.975, 1e-12, 1 - 1e-12)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-6)


def test_pairs_that_share_subjects_prove_less() -> None:
    clusters = cross_comparison(10, 64)
    none = np.zeros(len(clusters), dtype=np.bool_)
    apart = rate_with_interval(none, independent(len(clusters))).interval.high
    shared = rate_with_interval(none, clusters).interval.high
    fully = rate_with_interval(
        none, clusters, dependence=assumed_dependence(clusters, same_dyad=1.0, one_subject=0.0)
    ).interval.high
    assert apart < 1.2 * apart < shared < 0.5 * fully


def test_equal_answers_within_a_subject_count_once() -> None:
    subjects = np.repeat(np.arange(40), 5).astype(np.int32)
    clusters = single_clusters(subjects, 40)
    events = subjects < 4
    copies = rate_with_interval(
        events, clusters, dependence=assumed_dependence(clusters, same_dyad=1.0)
    ).interval
    once = rate_with_interval(events_of(4, 40), independent(40)).interval
    assert copies.low == pytest.approx(once.low, rel=0.15)
    assert copies.high == pytest.approx(once.high, rel=0.1)
    assert copies.high >= once.high


def test_a_lone_subject_says_next_to_nothing() -> None:
    clusters = single_clusters(np.zeros(50, dtype=np.int32), 1)
    values = np.arange(50.0)
    rate = rate_with_interval(values > 99, clusters, dependence=measure_dependence(values, clusters))
    assert rate.interval.high > 0.9


def test_one_level_direct_variance_is_that_between_clusters() -> None:
    rng = np.random.default_rng(4)
    events = rng.random((12, 7)) < 0.3
    clusters = single_clusters(np.repeat(np.arange(12), 7).astype(np.int32), 12)
    expected = np.var(events.mean(axis=1), ddof=1) / 12
    assert direct_variance(events.ravel(), clusters) == pytest.approx(expected)


def test_the_direct_variance_of_dyads_is_right_on_average() -> None:
    clusters = cross_comparison(8, 2)
    rng = np.random.default_rng(8)
    means, variances = [], []
    for _ in range(3000):
        effects = rng.normal(size=8)
        values = effects[clusters.first] + effects[clusters.second] + rng.normal(size=len(clusters))
        events = values > 1.0
        means.append(events.mean())
        variances.append(direct_variance(events, clusters))
    assert np.mean(variances) == pytest.approx(np.var(means), rel=0.1)


def test_without_disjoint_pairs_the_direct_variance_is_that_of_one_trial() -> None:
    events = np.array([True, False, False])
    assert direct_variance(events, cross_comparison(3, 1)) == pytest.approx(2 / 9)


@given(st.integers(0, 90), st.sampled_from([0.5, 0.9, 0.99]))
def test_intervals_hold_the_rate_and_grow_with_confidence(errors: int, confidence: float) -> None:
    clusters = cross_comparison(10, 2)
    events = events_of(errors, len(clusters))
    rate = rate_with_interval(events, clusters, confidence=confidence)
    wider = rate_with_interval(events, clusters, confidence=0.999)
    assert rate.value == errors / 90
    assert wider.interval.low <= rate.interval.low <= rate.value
    assert rate.value <= rate.interval.high <= wider.interval.high
    assert (rate.errors, rate.trials, rate.interval.confidence) == (errors, 90, confidence)


def test_certainty_and_impossibility_mirror_each_other() -> None:
    none = rate_with_interval(events_of(0, 30), independent(30)).interval
    every = rate_with_interval(events_of(30, 30), independent(30)).interval
    assert (every.low, every.high) == pytest.approx((1 - none.high, 1.0), abs=1e-9)


def covers(clusters: PairClusters, one_subject: float, same_dyad: float, rate: float, runs: int) -> int:
    """Of so many simulated sets, how many intervals hold the true rate."""
    rng = np.random.default_rng(20_261_124)
    threshold = stats.norm.isf(rate)
    held = 0
    for _ in range(runs):
        subjects = rng.normal(size=clusters.subjects) * math.sqrt(one_subject)
        dyads = rng.normal(size=clusters.dyad.max() + 1) * math.sqrt(same_dyad - 2 * one_subject)
        values = dyads[clusters.dyad] + rng.normal(size=len(clusters)) * math.sqrt(1 - same_dyad)
        if one_subject:
            values += subjects[clusters.first] + subjects[clusters.second]
        dependence = measure_dependence(values, clusters)
        found = rate_with_interval(values >= threshold, clusters, dependence=dependence)
        held += found.interval.contains(rate)
    return held


@pytest.mark.parametrize(
    ("clusters", "one_subject", "same_dyad", "rate"),
    [
        (cross_comparison(12, 16), 0.05, 0.37, 0.02),
        (cross_comparison(25, 4), 0.0, 0.3, 0.05),
        (single_clusters(np.repeat(np.arange(40), 6).astype(np.int32), 40), 0.0, 0.4, 0.1),
    ],
    ids=["few subjects", "many dyads", "mated"],
)
def test_nineteen_of_twenty_intervals_hold_the_true_rate(
    clusters: PairClusters, one_subject: float, same_dyad: float, rate: float
) -> None:
    runs = 200
    held = covers(clusters, one_subject, same_dyad, rate, runs)
    # within four standard errors of 95 %
    assert abs(held - 0.95 * runs) <= 4 * math.sqrt(runs * 0.95 * 0.05)


def test_taking_the_same_pairs_for_independent_would_not_do() -> None:
    clusters = cross_comparison(12, 16)
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(150):
        dyads = rng.normal(size=66) * math.sqrt(0.37)
        values = dyads[clusters.dyad] + rng.normal(size=len(clusters)) * math.sqrt(0.63)
        events = values >= stats.norm.isf(0.05)
        naive: Interval = rate_with_interval(events, independent(len(events))).interval
        held += naive.contains(0.05)
    assert held < 0.8 * 150


def test_events_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"events must be bool of shape \(5,\)"):
        rate_with_interval(np.zeros(4, dtype=np.bool_), independent(5))
    with pytest.raises(ValueError, match="got float64"):
        rate_with_interval(np.zeros(5), independent(5))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least one"):
        rate_with_interval(np.zeros(0, dtype=np.bool_), independent(0))


def test_the_variance_of_a_rate_is_never_below_the_binomial_one() -> None:
    clusters = cross_comparison(9, 2)
    model = assumed_dependence(clusters, same_dyad=0.0, one_subject=0.0)
    events = events_of(7, len(clusters))
    assert rate_variance(events, clusters, model) >= 7 / 72 * 65 / 72 / 72


def test_events_that_spread_more_than_the_model_says_raise_the_variance() -> None:
    clusters = single_clusters(np.repeat(np.arange(40), 5).astype(np.int32), 40)
    model = assumed_dependence(clusters, same_dyad=0.1)
    events = clusters.first < 4
    assert rate_variance(events, clusters, model) == pytest.approx(direct_variance(events, clusters))
    assert rate_variance(events, clusters, model) > model.variance(0.1)
