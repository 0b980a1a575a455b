"""Fingers, irises and face of one person together: one policy, one decision.

    instances ─► evidence of each modality ─► sum, or one alone among them ─► decision
                                                        │
    rates of each modality ─► rates of that sum ────────┘

Modalities of different persons are taken as independent: that two strangers have like faces says nothing
about their fingers. Nor does it for twins, but their faces are alike far more often than those of strangers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.calibration import Calibration
from biocapil.calibration.fusion import evidence_within
from biocapil.calibration.person_rates import STEP_NATS, read_survival
from biocapil.calibration.policy import policy_for, speaking
from biocapil.decision import EvidenceRates, InstanceEvidence, PersonDecision, PolicyTarget
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Decision, Modality

COLUMNS = ("low", "rate", "high")


def joint_policy_for(
    targets: Mapping[Modality, PolicyTarget], calibrations: Mapping[Modality, Calibration]
) -> JointPolicy:
    """Thresholds for the evidence of several modalities together.

    Args:
        targets: Of each modality: the same rates and people, and what two persons can share of it.
        calibrations: Of each of these modalities; others are not looked at.

    Raises:
        ValueError: A modality has no calibration, a calibration is of another, or the targets differ in
            rates or people.
    """
    for modality in targets:
        if modality not in calibrations:
            raise ValueError(f"no calibration for {modality.value}: give one, or leave {modality.value} out")
        if calibrations[modality].modality is not modality:
            raise ValueError(
                f"calibration {calibrations[modality].calibration_id} is of "
                f"{calibrations[modality].modality.value}, not of {modality.value}"
            )
    parts = {modality: policy_for(target, calibrations[modality]) for modality, target in targets.items()}
    rates = joint_rates([part.rates for part in parts.values()])
    aim = next(iter(targets.values()))
    duplicate = speaking(rates.smallest_llr(people=aim.people, fpir=aim.fpir))
    review = speaking(rates.smallest_llr(people=aim.people, fpir=aim.review_fpir))
    missing = " ".join(part.shortfall for part in parts.values() if part.shortfall)
    return JointPolicy(
        parts=parts,
        review_llr=min(review, duplicate),
        duplicate_llr=duplicate,
        rates=rates,
        shortfall=missing if math.isinf(duplicate) else "",
    )


def joint_rates(parts: Sequence[EvidenceRates]) -> EvidenceRates:
    """Rates of different persons for the evidence of several modalities together.

    Whatever modalities two persons share, the worst is taken; to it the chance is added that one modality
    alone stands out among all (`fuse_modalities`).

    Args:
        parts: Rates of each modality, on one grid of `STEP_NATS`; at least one.
    """
    if len(parts) == 1:
        return parts[0]
    firsts = [round(float(part.llr[0]) / STEP_NATS) for part in parts]
    lasts = [first + len(part.llr) - 1 for first, part in zip(firsts, parts, strict=True)]
    lowest = min(sum(first for first in firsts if first < 0), *firsts)
    highest = max(sum(last for last in lasts if last > 0), *lasts)
    cells = np.arange(lowest, highest + 1)
    low, rate, high = (
        _joint_survival([getattr(part, column) for part in parts], firsts, cells) for column in COLUMNS
    )
    return EvidenceRates(
        llr=np.round(cells * STEP_NATS, 6).astype(np.float64),
        rate=rate,
        low=np.minimum(low, rate),
        high=np.maximum(high, rate),
        measured_to=min(part.measured_to for part in parts),
        confidence=min(part.confidence for part in parts),
    )


def fuse_modalities(llrs: Sequence[float]) -> float:
    """Evidence of several modalities together: their sum, or one alone, lessened for having been the best.

    Args:
        llrs: Evidence of each modality that both persons have.
    """
    if not llrs:
        return 0.0
    return max(math.fsum(llrs), max(llrs) - math.log(len(llrs)))


def decide_person(
    evidence: Mapping[Modality, Sequence[InstanceEvidence]],
    policy: JointPolicy,
    *,
    crossed: Mapping[Modality, Sequence[InstanceEvidence]] | None = None,
    pairs: Mapping[Modality, int] | None = None,
) -> PersonDecision:
    """Decide about two persons.

    Args:
        evidence: Evidence of each instance that both persons have, by modality; modalities without any say
            nothing.
        policy: Thresholds.
        crossed: Evidence of instances of different names that are alike, by modality.
        pairs: Pairs of instances compared, by modality; by default one an instance.

    Returns:
        The decision; `NOT_DECIDABLE` where nothing could be compared.

    Raises:
        ValueError: A modality is none of the policy, or more was compared than its target is for.
    """
    across, counts = crossed or {}, pairs or {}
    compared = {
        modality: (instances, across.get(modality, ()))
        for modality, instances in evidence.items()
        if instances or across.get(modality)
    }
    unknown = [modality.value for modality in compared if modality not in policy.parts]
    if unknown:
        raise ValueError(f"the policy says nothing about {', '.join(unknown)}: make one that does")
    fused = fuse_modalities(
        [
            evidence_within(common, policy.parts[modality], crossed=others, pairs=counts.get(modality))
            for modality, (common, others) in compared.items()
        ]
    )
    everything = [each for common, others in compared.values() for each in (*common, *others)]
    rate = policy.rates.at(fused)
    return PersonDecision(
        outcome=policy.decide(fused) if everything else Decision.NOT_DECIDABLE,
        llr=fused,
        false_match=rate,
        fpir=rate.among(policy.people),
        people=policy.people,
        policy_id=policy.policy_id,
        calibration_id=policy.calibration_id,
        instances=tuple(sorted(everything, key=lambda each: (-each.llr, each.instance))),
    )


def _joint_survival(
    survivals: Sequence[NDArray[np.float64]], firsts: Sequence[int], cells: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Chance to reach each cell, whatever modalities are shared."""
    masses = [_mass(survival) for survival in survivals]
    worst = np.zeros(len(cells))
    for count in range(1, len(masses) + 1):
        alone = np.zeros(len(cells))
        moved = math.floor(math.log(count) / STEP_NATS)
        for chosen in combinations(range(len(masses)), count):
            summed = reduce(np.convolve, [masses[each] for each in chosen])
            reached = np.minimum(np.cumsum(summed[::-1])[::-1], 1.0)
            together = read_survival(reached, cells - sum(firsts[each] for each in chosen))
            if count > 1:
                alone = np.sum(
                    [read_survival(survivals[each], cells - firsts[each] + moved) for each in chosen], axis=0
                )
            worst = np.maximum(worst, np.minimum(1.0, together + alone))
    return np.minimum.accumulate(worst)


def _mass(survival: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance of each cell; what stays below the first counts as the first."""
    mass: NDArray[np.float64] = survival - np.append(survival[1:], 0.0)
    mass[0] += 1.0 - survival[0]
    return mass
