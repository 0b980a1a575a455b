from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from biocapil.calibration.false_match import FalseMatchCurve, false_match_curve, nonmated_set
from biocapil.calibration.mated import mated_density
from biocapil.calibration.root_scale import CELLS, SIZE_BANDS, STEP, cell_starts
from biocapil.calibration.weight_of_evidence import log_likelihood_ratios
from biocapil.labelled_scores import LabelledScores

ONE = np.ones(len(SIZE_BANDS))
SUBJECTS = 300


def known_curve(*, measured_to: int, wide: float = 1.0) -> FalseMatchCurve:
    """Exponential rates of scale 0.35; beyond the counted part the upper limit falls slower by a factor."""
    rate = np.exp(-cell_starts() / 0.35)
    beyond = np.maximum(cell_starts() - measured_to * STEP, 0.0) / 0.35
    high = np.minimum(rate * np.exp(beyond * (1 - 1 / wide)), 1.0)
    return FalseMatchCurve(rate=rate, low=rate, high=high, measured_to=measured_to)


def mated_bump() -> np.ndarray:
    density = np.exp(-0.5 * ((cell_starts() - 4.0) / 1.5) ** 2)
    return density / density.sum()


@pytest.mark.parametrize("wide", [1.0, 2.0])
def test_evidence_never_falls_and_is_finite(wide: float) -> None:
    llr = log_likelihood_ratios(
        mated_bump(), known_curve(measured_to=300, wide=wide), mated_subjects=SUBJECTS
    )
    assert llr.shape == (CELLS,)
    assert np.isfinite(llr).all()
    assert (np.diff(llr) >= 0).all()


def test_where_pairs_were_counted_it_is_the_ratio_of_the_densities() -> None:
    llr = log_likelihood_ratios(mated_bump(), known_curve(measured_to=400), mated_subjects=SUBJECTS)
    roots = np.array([1.5, 2.0, 3.0, 3.5])
    cells = np.rint(roots / STEP).astype(int)
    nonmated = np.exp(-roots / 0.35) * (1 - math.exp(-STEP / 0.35))
    doubt = 1 / (SUBJECTS + 1)
    expected = np.log((1 - doubt) * mated_bump()[cells] + doubt * nonmated) - np.log(nonmated)
    np.testing.assert_allclose(llr[cells], expected, atol=1e-6)


def test_the_least_evidence_is_what_the_mated_subjects_support() -> None:
    for subjects in (10, 1000):
        llr = log_likelihood_ratios(mated_bump(), known_curve(measured_to=300), mated_subjects=subjects)
        assert llr[0] >= -math.log(subjects + 1) - 1e-9
    assert llr[0] < -4


def test_beyond_what_was_counted_evidence_grows_with_the_upper_limit_alone() -> None:
    cautious = log_likelihood_ratios(
        mated_bump(), known_curve(measured_to=300, wide=2.0), mated_subjects=SUBJECTS
    )
    bold = log_likelihood_ratios(mated_bump(), known_curve(measured_to=300), mated_subjects=SUBJECTS)
    np.testing.assert_allclose(cautious[:301], bold[:301])
    np.testing.assert_allclose(bold[400] - bold[300], 1 / 0.35 + np.log(_ratio(400, 300)), atol=0.01)
    np.testing.assert_allclose(
        cautious[400] - cautious[300], 0.5 / 0.35 + np.log(_ratio(400, 300)), atol=0.01
    )


def _ratio(first: int, second: int) -> float:
    return float(mated_bump()[first] / mated_bump()[second])


def test_an_upper_limit_that_stays_level_adds_no_evidence() -> None:
    curve = known_curve(measured_to=300)
    level = np.maximum(curve.rate, curve.rate[300])
    flat = FalseMatchCurve(rate=curve.rate, low=curve.rate, high=level, measured_to=300)
    mated = np.full(CELLS, 1 / CELLS)
    llr = log_likelihood_ratios(mated, flat, mated_subjects=SUBJECTS)
    np.testing.assert_allclose(llr[300:], llr[300])


def test_a_level_stretch_of_the_upper_limit_makes_no_leap() -> None:
    curve = known_curve(measured_to=300)
    level = np.where(curve.rate > curve.rate[340], np.maximum(curve.rate, curve.rate[310]), curve.rate[310])
    level = np.where(cell_starts() > 3.4, curve.rate * curve.rate[310] / curve.rate[340], level)
    stretched = FalseMatchCurve(rate=curve.rate, low=curve.rate, high=level, measured_to=300)
    llr = log_likelihood_ratios(mated_bump(), stretched, mated_subjects=SUBJECTS)
    assert np.diff(llr[300:]).max() < 0.1
    assert llr[600] > llr[350] > llr[300]


def test_many_counted_pairs_make_no_leap_in_evidence(make_scores: Callable[..., LabelledScores]) -> None:
    scores = make_scores(3, persons=600, mated=2000)
    curve = false_match_curve([nonmated_set(scores, ONE)], rng=np.random.default_rng(0))
    llr = log_likelihood_ratios(mated_density([scores], ONE), curve, mated_subjects=SUBJECTS)
    assert np.diff(llr).max() < 2.0
    assert llr[-1] < 60


def test_evidence_is_credited_to_the_end_of_the_table_even_if_nothing_lies_beyond() -> None:
    llr = log_likelihood_ratios(mated_bump(), known_curve(measured_to=CELLS - 1), mated_subjects=SUBJECTS)
    assert llr.shape == (CELLS,)
