"""`PersonRules`: what similarity means and what persons have to show, for one modality or for several.

A `DecisionPolicy` decides about one modality, a `JointPolicy` about the evidence of several, added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from biocapil.calibration import Calibration, decide, decide_person
from biocapil.decision import DecisionPolicy, InstanceEvidence, PersonDecision, shared_among
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Modality

Policy = DecisionPolicy | JointPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalityEvidence:
    """What the comparisons of one modality say about two persons.

    Attributes:
        common: Evidence of each instance that both have.
        crossed: Evidence of instances of different names that are alike.
        pairs: Pairs of instances that were compared, also of different names.
    """

    common: Sequence[InstanceEvidence]
    crossed: Sequence[InstanceEvidence]
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonRules:
    """Calibration of each modality and the policy that rests on them.

    Attributes:
        calibrations: Turns similarity into evidence, one for each modality of the policy.
        policy: Thresholds.
    """

    calibrations: Mapping[Modality, Calibration]
    policy: Policy

    def __post_init__(self) -> None:
        parts = self.policy.parts if isinstance(self.policy, JointPolicy) else None
        if parts is None and len(self.calibrations) != 1:
            raise ValueError(
                f"a policy of one modality needs one calibration, got {len(self.calibrations)}: several "
                "modalities need a joint policy"
            )
        for modality, calibration in self.calibrations.items():
            if parts is not None and modality not in parts:
                raise ValueError(f"the policy says nothing about {modality.value}: make one that does")
            part = self.part(modality)
            if part.calibration_id != calibration.calibration_id:
                raise ValueError(
                    f"the policy was made with calibration {part.calibration_id}, the evidence comes from "
                    f"{calibration.calibration_id}: make it with `policy_for` and this calibration"
                )
        object.__setattr__(self, "calibrations", MappingProxyType(dict(self.calibrations)))

    @classmethod
    def of(cls, calibration: Calibration | Mapping[Modality, Calibration], policy: Policy) -> PersonRules:
        """Rules of one calibration, or of one for each modality."""
        if isinstance(calibration, Calibration):
            return cls(calibrations={calibration.modality: calibration}, policy=policy)
        return cls(calibrations=calibration, policy=policy)

    def part(self, modality: Modality) -> DecisionPolicy:
        """Policy of one modality, which says what of it may be compared."""
        return self.policy.parts[modality] if isinstance(self.policy, JointPolicy) else self.policy

    def least_of_one(self, modality: Modality, *, instances: int) -> float:
        """Evidence that one instance at least must reach, where two persons reach the review threshold.

        Args:
            modality: One of `calibrations`.
            instances: Instances of it that two persons can have in common, at least 1.
        """
        if isinstance(self.policy, JointPolicy):
            return self.policy.least_of_one(modality, instances=instances)
        together = self.policy.review_llr * shared_among(instances, self.policy.dependence) / instances
        return min(self.policy.review_llr, together)  # below 0 one alone needs the least

    def decide(self, evidence: Mapping[Modality, ModalityEvidence]) -> PersonDecision:
        """Decide about two persons."""
        if isinstance(self.policy, JointPolicy):
            return decide_person(
                {modality: each.common for modality, each in evidence.items()},
                self.policy,
                crossed={modality: each.crossed for modality, each in evidence.items()},
                pairs={modality: each.pairs for modality, each in evidence.items()},
            )
        (only,) = evidence.values()
        return decide(only.common, self.policy, crossed=only.crossed, pairs=only.pairs)
