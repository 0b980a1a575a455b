"""Whether poor samples are where the errors are: FNMR over the quality of the worse sample of a pair.

Reference: ISO/IEC 29794-1:2024 (a quality score predicts errors, or it is none).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from biocapil.error_rate import ErrorRate
from biocapil.evaluation.score_set import ScoreSet
from biocapil.extraction import ExtractedSample
from biocapil.template import FingerprintTemplate
from biocapil.uncertainty import measure_dependence, rate_with_interval

IMAGE_QUALITY, MINUTIA_QUALITY = "quality score", "median minutia quality"
"""Names of the two measures: of the image, and of the minutiae as the extractor reported them."""

BIN_BORDERS = tuple(range(0, 101, 10))
"""Borders of the quality bins; 100 belongs to the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityBin:
    """False non-matches of the mated pairs whose worse sample has a quality from `low` to below `high`.

    Attributes:
        low: Lower border, 0 to 100.
        high: Upper border.
        fnmr: False non-match rate; None where the bin holds no pair.
    """

    low: float
    high: float
    fnmr: ErrorRate | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleQualities:
    """Quality of each sample of a set, all by one measure.

    Attributes:
        name: Name of the measure.
        values: 0 to 100; NaN where a sample has none. Shape (N,), float64.
    """

    name: str
    values: NDArray[np.float64]


def sample_qualities(samples: Sequence[ExtractedSample]) -> SampleQualities:
    """Quality score of the images; where no sample has one, as of minutiae records, that of the minutiae.

    Args:
        samples: What extraction made of the samples.
    """
    if any(sample.quality is not None for sample in samples):
        scores = [np.nan if sample.quality is None else sample.quality.score for sample in samples]
        return SampleQualities(name=IMAGE_QUALITY, values=np.array(scores, dtype=np.float64))
    medians = [median_quality(sample) for sample in samples]
    return SampleQualities(name=MINUTIA_QUALITY, values=np.array(medians, dtype=np.float64))


def median_quality(sample: ExtractedSample) -> float:
    """Median quality that the extractor gave the minutiae, 1 to 100; NaN where there is none.

    A coarse stand-in for a measure of sample quality, and not comparable between extractors.

    Args:
        sample: What extraction made of the sample.
    """
    template = sample.template
    reported = template.qualities if isinstance(template, FingerprintTemplate) else np.empty(0)
    reported = reported[reported > 0]
    return float(np.median(reported)) if len(reported) else float("nan")


def error_over_quality(
    scores: ScoreSet, samples: Sequence[ExtractedSample], *, threshold: float
) -> tuple[QualityBin, ...]:
    """FNMR of each quality bin, lowest first; pairs of which a side has no quality are in none.

    Args:
        scores: The set.
        samples: What extraction made of its samples, in their order.
        threshold: Smallest similarity that matches, for all bins.

    Raises:
        ValueError: There is not one sample for each of the set.
    """
    if len(samples) != len(scores.people):
        raise ValueError(f"need the {len(scores.people)} samples of the set, got {len(samples)}")
    lower = sample_qualities(samples).values[scores.mated_pairs].min(axis=1, initial=np.inf)
    dependence = measure_dependence(scores.mated, scores.mated_clusters) if len(scores.mated) else None
    missed = ~(scores.mated >= threshold)

    def rate(rows: NDArray[np.bool_]) -> ErrorRate | None:
        if dependence is None or not rows.any():
            return None
        clusters = scores.mated_clusters.take(rows)
        return rate_with_interval(missed[rows], clusters, dependence=dependence.among(clusters))

    last = BIN_BORDERS[-1]
    return tuple(
        QualityBin(
            low=low,
            high=high,
            fnmr=rate((lower >= low) & ((lower < high) | ((high == last) & (lower == last)))),
        )
        for low, high in pairwise(BIN_BORDERS)
    )
