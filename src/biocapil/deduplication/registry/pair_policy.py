"""`PairPolicy`: what two people have to show together, and what one instance to have them looked at.

The seam between all against all and the rules of evidence, whatever modalities they weigh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, decide
from biocapil.calibration.fusion import shared_among
from biocapil.decision import DecisionPolicy, InstanceEvidence, PersonDecision
from biocapil.deduplication.persons import similarity_reaching
from biocapil.vocabulary import Instance, Modality, ModelId

ROUNDING = 1e-9
"""Nats by which what is computed for many pairs at once may differ from what is decided about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What one instance has to show, so that all instances of two people are looked at.

    Attributes:
        llr: Least evidence, in nats.
        similarity: Similarity below which no evidence reaches it, whatever the sizes.
    """

    llr: float
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTerms:
    """What a run rests on, as its files keep it.

    Attributes:
        policy_id: The policy.
        calibration_ids: Calibrations, in the order of their modalities.
        review_llr: Least evidence of a pair that is told about.
        target: What the policy keeps to.
    """

    policy_id: str
    calibration_ids: tuple[str, ...]
    review_llr: float
    target: Mapping[str, Any]


class PairPolicy(Protocol):
    """Weighs the evidence between two people."""

    @property
    def terms(self) -> PolicyTerms:
        """What it rests on."""
        ...

    def bar(self, instance: Instance, model_id: ModelId, comparator: str) -> Bar:
        """What one instance has to show.

        Raises:
            IncompatibleTemplates: The policy says nothing of such templates or of such similarities.
        """
        ...

    def evidence(
        self, instance: Instance, similarities: NDArray[np.float32], sizes: NDArray[np.int16]
    ) -> NDArray[np.float64]:
        """Evidence of single comparisons, in nats. All of shape (n,)."""
        ...

    def may_reach(self, llrs: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether pairs of people may be more than unique; where it is not certain, they may.

        Args:
            llrs: Evidence by pair and instance, nan where the two do not have it in common. Shape (n, k).

        Returns:
            Shape (n,), bool.
        """
        ...

    def decide(self, evidence: Mapping[Instance, InstanceEvidence]) -> PersonDecision:
        """Decide about two people."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FingerPolicy:
    """A `PairPolicy` for fingers.

    Attributes:
        calibration: Turns similarity into evidence.
        policy: Thresholds.
    """

    calibration: Calibration
    policy: DecisionPolicy

    def __post_init__(self) -> None:
        if self.policy.calibration_id != self.calibration.calibration_id:
            raise ValueError(
                f"the policy rests on calibration {self.policy.calibration_id}, "
                f"got {self.calibration.calibration_id}"
            )

    @property
    def terms(self) -> PolicyTerms:
        """What it rests on."""
        return PolicyTerms(
            policy_id=self.policy.policy_id,
            calibration_ids=(self.calibration.calibration_id,),
            review_llr=self.policy.review_llr,
            target=asdict(self.policy.target),
        )

    def bar(self, instance: Instance, model_id: ModelId, comparator: str) -> Bar:
        """A finger's share of the review threshold: together they reach it only if one of them does."""
        if instance.modality is not Modality.FINGER:
            raise ValueError(f"a policy for fingers says nothing of {instance.name}: scan fingers alone")
        self.calibration.require(model_id, comparator)
        most = self.policy.target.instances
        together = self.policy.review_llr * shared_among(most, self.policy.dependence) / most
        share = min(self.policy.review_llr, together) - ROUNDING
        return Bar(llr=share, similarity=similarity_reaching(share, self.calibration))

    def evidence(
        self, instance: Instance, similarities: NDArray[np.float32], sizes: NDArray[np.int16]
    ) -> NDArray[np.float64]:
        """Evidence of single comparisons, in nats."""
        del instance
        return self.calibration.evidence(similarities, sizes)

    def may_reach(self, llrs: NDArray[np.float64]) -> NDArray[np.bool_]:
        """What `fuse_person` says, for many pairs at once."""
        common = np.isfinite(llrs)
        count = np.maximum(common.sum(axis=1), 1)
        known = np.where(common, llrs, 0.0)
        together = known.sum(axis=1) / (1 + (count - 1) * self.policy.dependence)
        alone = np.where(common, llrs, -np.inf).max(axis=1, initial=-np.inf) - np.log(count)
        reaching: NDArray[np.bool_] = np.maximum(together, alone) >= self.policy.review_llr - ROUNDING
        return reaching

    def decide(self, evidence: Mapping[Instance, InstanceEvidence]) -> PersonDecision:
        """Decide about two people."""
        return decide(tuple(evidence.values()), self.policy)
