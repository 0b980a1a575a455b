"""`EvaluationResult`: everything that evaluating one data set has to tell."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.attack_report import NOT_ASSESSED, AttackReport
from biocapil.evaluation.accuracy import Accuracy
from biocapil.evaluation.errors_listed import WorstErrors
from biocapil.evaluation.failures import FailureRates
from biocapil.evaluation.gates import GateCost
from biocapil.evaluation.groups import GroupFigures
from biocapil.evaluation.identification import IdentificationFigures
from biocapil.evaluation.pairing import PairProtocol
from biocapil.evaluation.score_set import ScoreSet
from biocapil.evaluation.setting import Setting
from biocapil.evaluation.speed import SearchSpeed
from biocapil.evaluation.subject_errors import EvaluationKey, SubjectErrors
from biocapil.evaluation.suspects import SuspectPair, SuspectSample
from biocapil.vocabulary import ExtractionFailure, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCount:
    """How many samples failed for one reason.

    Attributes:
        reason: The reason.
        count: Number of samples.
    """

    reason: ExtractionFailure
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonCounts:
    """What was compared.

    Attributes:
        samples: Samples of the set.
        sources: Different body parts of the set.
        mated: Mated pairs, with those whose side failed.
        nonmated: Non-mated pairs, with those whose side failed.
        mated_failed: Mated pairs of which a side failed: each is a false non-match.
        nonmated_failed: Non-mated pairs of which a side failed: none is a false match.
        left_out_identical: Pairs between sources that share a byte-identical sample, left out.
        excluded: Pairs that were excluded by name.
    """

    samples: int
    sources: int
    mated: int
    nonmated: int
    mated_failed: int
    nonmated_failed: int
    left_out_identical: int
    excluded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionTime:
    """Time that extraction took for one sample.

    Attributes:
        median_ms: Median, milliseconds.
        p95_ms: 95th percentile, milliseconds.
        measured: Number of samples measured.
    """

    median_ms: float
    p95_ms: float
    measured: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvaluationResult:
    """Figures of one data set after ISO/IEC 19795-1.

    Attributes:
        dataset: Name of the set; may be empty.
        modality: Modality of the samples.
        protocol: Pairs that were compared.
        counts: What was compared.
        key: What results must have in common to be compared pair by pair.
        failures: Failures to extract by reason, most frequent first.
        failure_rates: Failures to acquire, extract and enroll as rates.
        scores: Similarities of all compared pairs.
        accuracy: Error rates in exact comparison; None where mated or non-mated pairs are missing.
        identification: Searches over the set; None where it holds too few body parts or no mates.
        groups: Error rates of parts of the set at its threshold for `GROUP_FMR`.
        suspect_pairs: Pairs of sources that may be one, likest first.
        suspect_samples: Samples that may be filed wrongly.
        worst: Pairs that go worst.
        subject_errors: False non-matches of each person; None where `accuracy` is.
        gate_cost: What the gates lose; None where `accuracy` is.
        extraction: Time of extraction; None where no time was measured.
        template_bytes: Median size of a packed template; None where there is no template.
        speed: Speed of search; None where there is no template, or it was not asked for.
        seed: Seed of the draws behind intervals and sub-galleries.
        setting: What it was measured with.
        attack: Whether there are presentation attacks among the samples.
    """

    dataset: str
    modality: Modality
    protocol: PairProtocol
    key: EvaluationKey
    counts: ComparisonCounts
    failures: tuple[FailureCount, ...]
    failure_rates: FailureRates
    scores: ScoreSet
    accuracy: Accuracy | None
    identification: IdentificationFigures | None
    groups: tuple[GroupFigures, ...]
    suspect_pairs: tuple[SuspectPair, ...]
    suspect_samples: tuple[SuspectSample, ...]
    worst: WorstErrors
    subject_errors: SubjectErrors | None
    gate_cost: GateCost | None
    extraction: ExtractionTime | None
    template_bytes: float | None
    speed: SearchSpeed | None
    seed: int
    setting: Setting
    attack: AttackReport = NOT_ASSESSED

    @property
    def failures_to_extract(self) -> int:
        """Number of samples from which no template could be made."""
        return sum(failure.count for failure in self.failures)
