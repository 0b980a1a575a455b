"""`DecisionPolicy` and `PersonDecision`: from evidence to a decision and the chance that it is wrong."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import Interval
from biocapil.expected_rate import ExpectedRate
from biocapil.vocabulary import Decision

MOST_INSTANCES = 20
"""Instances of a person that are fused at most: ten fingers, two irises and a face, with room."""

MOST_COMPARISONS = 10_000
"""Comparisons of one instance at most: a hundred impressions on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTarget:
    """What a policy has to keep to.

    Attributes:
        fpir: Largest chance that a person who is not registered is called a duplicate, above 0, below 1.
        review_fpir: Largest chance that such a person has to be looked at by somebody, `fpir` to below 1.
        people: People searched: the size N of the registry, at least 1.
        instances: Fingers (eyes, faces) of each person that are compared at most, 1 to `MOST_INSTANCES`.
        comparisons: Comparisons of one instance at most: impressions on one side times those on the other.
    """

    fpir: float = 0.001
    review_fpir: float = 0.05
    people: int
    instances: int = 1
    comparisons: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.fpir <= self.review_fpir < 1:
            raise ValueError(
                f"rates must satisfy 0 < fpir <= review_fpir < 1, got {self.fpir!r} and {self.review_fpir!r}"
            )
        most = {"people": 10**15, "instances": MOST_INSTANCES, "comparisons": MOST_COMPARISONS}
        for name, limit in most.items():
            value = getattr(self, name)
            if not isinstance(value, int) or not 1 <= value <= limit:
                raise ValueError(f"{name} must be a whole number from 1 to {limit:,}, got {value!r}")

    def words(self) -> str:
        """The target for people: ``FPIR ≤ 0.1 % against N = 5,000,000 people with 2 instances``."""
        instances = "1 instance" if self.instances == 1 else f"{self.instances} instances"
        return f"FPIR ≤ {self.fpir * 100:g} % against N = {self.people:,} people with {instances}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvidenceRates:
    """How often two different persons reach an amount of evidence, in one comparison of the two.

    Attributes:
        llr: Evidence, a log-likelihood ratio in nats, rising in equal steps. Shape (V,), float64.
        rate: Share of pairs of different persons that reach it. Shape (V,), float64, falling.
        low: Lower limit. Shape (V,), float64.
        high: Upper limit. Shape (V,), float64.
        measured_to: Evidence up to which at least half of the rate rests on counted pairs.
        confidence: Confidence of the limits.
    """

    llr: NDArray[np.float64]
    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    measured_to: float
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if self.llr.ndim != 1 or not len(self.llr) or not (np.diff(self.llr) > 0).all():
            raise ValueError(f"llr must be of shape (V,), rising, got shape {self.llr.shape}")
        for name in ("rate", "low", "high"):
            column = getattr(self, name)
            if column.shape != self.llr.shape or not ((column >= 0) & (column <= 1)).all():
                raise ValueError(f"{name} must hold chances of shape {self.llr.shape}, got {column.shape}")
            if (np.diff(column) > 0).any():
                raise ValueError(f"{name} must never rise")

    def at(self, llr: float) -> ExpectedRate:
        """Rate of reaching this much evidence or more."""
        low, value, high = (self._read(column, llr) for column in (self.low, self.rate, self.high))
        return ExpectedRate(
            value=value,
            interval=Interval(low=min(low, value), high=max(high, value), confidence=self.confidence),
            extrapolated=llr > self.measured_to,
        )

    def smallest_llr(self, *, people: int, fpir: float) -> float:
        """Least evidence that is reached among so many people with at most this chance; inf where none is.

        The upper limit of the rate has to keep the target, so that it holds at the confidence stated.
        """
        allowed = -math.expm1(math.log1p(-fpir) / people)
        kept = np.flatnonzero(self.high <= allowed)
        return float(self.llr[kept[0]]) if kept.size else math.inf

    def _read(self, column: NDArray[np.float64], llr: float) -> float:
        """Rate of the last point at or below; evidence beyond the last point has the last point's rate."""
        place = int(np.searchsorted(self.llr, llr + 1e-9, side="right")) - 1
        return float(column[place]) if place >= 0 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecisionPolicy:
    """Two thresholds of evidence that part unique, review and duplicate, and the target they were set for.

    Attributes:
        review_llr: Evidence from which a pair of persons goes to somebody; inf where none can.
        duplicate_llr: Evidence from which it is a duplicate; inf where none can be called so.
        target: What the thresholds keep to.
        calibration_id: Calibration that turned scores into evidence.
        rates: How often different persons reach an amount of evidence.
        dependence: Correlation of the evidence of two instances of the same two persons, 0 to 1.
        shortfall: Why the target cannot be kept with the data there are, and what would; empty where it can.
    """

    review_llr: float
    duplicate_llr: float
    target: PolicyTarget
    calibration_id: str
    rates: EvidenceRates
    dependence: float
    shortfall: str = ""

    def __post_init__(self) -> None:
        if not self.review_llr <= self.duplicate_llr:
            raise ValueError(
                "thresholds must satisfy review_llr <= duplicate_llr, got "
                f"{self.review_llr!r} and {self.duplicate_llr!r}"
            )
        if not 0 <= self.dependence <= 1:
            raise ValueError(f"dependence must lie in [0, 1], got {self.dependence!r}")

    @property
    def policy_id(self) -> str:
        """Name with digits that change with every number of the policy."""
        numbers = (
            self.review_llr, self.duplicate_llr, self.target.fpir, self.target.review_fpir,
            self.target.people, self.target.instances, self.target.comparisons, self.dependence,
        )  # fmt: skip
        text = json.dumps([self.calibration_id, *map(str, numbers)])
        return f"fpir{self.target.fpir:g}@{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    @property
    def extrapolated(self) -> bool:
        """Whether the duplicate threshold lies beyond what was counted."""
        return self.duplicate_llr > self.rates.measured_to

    def words(self) -> str:
        """The target for people."""
        return self.target.words()

    def decide(self, llr: float) -> Decision:
        """Band of one amount of evidence; nothing is decidable where not even the review target can be kept.

        Raises:
            ValueError: The evidence is no number.
        """
        return decided(llr, review_llr=self.review_llr, duplicate_llr=self.duplicate_llr)

    def __repr__(self) -> str:
        return f"DecisionPolicy({self.policy_id!r}, {self.target.words()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceEvidence:
    """What the comparisons of one instance (finger, eye, face) say about two persons.

    Attributes:
        instance: Name of the instance.
        similarity: Best similarity among its comparisons.
        llr: Evidence of that comparison, lessened for having been the best of several.
        comparisons: How many comparisons there were.
    """

    instance: str
    similarity: float
    llr: float
    comparisons: int

    def __post_init__(self) -> None:
        if not math.isfinite(self.llr) or not self.similarity >= 0:
            raise ValueError(
                f"evidence must be finite and similarity at least 0, got {self.llr!r} and {self.similarity!r}"
            )
        if self.comparisons < 1:
            raise ValueError(f"comparisons must be at least 1, got {self.comparisons!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDecision:
    """What a policy says about two persons.

    Attributes:
        outcome: Unique, review, duplicate or not decidable.
        llr: Evidence of all instances together, in nats.
        false_match: Chance that the comparison of two different persons reaches this evidence.
        fpir: The same among all people of the policy's registry.
        people: N.
        policy_id: The policy.
        calibration_id: The calibration.
        instances: What entered, strongest first.
    """

    outcome: Decision
    llr: float
    false_match: ExpectedRate
    fpir: ExpectedRate
    people: int
    policy_id: str
    calibration_id: str
    instances: tuple[InstanceEvidence, ...]


def decided(llr: float, *, review_llr: float, duplicate_llr: float) -> Decision:
    """Band of one amount of evidence between two thresholds.

    Raises:
        ValueError: The evidence is no number.
    """
    if math.isnan(llr):
        raise ValueError("evidence must be a number, got nan")
    if llr >= duplicate_llr:
        return Decision.DUPLICATE
    if llr >= review_llr:
        return Decision.REVIEW
    return Decision.NOT_DECIDABLE if math.isinf(review_llr) else Decision.UNIQUE


def shared_among(instances: int, dependence: float) -> float:
    """By how much the sum of so many instances' evidence is divided, at least 1.

    Args:
        instances: Instances that were compared, at least 1.
        dependence: Correlation of the instances' evidence, 0 to 1.
    """
    return 1 + (instances - 1) * dependence
