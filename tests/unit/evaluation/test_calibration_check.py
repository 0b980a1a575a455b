from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration import Calibration, CalibrationTable, FittedSet, cllr
from biocapil.comparison import COMPARATOR
from biocapil.errors import IncompatibleTemplates
from biocapil.evaluation import check_calibration, evaluate, labelled_scores
from biocapil.extraction import ExtractedSample
from biocapil.vocabulary import Modality, ModelId

MakeSet = Callable[..., list[ExtractedSample]]


def calibration_of(model: str = "fake@0", *, fitted_on: str = "made") -> Calibration:
    similarities = np.arange(81, dtype=np.float64) / 2
    fmr = np.exp(-2 * similarities)
    return Calibration(
        calibration_id="made@0",
        model_id=ModelId(model),
        comparator=COMPARATOR,
        modality=Modality.FINGER,
        units=(1.0, 1.0, 1.0, 1.0),
        table=CalibrationTable(
            roots=np.sqrt(similarities),
            fmr=fmr,
            fmr_low=fmr,
            fmr_high=fmr,
            fnmr=similarities / 80,
            llr=similarities - 3,
            measured_to=2.0,
        ),
        dependence=0.0,
        fitted_on=(FittedSet(dataset=fitted_on, subjects=10, mated=20, nonmated=900),),
    )


def test_evidence_is_that_of_the_pairs_that_were_compared(make_set: MakeSet) -> None:
    samples = make_set(6, 2, failed=[(0, 0)])
    result = evaluate(samples, gallery_size=0, replicates=20)
    check = check_calibration(calibration_of(), result.scores, samples)
    assert check is not None
    (labelled,) = labelled_scores(samples)
    expected = calibration_of().evidence(labelled.similarities, labelled.sizes)

    assert sorted(check.mated_llr) == pytest.approx(sorted(expected[labelled.mated]))
    assert sorted(check.nonmated_llr) == pytest.approx(sorted(expected[labelled.nonmated]))
    assert check.cllr == cllr(check.mated_llr, check.nonmated_llr)
    assert 0 <= check.min_cllr <= check.cllr
    assert (len(check.mated_llr), len(check.nonmated_llr)) == (5, 50)
    assert check.known_sets == ()


def test_rates_are_counted_at_the_predicted_thresholds(make_set: MakeSet) -> None:
    samples = make_set(8, 2)
    result = evaluate(samples, gallery_size=0, replicates=20)
    check = check_calibration(calibration_of(), result.scores, samples)
    assert check is not None
    for rate in check.rates:
        threshold = -np.log(rate.predicted) / 2
        counted = int((result.scores.nonmated >= threshold).sum())
        assert abs(rate.measured.errors - counted) <= 1  # the table is read between its rows
        assert rate.measured.trials == len(result.scores.nonmated)
    assert [rate.predicted for rate in check.rates] == [0.1, 0.01, 0.001, 0.0001]
    assert [rate.extrapolated for rate in check.rates] == [False, False, False, True]


def test_sets_that_the_calibration_was_fitted_on_are_named(make_set: MakeSet) -> None:
    samples = [
        replace(sample, entry=replace(sample.entry, dataset=name))
        for name in ("a", "b")
        for sample in make_set(3, 2)
    ]
    scores = evaluate(samples, gallery_size=0, replicates=20).scores
    check = check_calibration(calibration_of(fitted_on="b"), scores, samples)
    assert check is not None
    assert check.known_sets == ("b",)


def test_another_model_is_refused(make_set: MakeSet) -> None:
    samples = make_set(3, 2)
    scores = evaluate(samples, gallery_size=0, replicates=20).scores
    with pytest.raises(IncompatibleTemplates, match="other@1"):
        check_calibration(calibration_of("other@1"), scores, samples)


@pytest.mark.parametrize(
    ("fingers", "impressions", "failed"),
    [(3, 1, []), (1, 3, []), (2, 2, [(0, 0), (0, 1), (1, 0), (1, 1)]), (1, 1, [])],
    ids=["no mates", "no strangers", "all failed", "no pairs"],
)
def test_a_set_that_lacks_a_kind_of_pair_cannot_check(
    make_set: MakeSet, fingers: int, impressions: int, failed: list[tuple[int, int]]
) -> None:
    samples = make_set(fingers, impressions, failed=failed)
    scores = evaluate(samples, gallery_size=0, replicates=20).scores
    assert check_calibration(calibration_of(), scores, samples) is None
