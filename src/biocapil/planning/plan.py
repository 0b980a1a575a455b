"""`make_plan`: policy, errors, load and capacity of a registry that is to be built."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from biocapil.calibration import Calibration, joint_policy_for, mated_miss_rate, policy_for
from biocapil.decision import DecisionPolicy, PolicyTarget
from biocapil.expected_rate import ExpectedRate
from biocapil.joint_policy import JointPolicy
from biocapil.planning.capacity import Capacity, SearchFigures, required_capacity
from biocapil.vocabulary import Modality

Parts = Mapping[Modality, tuple[PolicyTarget, Calibration]]
"""Target and calibration of each modality."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissRate:
    """Expected share of persons registered twice who stay below a threshold.

    Attributes:
        low: If the fingers of a person are good or bad independently of each other; of several modalities, if
            these are so too.
        high: If all fingers of a person are alike, or the other way round where that is worse; of several
            modalities, that of the best alone, whatever the others do.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What to expect.

    Attributes:
        policy: Thresholds for the target, or why it cannot be kept.
        fpir: Chance that a person who is registered once is called a duplicate; None where nobody can be.
        review: Chance that such a person has to be looked at.
        missed: Share of persons registered twice whom nobody will look at (FNIR); None where nothing is
            decided.
        undecided: Share of them who are not called duplicates without a person looking; None as before.
        reviews_per_day: People to look at a day who are registered once; None as before.
        capacity: Memory, cores, time.
        cores: Cores that the times are for.
        searches_per_day: Persons searched a day.
        figures: What speed and size rest on.
        extrapolated: What was carried beyond measurement, one sentence each.
    """

    policy: DecisionPolicy | JointPolicy
    fpir: ExpectedRate | None
    review: ExpectedRate | None
    missed: MissRate | None
    undecided: MissRate | None
    reviews_per_day: float | None
    capacity: Capacity
    cores: int
    searches_per_day: float
    figures: SearchFigures
    extrapolated: tuple[str, ...]


def make_plan(
    target: PolicyTarget,
    calibration: Calibration,
    *,
    figures: SearchFigures,
    cores: int,
    searches_per_day: float,
    further: Mapping[Modality, tuple[PolicyTarget, Calibration]] | None = None,
) -> Plan:
    """Plan a registry.

    Args:
        target: People, fingers, and the errors that may be made.
        calibration: What scores of fingers mean.
        figures: Measured speed and size.
        cores: Cores at hand.
        searches_per_day: Persons searched a day.
        further: Target and calibration of other modalities that are compared as well; memory, cores and time
            stay those of the fingers, for which alone speed was measured.

    Raises:
        ValueError: A number is out of range.
    """
    parts = {Modality.FINGER: (target, calibration), **(further or {})}
    policy = _policy(parts)
    review = _among(policy, policy.review_llr)
    return Plan(
        policy=policy,
        fpir=_among(policy, policy.duplicate_llr),
        review=review,
        missed=_missed(policy.review_llr, parts),
        undecided=_missed(policy.duplicate_llr, parts),
        reviews_per_day=None if review is None else review.value * searches_per_day,
        capacity=required_capacity(
            figures,
            people=target.people,
            instances=target.instances,
            comparisons=target.comparisons,
            cores=cores,
            searches_per_day=searches_per_day,
        ),
        cores=cores,
        searches_per_day=searches_per_day,
        figures=figures,
        extrapolated=_extrapolated(policy, parts, figures, cores=cores),
    )


def _policy(parts: Parts) -> DecisionPolicy | JointPolicy:
    """Policy of one modality, or of several together."""
    if len(parts) == 1:
        ((target, calibration),) = parts.values()
        return policy_for(target, calibration)
    return joint_policy_for(
        {modality: target for modality, (target, _) in parts.items()},
        {modality: calibration for modality, (_, calibration) in parts.items()},
    )


def _among(policy: DecisionPolicy | JointPolicy, llr: float) -> ExpectedRate | None:
    """Chance of reaching a threshold among all people; None where the threshold has no end."""
    return policy.rates.at(llr).among(policy.target.people) if llr < float("inf") else None


def _missed(llr: float, parts: Parts) -> MissRate | None:
    """Share that stays below a threshold; of several modalities an upper one.

    Evidence of several reaches it wherever one alone does, lessened for having been the best of them
    (`fuse_modalities`): only who stays below in each of them can be missed.
    """
    if llr == float("inf"):
        return None
    alone = llr + math.log(len(parts))
    rates = [
        mated_miss_rate(calibration, llr=alone, instances=target.instances)
        for target, calibration in parts.values()
    ]
    return MissRate(low=math.prod(low for low, _ in rates), high=min(high for _, high in rates))


def _extrapolated(
    policy: DecisionPolicy | JointPolicy, parts: Parts, figures: SearchFigures, *, cores: int
) -> tuple[str, ...]:
    said: list[str] = []
    counted = min(sum(each.nonmated for each in calibration.fitted_on) for _, calibration in parts.values())
    if policy.extrapolated and not policy.shortfall:
        said.append(
            f"the duplicate threshold: evidence was counted up to {policy.rates.measured_to:.1f} nats on "
            f"{counted:,} non-mated pairs, beyond that the upper limit of the fitted tail is used"
        )
    if len(parts) > 1:
        others = " and ".join(modality.value for modality in parts if modality is not Modality.FINGER)
        said.append(
            "FNIR of several modalities: only who is missed by each alone was counted, and the lower "
            "end takes modalities to fail independently; memory, cores and time are those of the fingers, "
            f"without {others}"
        )
    if policy.target.instances > 1:
        said.append("FNIR of several fingers: one finger's rate was counted, how fingers go together was not")
    references = policy.target.people * policy.target.instances
    if references > figures.largest_gallery:
        said.append(
            f"time and cores: speed was measured on up to {figures.largest_gallery:,} references, and is "
            f"taken to hold for {references:,}"
        )
    if cores > 2:
        said.append(
            f"time on {cores:,} cores: two threads gave {figures.threads_gain:g} times the speed of one, "
            "more were not measured; times are for perfect gain"
        )
    return tuple(said)
