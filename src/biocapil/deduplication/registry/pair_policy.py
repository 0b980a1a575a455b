"""`PairPolicy`: what two people have to show together, and what one instance to have them looked at.

The seam between all against all and the rules of evidence, whatever modalities they weigh.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.decision import InstanceEvidence, PersonDecision
from biocapil.vocabulary import Instance, ModelId


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
        calibration_ids: Calibration of each modality.
        review_llr: Least evidence of a pair that is told about.
        target: What the policy keeps to.
    """

    policy_id: str
    calibration_ids: Mapping[str, str]
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

    def may_reach(self, instances: Sequence[Instance], llrs: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether pairs of people may be more than unique; where it is not certain, they may.

        Args:
            instances: k instances.
            llrs: Evidence by pair and instance, nan where the two do not have it in common. Shape (n, k).

        Returns:
            Shape (n,), bool.
        """
        ...

    def decide(self, evidence: Mapping[Instance, InstanceEvidence]) -> PersonDecision:
        """Decide about two people."""
        ...
