"""`evaluate`: one line a step from templates to the figures of ISO/IEC 19795-1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.any_template import Template
from biocapil.comparison import FingerReferences, ReferenceSet, references_of, similarity_table
from biocapil.embedding import Embedding
from biocapil.evaluation.accuracy import FMR_LIMITS, Accuracy, measure_accuracy
from biocapil.evaluation.errors_listed import worst_errors
from biocapil.evaluation.failures import failure_rates
from biocapil.evaluation.gates import GateCost, measure_gate_cost
from biocapil.evaluation.groups import GroupFigures, Grouping, group_figures, offered_groupings
from biocapil.evaluation.identification import measure_identification
from biocapil.evaluation.pairing import ComparisonPairs, PairProtocol, pair_samples
from biocapil.evaluation.result import (
    ComparisonCounts,
    EvaluationResult,
    ExtractionTime,
    FailureCount,
)
from biocapil.evaluation.score_set import ScoreSet, score_set
from biocapil.evaluation.setting import describe_setting
from biocapil.evaluation.similarities import pair_similarities, template_rows
from biocapil.evaluation.speed import GALLERY_SIZE, SearchSpeed, measure_speed
from biocapil.evaluation.subject_errors import SubjectErrors, evaluation_key, subject_errors
from biocapil.evaluation.suspects import SUSPECT_SIMILARITY, SuspectSample, suspect_pairs, suspect_samples
from biocapil.exclusion import PairExclusion
from biocapil.extraction import ExtractedSample
from biocapil.iris_code import IrisCode
from biocapil.subject import SampleEntry
from biocapil.uncertainty import draw_subjects
from biocapil.vocabulary import Modality

REPLICATES = 400
GROUP_FMR = 0.001
"""FMR of the whole set at whose threshold the groups are told."""

Progress = Callable[[int, int], None]
"""Called with the comparisons done so far and their total."""


def evaluate(
    samples: Sequence[ExtractedSample],
    *,
    protocol: PairProtocol = PairProtocol.ALL,
    dataset: str = "",
    modality: Modality = Modality.FINGER,
    gallery_size: int = GALLERY_SIZE,
    excluded: Sequence[PairExclusion] = (),
    duplicate_similarity: float | None = None,
    group_columns: Sequence[str] | None = None,
    seed: int = 0,
    replicates: int = REPLICATES,
    on_progress: Progress | None = None,
) -> EvaluationResult:
    """Compare the samples of a set with each other and measure how well, and how fast, that goes.

    Args:
        samples: What extraction made of each sample, failures included.
        protocol: Pairs to compare.
        dataset: Name of the set, for the result.
        modality: Modality of the samples.
        gallery_size: References to search when speed is measured; 0 measures none.
        excluded: Samples and pairs to leave out.
        duplicate_similarity: Similarity from which two samples of different sources are suspected to be one;
            None takes the modality's own.
        group_columns: Columns of the manifest to group by; None takes all with few enough values.
        seed: Seed of the draws behind intervals and sub-galleries: with the same one every digit repeats.
        replicates: Sets drawn for the intervals, at least 1.
        on_progress: Called with the comparisons done so far and their total.

    Raises:
        FormatError: An exclusion names neither a sample nor a subject of the set.
        IncompatibleTemplates: The templates come from different models.
        ValueError: A column to group by is none of the manifest's, or has too many values.
    """
    groupings = offered_groupings(samples, columns=group_columns)
    entries = [sample.entry for sample in samples]
    pairs = pair_samples(
        entries,
        [None if sample.template is None else sample.content_sha256 for sample in samples],
        protocol=protocol,
        excluded=excluded,
    )
    templates = [sample.template for sample in samples if sample.template is not None]
    rows = template_rows([sample.template is not None for sample in samples])
    references = references_of(templates) if templates else None
    exact = _table(references, exact=True, on_progress=on_progress)
    scores = score_set(entries, pairs, exact, rows)
    rng = np.random.default_rng(seed)
    accuracy = _accuracy(scores, replicates, rng)
    return EvaluationResult(
        dataset=dataset,
        modality=modality,
        protocol=protocol,
        key=evaluation_key(entries, [sample.content_sha256 for sample in samples], pairs, protocol=protocol),
        counts=_counts(samples, pairs, rows),
        failures=_failures(samples),
        failure_rates=failure_rates(samples),
        scores=scores,
        accuracy=accuracy,
        identification=measure_identification(
            entries, exact, rows, rng=rng, left_out=np.concatenate([pairs.doubtful, pairs.excluded])
        ),
        groups=_groups(groupings, scores, accuracy),
        suspect_pairs=suspect_pairs(
            scores,
            entries,
            duplicate_similarity=duplicate_similarity or SUSPECT_SIMILARITY[modality],
        ),
        suspect_samples=_suspect_samples(scores, entries, accuracy),
        worst=worst_errors(scores, entries),
        subject_errors=_subject_errors(scores, accuracy),
        gate_cost=_gate_cost(references, rows, pairs, scores.mated, accuracy),
        extraction=_extraction_time(samples),
        template_bytes=_template_bytes(references, templates),
        speed=_speed(samples, gallery_size),
        seed=seed,
        setting=describe_setting(references.model_id if references else None),
    )


def _accuracy(scores: ScoreSet, replicates: int, rng: np.random.Generator) -> Accuracy | None:
    if not scores.person_count:
        return None
    return measure_accuracy(scores, draw_subjects(scores.person_count, replicates=replicates, rng=rng))


def _groups(
    groupings: Sequence[Grouping], scores: ScoreSet, accuracy: Accuracy | None
) -> tuple[GroupFigures, ...]:
    if accuracy is None:
        return ()
    threshold = accuracy.points[FMR_LIMITS.index(GROUP_FMR)].threshold
    return group_figures(scores, groupings, threshold=threshold)


def _suspect_samples(
    scores: ScoreSet, entries: Sequence[SampleEntry], accuracy: Accuracy | None
) -> tuple[SuspectSample, ...]:
    """Samples without a match at the most lenient threshold that is told."""
    if accuracy is None:
        return ()
    return suspect_samples(scores, entries, threshold=accuracy.points[0].threshold)


def _subject_errors(scores: ScoreSet, accuracy: Accuracy | None) -> SubjectErrors | None:
    if accuracy is None:
        return None
    points = zip(FMR_LIMITS, accuracy.points, strict=True)
    return subject_errors(scores, {f"{limit:g}": point.threshold for limit, point in points})


def _table(
    references: ReferenceSet | None, *, exact: bool, on_progress: Progress | None = None
) -> NDArray[np.float32]:
    """Similarities of all templates; of none where every sample failed."""
    if references is None:
        return np.empty((0, 0), dtype=np.float32)
    return similarity_table(references, exact=exact, on_progress=on_progress)


def _template_bytes(references: ReferenceSet | None, templates: Sequence[Template]) -> float | None:
    """Median bytes of a template: of fingers packed, of the others as they are."""
    if references is None:
        return None
    if isinstance(references, FingerReferences):
        return float(np.median(references.packed.template_bytes()))
    return float(
        np.median(
            [
                each.values.nbytes if isinstance(each, Embedding) else each.code.nbytes + each.mask.nbytes
                for each in templates
                if isinstance(each, Embedding | IrisCode)
            ]
        )
    )


def _gate_cost(
    references: ReferenceSet | None,
    rows: NDArray[np.int32],
    pairs: ComparisonPairs,
    mated: NDArray[np.float32],
    accuracy: Accuracy | None,
) -> GateCost | None:
    if accuracy is None or not (references is None or isinstance(references, FingerReferences)):
        return None  # only fingers have gates that no threshold steers
    gated = pair_similarities(_table(references, exact=False), rows, pairs.mated)
    return measure_gate_cost(mated, gated, threshold=accuracy.zero_fmr_threshold)


def _speed(samples: Sequence[ExtractedSample], gallery_size: int) -> SearchSpeed | None:
    usable = [(sample.template, sample.entry.source) for sample in samples if sample.template is not None]
    if not usable or not gallery_size:
        return None
    templates, sources = zip(*usable, strict=True)
    return measure_speed(templates, sources, gallery_size=gallery_size)


def _counts(
    samples: Sequence[ExtractedSample], pairs: ComparisonPairs, rows: NDArray[np.int32]
) -> ComparisonCounts:
    return ComparisonCounts(
        samples=len(samples),
        sources=len({sample.entry.source for sample in samples}),
        mated=len(pairs.mated),
        nonmated=len(pairs.nonmated),
        mated_failed=int((rows[pairs.mated] < 0).any(axis=1).sum()),
        nonmated_failed=int((rows[pairs.nonmated] < 0).any(axis=1).sum()),
        left_out_identical=pairs.left_out,
        excluded=len(pairs.excluded),
    )


def _failures(samples: Sequence[ExtractedSample]) -> tuple[FailureCount, ...]:
    reasons = Counter(sample.failure.reason for sample in samples if sample.failure is not None)
    return tuple(FailureCount(reason=reason, count=count) for reason, count in reasons.most_common())


def _extraction_time(samples: Sequence[ExtractedSample]) -> ExtractionTime | None:
    """Times of the samples that became templates; a file that was refused at once says nothing."""
    times_ms = [sample.elapsed_ms for sample in samples if sample.template is not None]
    measured = [time_ms for time_ms in times_ms if time_ms]
    if not measured:
        return None
    middle, slow = np.percentile(measured, [50, 95])
    return ExtractionTime(median_ms=float(middle), p95_ms=float(slow), measured=len(measured))
