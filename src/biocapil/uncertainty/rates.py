"""`rate_with_interval`: the share of pairs with an event, and how far it can be trusted.

    events ─► direct variance ──┐
    dependence ─► variance(p) ──┴─► trials as good as independent, at each p ─► mid-P limits

Pairs that share a subject are not independent trials, so the rate is trusted as if it came from fewer.
How many fewer is asked at the rate under test and not at the one observed: no observed error then does
not pretend to independence.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate, Interval
from biocapil.uncertainty.clusters import PairClusters, shared_counts, shared_products
from biocapil.uncertainty.dependence import Dependence, assumed_dependence
from biocapil.uncertainty.incomplete_beta import incomplete_beta
from biocapil.uncertainty.quantiles import bisected, normal_quantile, student_quantile

LOWEST_RATE = 1e-15
HIGHEST_RATE = 1 - 1e-12

Variance = Callable[[float], float]
"""Variance of the observed rate as a function of the true one."""


def rate_with_interval(
    events: NDArray[np.bool_],
    clusters: PairClusters,
    *,
    dependence: Dependence | None = None,
    confidence: float = 0.95,
) -> ErrorRate:
    """Share of pairs with an event, with an interval that knows which pairs share a subject.

    The limits invert the mid-P binomial test with the effective number of trials at the rate under test,
    shortened by Student's distribution because few subjects tell little about their spread. Without any
    shared subject and without an event the upper limit at 95 % is that of the rule of 3.

    Args:
        events: Whether the event happened. Shape (P,), bool, P >= 1.
        clusters: Subjects of the pairs.
        dependence: Correlation of the similarities that the events come from; by default assumed.
        confidence: Share of such intervals that hold the true rate, between 0 and 1.

    Raises:
        ValueError: Not one event a pair, or none at all.

    Reference: Korn and Graubard, Survey Methodology 24, 1998, 193-201 (effective trials); ISO/IEC
    19795-1:2021, annex B.
    """
    if events.shape != (len(clusters),) or events.dtype != np.bool_ or not len(clusters):
        raise ValueError(
            f"events must be bool of shape ({len(clusters)},), at least one, "
            f"got {events.dtype} of shape {events.shape}"
        )
    model = assumed_dependence(clusters) if dependence is None else dependence
    observed = float(events.mean())
    effective = _effective_trials(
        model_variance(observed, direct_variance(events, clusters), model),
        shortening=_shortening(clusters, model, confidence),
    )
    low, high = _limits(observed, effective, confidence)
    return ErrorRate(
        value=observed,
        interval=Interval(low=min(low, observed), high=max(high, observed), confidence=confidence),
        errors=int(events.sum()),
        trials=len(events),
    )


def direct_variance(events: NDArray[np.bool_], clusters: PairClusters) -> float:
    """Variance of the share of events, from the events alone.

    Deviations from the observed share are multiplied over all pairs that share a subject. With one subject
    a pair it is the variance between clusters; with dyads it is that of a U-statistic.

    Args:
        events: Whether the event happened. Shape (P,), bool.
        clusters: Subjects of the pairs.

    Returns:
        At least 0; that of a single trial where no two pairs are disjoint.

    Reference: Hoeffding, Annals of Mathematical Statistics 19, 1948, DOI 10.1214/aoms/1177730196.
    """
    observed = float(events.mean())
    disjoint = shared_counts(clusters).disjoint
    if disjoint <= 0:
        return observed * (1 - observed)
    deviations = events.astype(np.float64) - observed
    products = shared_products(deviations, clusters)
    dependent = float(deviations @ deviations) + products.same_dyad + products.one_subject
    return max(0.0, dependent / disjoint)


def rate_variance(events: NDArray[np.bool_], clusters: PairClusters, model: Dependence) -> float:
    """Variance of the share of events at the share observed, as `rate_with_interval` takes it."""
    observed = float(events.mean())
    return model_variance(observed, direct_variance(events, clusters), model)(observed)


def model_variance(observed: float, direct: float, model: Dependence) -> Variance:
    """Variance at any rate by the model, scaled up where the events spread more than it says.

    The direct variance of few events is too uncertain to argue the model down; that subjects differ more
    in the tail than in the middle, it shows. The variance is never below the binomial one.

    Args:
        observed: Observed rate, 0 to 1.
        direct: Variance of the observed rate from the events alone.
        model: Variance by the threshold model.
    """
    scale = 1.0
    if 0 < observed < 1 and model.is_possible:
        scale = max(1.0, direct / model.variance(observed))

    def variance(rate: float) -> float:
        return max(scale * model.variance(rate), rate * (1 - rate) / model.pairs)

    return variance


def _shortening(clusters: PairClusters, model: Dependence, confidence: float) -> float:
    """Factor on the trials for the few subjects that show how trials depend; 1 where none can."""
    if not model.is_possible:
        return 1.0
    degrees = max(1, clusters.occurring - 1)
    return (normal_quantile(confidence) / student_quantile(confidence, degrees)) ** 2


def _effective_trials(variance: Variance, *, shortening: float) -> Variance:
    return lambda rate: rate * (1 - rate) / variance(rate) * shortening


def _limits(observed: float, effective: Variance, confidence: float) -> tuple[float, float]:
    """Rates at which the observed share would just not be surprising."""
    tail = (1 - confidence) / 2

    def is_too_low(rate: float) -> bool:
        return _at_least(observed, effective(rate), rate) < tail

    def is_too_high(rate: float) -> bool:
        return 1 - _at_least(observed, effective(rate), rate) < tail

    low = bisected(is_too_low, LOWEST_RATE, observed) if observed > 0 else 0.0
    start = max(observed, LOWEST_RATE)
    high = bisected(lambda rate: not is_too_high(rate), start, HIGHEST_RATE) if observed < 1 else 1.0
    return low, high


def _at_least(observed: float, trials: float, rate: float) -> float:
    """Probability of at least the observed share, the share itself counted half; trials may be a fraction."""
    errors, rest = observed * trials, (1 - observed) * trials
    reached = incomplete_beta(rate, errors, rest + 1) if errors > 0 else 1.0
    exceeded = incomplete_beta(rate, errors + 1, rest) if rest > 0 else 0.0
    return (reached + exceeded) / 2
