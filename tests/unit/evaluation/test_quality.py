from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.evaluation import error_over_quality
from biocapil.evaluation.quality import median_quality, sample_qualities
from biocapil.evaluation.score_set import ScoreSet, make_score_set
from biocapil.extraction import ExtractedSample
from biocapil.quality_report import QualityReport
from biocapil.vocabulary import ModelId

MakeSet = Callable[..., list[ExtractedSample]]


def graded(sample: ExtractedSample, quality: int) -> ExtractedSample:
    assert sample.template is not None
    qualities = np.full(len(sample.template), quality, dtype=np.uint8)
    return replace(sample, template=replace(sample.template, qualities=qualities))


def scores_of(samples: int, mated: list[float]) -> ScoreSet:
    pairs = np.arange(samples, dtype=np.int32).reshape(-1, 2)
    return make_score_set(
        [at // 2 for at in range(samples)],
        mated=np.array(mated, dtype=np.float32),
        nonmated=np.array([0], dtype=np.float32),
        mated_pairs=pairs,
        nonmated_pairs=np.array([[0, 2]], dtype=np.int32),
    )


def test_the_worse_sample_places_the_pair(make_set: MakeSet) -> None:
    grades = (100, 35, 100, 100, 39, 90, 0, 90)
    samples = [graded(sample, grade) for sample, grade in zip(make_set(4, 2), grades, strict=True)]
    bins = error_over_quality(scores_of(8, [1, 9, 9, 1]), samples, threshold=5.0)

    told = {
        (each.low, each.high): (each.fnmr.errors, each.fnmr.trials) for each in bins if each.fnmr is not None
    }
    assert told == {(30, 40): (1, 2), (90, 100): (0, 1)}
    assert len(bins) == 10


def test_a_failed_sample_and_one_without_qualities_have_none(make_set: MakeSet) -> None:
    failed, plain = make_set(2, 1, failed=[(0, 0)])
    assert np.isnan([median_quality(failed), median_quality(graded(plain, 0))]).all()
    assert median_quality(graded(plain, 70)) == 70


def test_a_set_without_mated_pairs_has_empty_bins(make_set: MakeSet) -> None:
    scores = make_score_set(
        ["a", "b"],
        mated=np.empty(0, np.float32),
        nonmated=np.ones(1, np.float32),
        mated_pairs=np.empty((0, 2), np.int32),
        nonmated_pairs=np.array([[0, 1]], np.int32),
    )
    assert all(each.fnmr is None for each in error_over_quality(scores, make_set(2, 1), threshold=1.0))


def test_samples_of_another_set_are_refused(make_set: MakeSet) -> None:
    with pytest.raises(ValueError, match="need the 4 samples of the set, got 2"):
        error_over_quality(scores_of(4, [1, 1]), make_set(2, 1), threshold=1.0)


def test_the_score_of_the_image_counts_before_that_of_the_minutiae(make_set: MakeSet) -> None:
    first, second = make_set(2, 1)
    report = QualityReport(score=37, components=(), reasons=(), model_id=ModelId("fit@0"))
    mixed = sample_qualities([replace(first, quality=report), graded(second, 70)])
    assert mixed.name == "quality score"
    assert mixed.values[0] == 37
    assert np.isnan(mixed.values[1])
    records = sample_qualities([first, graded(second, 70)])
    assert records.name == "median minutia quality"
    assert records.values[1] == 70
