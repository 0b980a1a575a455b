"""`DuplicateReport`: everything a search for duplicates has to tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.attack_report import NOT_ASSESSED, AttackReport
from biocapil.decision import DecisionPolicy
from biocapil.deduplication.findings import (
    Cluster,
    FailedSample,
    FingerFiledTwice,
    PersonPair,
    UnconfirmedSample,
)
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Decision, Modality, ModelId


@dataclass(frozen=True, slots=True, kw_only=True)
class BandCounts:
    """How many pairs fell into each band of the policy.

    Attributes:
        duplicate: From the duplicate threshold on.
        review: From the review threshold up to the duplicate threshold.
        unique: Below the review threshold.
    """

    duplicate: int
    review: int
    unique: int

    @property
    def total(self) -> int:
        """All pairs."""
        return self.duplicate + self.review + self.unique


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCounts:
    """Bands of every pair there is, by what the manifest claims.

    Attributes:
        mated: Pairs of samples of the same claimed finger, eye or face.
        same_subject: Pairs of samples of different fingers or eyes of the same claimed person.
        different_subjects: Pairs of samples of different claimed persons.
        persons: Pairs of persons, by the evidence of all that they have.
    """

    mated: BandCounts
    same_subject: BandCounts
    different_subjects: BandCounts
    persons: BandCounts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimilarityHistogram:
    """Distribution of similarity over all compared pairs of samples.

    Attributes:
        edges: Borders of the bins, rising; the last may be infinite. Shape (B + 1,), float64.
        counts: Pairs in each bin. Shape (B,), int64.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.counts.ndim != 1 or self.edges.shape != (len(self.counts) + 1,):
            raise ValueError(
                f"edges must have one entry more than counts, got {self.edges.shape} and {self.counts.shape}"
            )
        for name in ("edges", "counts"):
            view = getattr(self, name).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparedModality:
    """What was compared of one modality.

    Attributes:
        modality: The modality.
        model_id: Model that made the templates; None where no template was made.
        sources: Claimed fingers, eyes or faces in the manifest.
        templates: Samples from which a template was made.
        compared: Pairs of samples compared.
        alone: Similarities from which one instance alone, its template of full size, goes to review and is a
            duplicate; inf where no similarity does.
        histogram: Distribution of similarity; None where nothing was compared.
    """

    modality: Modality
    model_id: ModelId | None
    sources: int
    templates: int
    compared: int
    alone: tuple[float, float]
    histogram: SimilarityHistogram | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateReport:
    """Result of comparing all samples of a set with each other.

    Attributes:
        policy: Thresholds of evidence, and the target they were set for.
        modalities: What was compared of each modality that the manifest holds.
        samples: Samples in the manifest.
        persons: Claimed persons in the manifest.
        counts: Bands of all pairs.
        person_pairs: Pairs of persons in the review and the duplicate band, best first.
        clusters: Claimed persons joined by duplicate decisions, strongest first.
        fingers_filed_twice: Fingers that one person has under two names, best first.
        unconfirmed: Samples that matched none of their mates, in the manifest's order.
        failures: Samples without a template, in the manifest's order.
        attack: Whether there are presentation attacks among the samples.
    """

    policy: DecisionPolicy | JointPolicy
    modalities: tuple[ComparedModality, ...]
    samples: int
    persons: int
    counts: PairCounts
    person_pairs: tuple[PersonPair, ...]
    clusters: tuple[Cluster[PersonPair], ...]
    fingers_filed_twice: tuple[FingerFiledTwice, ...]
    unconfirmed: tuple[UnconfirmedSample, ...]
    failures: tuple[FailedSample, ...]
    attack: AttackReport = NOT_ASSESSED

    @property
    def sources(self) -> int:
        """Claimed fingers, eyes and faces in the manifest."""
        return sum(each.sources for each in self.modalities)

    @property
    def templates(self) -> int:
        """Samples from which a template was made."""
        return sum(each.templates for each in self.modalities)

    @property
    def compared(self) -> int:
        """Pairs of samples compared."""
        return sum(each.compared for each in self.modalities)

    @property
    def review_pairs(self) -> tuple[PersonPair, ...]:
        """Pairs of persons that a human has to settle, best first."""
        return tuple(pair for pair in self.person_pairs if pair.decision.outcome is Decision.REVIEW)

    @property
    def duplicate_pairs(self) -> tuple[PersonPair, ...]:
        """Pairs of persons that the policy calls duplicates, best first."""
        return tuple(pair for pair in self.person_pairs if pair.decision.outcome is Decision.DUPLICATE)

    def __repr__(self) -> str:
        return (
            f"DuplicateReport({self.samples} samples, {self.persons} persons, {self.compared} compared, "
            f"{len(self.clusters)} clusters, {len(self.review_pairs)} to review)"
        )
