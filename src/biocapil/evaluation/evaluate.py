"""`evaluate`: one line a step from templates to the figures of ISO/IEC 19795-1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates, pack, similarity_matrix
from biocapil.evaluation.accuracy import Accuracy, measure_accuracy
from biocapil.evaluation.gates import GateCost, measure_gate_cost
from biocapil.evaluation.pairing import ComparisonPairs, PairProtocol, pair_samples
from biocapil.evaluation.result import (
    ComparisonCounts,
    EvaluationResult,
    ExtractionTime,
    FailureCount,
)
from biocapil.evaluation.setting import describe_setting
from biocapil.evaluation.similarities import pair_similarities, template_rows
from biocapil.evaluation.speed import GALLERY_SIZE, SearchSpeed, measure_speed
from biocapil.extraction import ExtractedSample
from biocapil.vocabulary import Modality

Progress = Callable[[int, int], None]
"""Called with the comparisons done so far and their total."""


def evaluate(
    samples: Sequence[ExtractedSample],
    *,
    protocol: PairProtocol = PairProtocol.ALL,
    dataset: str = "",
    modality: Modality = Modality.FINGER,
    gallery_size: int = GALLERY_SIZE,
    on_progress: Progress | None = None,
) -> EvaluationResult:
    """Compare the samples of a set with each other and measure how well, and how fast, that goes.

    Args:
        samples: What extraction made of each sample, failures included.
        protocol: Pairs to compare.
        dataset: Name of the set, for the result.
        modality: Modality of the samples, for the result.
        gallery_size: References to search when speed is measured; 0 measures none.
        on_progress: Called with the comparisons done so far and their total.

    Raises:
        IncompatibleTemplates: The templates come from different models.
    """
    pairs = pair_samples(
        [sample.entry for sample in samples],
        [None if sample.template is None else sample.content_sha256 for sample in samples],
        protocol=protocol,
    )
    templates = [sample.template for sample in samples if sample.template is not None]
    rows = template_rows([sample.template is not None for sample in samples])
    packed = pack(templates) if templates else None
    exact = _matrix(packed, exact=True, on_progress=on_progress)
    mated = pair_similarities(exact, rows, pairs.mated)
    accuracy = measure_accuracy(mated, pair_similarities(exact, rows, pairs.nonmated))
    return EvaluationResult(
        dataset=dataset,
        modality=modality,
        protocol=protocol,
        counts=_counts(samples, pairs, rows),
        failures=_failures(samples),
        accuracy=accuracy,
        gate_cost=_gate_cost(packed, rows, pairs, mated, accuracy),
        extraction=_extraction_time(samples),
        template_bytes=float(np.median(packed.template_bytes())) if packed else None,
        speed=_speed(samples, gallery_size),
        setting=describe_setting(packed.model_id if packed else None),
    )


def _matrix(
    packed: PackedTemplates | None, *, exact: bool, on_progress: Progress | None = None
) -> NDArray[np.float32]:
    """Similarities of all templates; of none where every sample failed."""
    if packed is None:
        return np.empty((0, 0), dtype=np.float32)
    return similarity_matrix(packed, packed, exact=exact, on_progress=on_progress)


def _gate_cost(
    packed: PackedTemplates | None,
    rows: NDArray[np.int32],
    pairs: ComparisonPairs,
    mated: NDArray[np.float32],
    accuracy: Accuracy | None,
) -> GateCost | None:
    if accuracy is None:
        return None
    gated = pair_similarities(_matrix(packed, exact=False), rows, pairs.mated)
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
