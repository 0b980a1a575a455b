"""Evidence of several fingers, eyes and faces of one person, added up.

    similarity ─► log-likelihood ratio ─┐
    similarity ─► log-likelihood ratio ─┼─► sum, lessened by the dependence of the instances ─► decision
    (missing: adds nothing)             ┘

For calibrated evidence, exp(evidence) of different persons has a mean of at most 1, so evidence t is reached
by at most one pair of different persons in exp(t). For k instances with correlation r the sum is divided by
1 + (k - 1) r: at r = 0 the sum, at r = 1 the mean, for both of which that bound holds (by Hölder's
inequality for the mean, whatever the dependence).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from biocapil.decision import (
    DecisionPolicy,
    InstanceEvidence,
    PersonDecision,
    PolicyTarget,
    shared_among,
)
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

    Raises:
        ValueError: The dependence is no correlation from 0 to 1.
    """
    if not 0 <= dependence <= 1:
        raise ValueError(f"dependence must lie in [0, 1], got {dependence!r}")
    if not llrs:
        return 0.0
    return math.fsum(llrs) / shared_among(len(llrs), dependence)


def fuse_person(
    llrs: Sequence[float], *, crossed: Sequence[float] = (), pairs: int, dependence: float
) -> float:
    """Evidence that two records are of one person, all instances together or one of them alone.

    One finger that is certainly the same outweighs others that are not: prints are filed under wrong names,
    and fingers are borrowed. Alone it has to stand out among all pairs of instances that were compared.

    Args:
        llrs: Evidence of each instance that both persons have.
        crossed: Evidence of instances of different names that were compared.
        pairs: Pairs of instances of the two persons that were compared, also of different names; at least
            one for each of `llrs` and `crossed`.
        dependence: Correlation of the instances' evidence.

    Raises:
        ValueError: There are fewer pairs than evidence, or the dependence is no correlation from 0 to 1.
    """
    found = len(llrs) + len(crossed)
    if pairs < max(found, 1):
        raise ValueError(
            f"pairs must be at least 1 and one for each piece of evidence ({found}), got {pairs}"
        )
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

    Raises:
        ValueError: More was compared than the policy's target is for, so that its rates do not hold.
    """
    everything = (*evidence, *crossed)
    fused = evidence_within(evidence, policy, crossed=crossed, pairs=pairs)
    rate = policy.rates.at(fused)
    return PersonDecision(
        outcome=policy.decide(fused) if everything else Decision.NOT_DECIDABLE,
        llr=fused,
        false_match=rate,
        fpir=rate.among(policy.target.people),
        people=policy.target.people,
        policy_id=policy.policy_id,
        calibration_id=policy.calibration_id,
        instances=tuple(sorted(everything, key=lambda each: (-each.llr, each.instance))),
    )


def evidence_within(
    evidence: Sequence[InstanceEvidence],
    policy: DecisionPolicy,
    *,
    crossed: Sequence[InstanceEvidence] = (),
    pairs: int | None = None,
) -> float:
    """Evidence of the instances of one modality together, in nats; arguments as for `decide`.

    Raises:
        ValueError: More was compared than the policy's target is for, so that its rates do not hold.
    """
    compared = max(len(evidence) + len(crossed), 1) if pairs is None else pairs
    _check_within(policy.target, evidence, crossed, compared)
    return fuse_person(
        [each.llr for each in evidence],
        crossed=[each.llr for each in crossed],
        pairs=compared,
        dependence=policy.dependence,
    )


def _check_within(
    target: PolicyTarget,
    evidence: Sequence[InstanceEvidence],
    crossed: Sequence[InstanceEvidence],
    pairs: int,
) -> None:
    """Refuse evidence that the target's rates do not cover."""
    compared = {
        "instances": (len(evidence), target.instances),
        "comparisons": (
            max((each.comparisons for each in (*evidence, *crossed)), default=0),
            target.comparisons,
        ),
        "pairs of instances": (pairs, target.instances**2),
    }
    for name, (found, most) in compared.items():
        if found > most:
            raise ValueError(
                f"the policy holds for at most {most} {name}, got {found}: make one whose target has "
                "as many instances and comparisons as the registry"
            )
