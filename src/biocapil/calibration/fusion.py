"""Evidence of several fingers, eyes and faces of one person, added up.

    similarity ─► log-likelihood ratio ─┐
    similarity ─► log-likelihood ratio ─┼─► sum, lessened by the dependence of the instances ─► decision
    (missing: adds nothing)             ┘

For calibrated evidence, exp(evidence) of different persons has a mean of at most 1, so evidence t is reached by
at most one pair of different persons in exp(t). For k instances with correlation r the sum is divided by
1 + (k - 1) r: at r = 0 the sum, at r = 1 the mean, for both of which that bound holds (by Hölder's
inequality for the mean, whatever the dependence).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from biocapil.decision import DecisionPolicy, InstanceEvidence, PersonDecision
from biocapil.vocabulary import Decision


def best_of(llrs: Sequence[float]) -> float:
    """Evidence of the best of several comparisons of one instance: by chance alone one of them is highest.

    Raises:
        ValueError: There is no comparison.
    """
    if not llrs:
        raise ValueError("the best of no comparison was asked for; leave the instance out instead")
    return max(llrs) - math.log(len(llrs))


def fuse(llrs: Sequence[float], *, dependence: float) -> float:
    """Evidence of several instances together, in nats; 0 where there is none.

    Args:
        llrs: Evidence of each instance that both persons have.
        dependence: Correlation of the instances' evidence, 0 to 1.
    """
    if not 0 <= dependence <= 1:
        raise ValueError(f"dependence must lie in [0, 1], got {dependence!r}")
    if not llrs:
        return 0.0
    return math.fsum(llrs) / (1 + (len(llrs) - 1) * dependence)


def fuse_person(
    llrs: Sequence[float], *, crossed: Sequence[float] = (), pairs: int, dependence: float
) -> float:
    """Evidence that two records are of one person, all instances together or one of them alone.

    One finger that is certainly the same outweighs others that are not: prints are filed under wrong names, and
    fingers are borrowed. Alone it has to stand out among all pairs of instances that were compared.

    Args:
        llrs: Evidence of each instance that both persons have.
        crossed: Evidence of instances of different names that were compared.
        pairs: Pairs of instances of the two persons, also of different names, at least 1.
        dependence: Correlation of the instances' evidence.
    """
    together = fuse(llrs, dependence=dependence)
    strongest = max((*llrs, *crossed), default=0.0)
    return max(together, strongest - math.log(pairs))


def decide(
    evidence: Sequence[InstanceEvidence],
    policy: DecisionPolicy,
    *,
    crossed: Sequence[InstanceEvidence] = (),
    pairs: int | None = None,
) -> PersonDecision:
    """Decide about two persons.

    Args:
        evidence: Evidence of each instance that both persons have; empty where they have none in common.
        policy: Thresholds.
        crossed: Evidence of instances of different names that are alike: one finger filed under two names.
        pairs: Pairs of instances compared; by default one an instance.

    Returns:
        The decision; `NOT_DECIDABLE` where nothing could be compared.
    """
    everything = (*evidence, *crossed)
    fused = fuse_person(
        [each.llr for each in evidence],
        crossed=[each.llr for each in crossed],
        pairs=pairs or max(len(everything), 1),
        dependence=policy.dependence,
    )
    rate = policy.rates.at(fused)
    return PersonDecision(
        outcome=policy.decide(fused) if everything else Decision.NOT_DECIDABLE,
        llr=fused,
        false_match=rate,
        fpir=rate.among(policy.target.people),
        people=policy.target.people,
        policy_id=policy.policy_id,
        calibration_id=policy.calibration_id,
        instances=tuple(sorted(everything, key=lambda each: -each.llr)),
    )
