"""`JointPairPolicy`: fingers, irises and face weighed by a joint policy."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, decide_person
from biocapil.decision import InstanceEvidence, PersonDecision
from biocapil.deduplication.persons import similarity_reaching
from biocapil.deduplication.registry.pair_policy import Bar, PolicyTerms
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Instance, Modality, ModelId

ROUNDING = 1e-9
"""Nats by which what is computed for many pairs at once may differ from what is decided about one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointPairPolicy:
    """A `PairPolicy` for the modalities of a joint policy.

    Attributes:
        calibrations: Turn similarity into evidence, one for each modality of the policy.
        policy: Thresholds.
        least_llr: Evidence that a scanned instance has to show in any case, in nats, where its share of the
            review threshold would let more pairs stand out than can be looked at. Who reaches the review
            threshold by several instances below it is then not found.
    """

    calibrations: Mapping[Modality, Calibration]
    policy: JointPolicy
    least_llr: float = -math.inf

    def __post_init__(self) -> None:
        if math.isnan(self.least_llr):
            raise ValueError("least_llr must be a number, got nan")
        for modality, part in self.policy.parts.items():
            known = self.calibrations.get(modality)
            if known is None or known.calibration_id != part.calibration_id:
                raise ValueError(
                    f"the policy rests on calibration {part.calibration_id} for {modality.value}, got "
                    f"{known.calibration_id if known else 'none'}"
                )

    @property
    def terms(self) -> PolicyTerms:
        """What it rests on."""
        targets = {modality.value: part.target for modality, part in self.policy.parts.items()}
        aim = self.policy.target
        return PolicyTerms(
            policy_id=self.policy.policy_id,
            calibration_ids={name.value: each.calibration_id for name, each in self.policy.parts.items()},
            review_llr=self.policy.review_llr,
            target={
                "fpir": aim.fpir,
                "review_fpir": aim.review_fpir,
                "people": aim.people,
                "instances": {name: target.instances for name, target in targets.items()},
                "comparisons": {name: target.comparisons for name, target in targets.items()},
            },
        )

    def bar(self, instance: Instance, model_id: ModelId, comparator: str) -> Bar:
        """Share of the review threshold: people reach it only if one of their instances reaches this."""
        part = self.policy.parts.get(instance.modality)
        if part is None:
            raise ValueError(f"the policy says nothing of {instance.name}: name a calibration for it")
        calibration = self.calibrations[instance.modality]
        calibration.require(model_id, comparator)
        share = self.policy.least_of_one(instance.modality, instances=part.target.instances) - ROUNDING
        share = max(share, self.least_llr)
        return Bar(llr=share, similarity=similarity_reaching(share, calibration))

    def evidence(
        self, instance: Instance, similarities: NDArray[np.float32], sizes: NDArray[np.int16]
    ) -> NDArray[np.float64]:
        """Evidence of single comparisons, in nats."""
        return self.calibrations[instance.modality].evidence(similarities, sizes)

    def may_reach(self, instances: Sequence[Instance], llrs: NDArray[np.float64]) -> NDArray[np.bool_]:
        """What `decide_person` says, for many pairs at once."""
        modalities = [
            self._of_modality(modality, llrs[:, [each.modality is modality for each in instances]])
            for modality in self.policy.parts
        ]
        fused = _sum_or_strongest(np.column_stack(modalities), divisor=np.ones(len(llrs)))
        reaching: NDArray[np.bool_] = fused >= self.policy.review_llr - ROUNDING
        return reaching

    def _of_modality(self, modality: Modality, llrs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Evidence of one modality, nan where it is not in common. Shape (n,)."""
        count = np.isfinite(llrs).sum(axis=1)
        divisor = 1 + (np.maximum(count, 1) - 1) * self.policy.parts[modality].dependence
        return np.where(count > 0, _sum_or_strongest(llrs, divisor=divisor), np.nan)

    def decide(self, evidence: Mapping[Instance, InstanceEvidence]) -> PersonDecision:
        """Decide about two people."""
        by_modality: dict[Modality, list[InstanceEvidence]] = defaultdict(list)
        for instance, each in evidence.items():
            by_modality[instance.modality].append(each)
        return decide_person(by_modality, self.policy)


def _sum_or_strongest(llrs: NDArray[np.float64], *, divisor: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of what there is, divided; or the strongest alone, lessened for being the best. Shape (n,)."""
    common = np.isfinite(llrs)
    together = np.where(common, llrs, 0.0).sum(axis=1) / divisor
    strongest = np.where(common, llrs, -np.inf).max(axis=1, initial=-np.inf)
    alone = strongest - np.log(np.maximum(common.sum(axis=1), 1))
    fused: NDArray[np.float64] = np.maximum(together, alone)
    return fused
