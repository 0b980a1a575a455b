"""`JointPolicy`: thresholds for the evidence of fingers, irises and face together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from biocapil.decision import DecisionPolicy, EvidenceRates, PolicyTarget, decided, shared_among
from biocapil.vocabulary import Decision, Modality


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointPolicy:
    """Two thresholds of a person's whole evidence, and the policy of each modality that they rest on.

    Attributes:
        parts: Policy of each modality for the same rates and people, at least one.
        review_llr: Evidence from which a pair of persons goes to somebody; inf where none can.
        duplicate_llr: Evidence from which it is a duplicate; inf where none can be called so.
        rates: How often different persons reach an amount of evidence, whatever modalities they share.
        shortfall: Why the target cannot be kept with the data there are; empty where it can.
    """

    parts: Mapping[Modality, DecisionPolicy]
    review_llr: float
    duplicate_llr: float
    rates: EvidenceRates
    shortfall: str = ""

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("a joint policy needs the policy of at least one modality, got none")
        targets = [each.target for each in self.parts.values()]
        aims = {(each.fpir, each.review_fpir, each.people) for each in targets}
        if len(aims) > 1:
            raise ValueError(f"all modalities must have one target of rates and people, got {sorted(aims)}")
        if not self.review_llr <= self.duplicate_llr:
            raise ValueError(
                "thresholds must satisfy review_llr <= duplicate_llr, got "
                f"{self.review_llr!r} and {self.duplicate_llr!r}"
            )
        object.__setattr__(self, "parts", MappingProxyType(dict(self.parts)))

    @property
    def target(self) -> PolicyTarget:
        """Rates and people that the policy keeps to; instances and comparisons are those of one modality."""
        return next(iter(self.parts.values())).target

    @property
    def people(self) -> int:
        """Size N of the registry."""
        return self.target.people

    @property
    def calibration_id(self) -> str:
        """Calibrations behind the evidence, joined by ``+``."""
        return "+".join(each.calibration_id for each in self.parts.values())

    def least_of_one(self, modality: Modality, *, instances: int) -> float:
        """Evidence that one instance at least must reach, where a person reaches the review threshold.

        Modalities that reach it together hold one that reaches its share; so do the instances of that one.

        Args:
            modality: One of `parts`.
            instances: Instances of it that are compared, at least 1.
        """
        share = self.review_llr / len(self.parts)
        together = share * shared_among(instances, self.parts[modality].dependence) / instances
        return min(share, together)

    @property
    def policy_id(self) -> str:
        """Name with digits that change with every number of the policy."""
        named = {modality.value: each.policy_id for modality, each in self.parts.items()}
        text = json.dumps([named, str(self.review_llr), str(self.duplicate_llr)], sort_keys=True)
        return f"fpir{self.target.fpir:g}@{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    @property
    def extrapolated(self) -> bool:
        """Whether the duplicate threshold lies beyond what was counted."""
        return self.duplicate_llr > self.rates.measured_to

    def words(self) -> str:
        """The target for people, with how much of each modality two persons can have."""
        counts = [_counted(modality, part.target.instances) for modality, part in self.parts.items()]
        aim = f"FPIR ≤ {self.target.fpir * 100:g} % against N = {self.people:,} people"
        return f"{aim} with {', '.join(counts)}"

    def decide(self, llr: float) -> Decision:
        """Band of a person's whole evidence.

        Raises:
            ValueError: The evidence is no number.
        """
        return decided(llr, review_llr=self.review_llr, duplicate_llr=self.duplicate_llr)

    def __repr__(self) -> str:
        names = ", ".join(modality.value for modality in self.parts)
        return f"JointPolicy({self.policy_id!r}, {names})"


def _counted(modality: Modality, count: int) -> str:
    """``1 face``, ``2 irises``."""
    plurals = {Modality.FINGER: "fingers", Modality.FACE: "faces", Modality.IRIS: "irises"}
    return f"{count} {modality.value if count == 1 else plurals[modality]}"
