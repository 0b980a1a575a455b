"""Scores of a known law: the calibration finds the law again, and its limits hold it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.calibration import Calibration, calibration_to_json, cllr, fit_calibration
from biocapil.errors import IncompatibleTemplates
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import Modality, ModelId

MakeScores = Callable[..., LabelledScores]
Llr = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@pytest.fixture(scope="module")
def unseen(make_scores: MakeScores) -> LabelledScores:
    return make_scores(99, persons=400, mated=20_000)


def test_evidence_of_different_persons_does_not_claim_too_much(
    fitted: Calibration, unseen: LabelledScores
) -> None:
    """The mean of exp(evidence) of different persons is at most 1 as far as pairs were counted."""
    kept = unseen.nonmated
    roots = fitted.roots(unseen.similarities[kept], unseen.sizes[kept])
    evidence = fitted.evidence(unseen.similarities[kept], unseen.sizes[kept])
    mean = np.where(roots <= fitted.table.measured_to, np.exp(evidence), 0.0).mean()
    assert 0.2 < mean <= 1.1


def test_evidence_is_that_of_the_known_law_where_pairs_were_counted(
    fitted: Calibration, known_llr: Llr
) -> None:
    roots = np.array([1.5, 2.0, 2.5, 3.0])
    evidence = fitted.evidence(roots**2, np.full(4, 40))
    np.testing.assert_allclose(evidence, known_llr(roots), atol=0.8)


def test_evidence_beyond_what_was_counted_stays_below_that_of_the_known_law(
    fitted: Calibration, known_llr: Llr
) -> None:
    roots = np.linspace(fitted.table.measured_to + 0.2, 12.0, 30)
    assert (fitted.evidence(roots**2, np.full(30, 40)) <= known_llr(roots) + 0.5).all()


def test_the_cost_of_evidence_is_near_what_the_law_allows(
    fitted: Calibration, unseen: LabelledScores, known_llr: Llr
) -> None:
    evidence = fitted.evidence(unseen.similarities, unseen.sizes)
    ideal = known_llr(np.sqrt(unseen.similarities.astype(np.float64)))
    costs = [cllr(each[unseen.mated], each[unseen.nonmated]) for each in (evidence, ideal)]
    assert costs[1] <= costs[0] <= costs[1] + 0.01


@pytest.mark.parametrize("rate", [1e-2, 1e-3, 1e-4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_limits_of_a_predicted_rate_hold_the_truth(
    make_scores: MakeScores, rate: float, seed: int
) -> None:
    calibration = fit_calibration([make_scores(seed, persons=150)], comparator="test/1")
    table = calibration.table
    root = float(table.roots_at(np.array([rate]), table.fmr)[0])
    said = calibration.false_match_rate(root**2, 40)
    assert said.value == pytest.approx(rate, rel=1e-3)
    assert said.interval.contains(math.exp(-root / 0.35))


def test_a_registry_s_rate_of_another_population_lies_below_the_upper_limit(make_scores: MakeScores) -> None:
    sets = [
        make_scores(seed, persons=60, scale=scale, name=str(scale))
        for seed, scale in enumerate((0.28, 0.32, 0.38, 0.42))
    ]
    calibration = fit_calibration(sets, comparator="test/1")
    for root in (1.0, 2.0, 3.0):
        assert math.exp(-root / 0.40) <= calibration.false_match_rate(root**2, 40).interval.high


def test_the_false_non_match_rate_follows_the_mated_pairs(
    fitted: Calibration, unseen: LabelledScores
) -> None:
    roots = np.sqrt(unseen.similarities[unseen.mated])
    for root in (2.5, 4.0, 6.0):
        told = float(np.interp(root, fitted.table.roots, fitted.table.fnmr))
        assert told == pytest.approx((roots < root).mean(), abs=0.04)


def test_the_same_sets_and_seed_give_the_same_record(few: LabelledScores) -> None:
    first, again = (fit_calibration([few], comparator="test/1") for _ in range(2))
    assert calibration_to_json(first) == calibration_to_json(again)
    assert fit_calibration([few], comparator="test/1", seed=1).calibration_id != first.calibration_id


def test_bands_of_size_get_units_of_their_own(few_but_of_all_sizes: LabelledScores) -> None:
    sizes = few_but_of_all_sizes.sizes
    reach = np.where(sizes < 20, 0.5, 1.0).astype(np.float32)
    scores = replace(few_but_of_all_sizes, similarities=few_but_of_all_sizes.similarities * reach)
    calibration = fit_calibration([scores, scores], comparator="test/1")
    assert calibration.units[0] < min(calibration.units[1:])


def test_the_record_says_what_it_rests_on(few: LabelledScores, many: LabelledScores) -> None:
    calibration = fit_calibration([few, many], comparator="test/1", modality=Modality.IRIS)
    assert [each.dataset for each in calibration.fitted_on] == ["few", "many"]
    assert [each.subjects for each in calibration.fitted_on] == [30, 300]
    assert [each.nonmated for each in calibration.fitted_on] == [435, 44850]
    assert [each.mated for each in calibration.fitted_on] == [400, 3000]
    assert (calibration.model_id, calibration.comparator) == (few.model_id, "test/1")
    assert calibration.modality is Modality.IRIS


def part(scores: LabelledScores, kept: NDArray[np.bool_]) -> LabelledScores:
    return LabelledScores(
        dataset="part",
        model_id=scores.model_id,
        similarities=scores.similarities[kept],
        mated=scores.mated[kept],
        first_subject=scores.first_subject[kept],
        second_subject=scores.second_subject[kept],
        sizes=scores.sizes[kept],
        first_instance=scores.first_instance[kept],
        second_instance=scores.second_instance[kept],
    )


def test_a_set_with_mated_pairs_alone_adds_them(few: LabelledScores, many: LabelledScores) -> None:
    calibration = fit_calibration([part(many, many.mated), part(few, ~few.mated)], comparator="test/1")
    assert [(each.mated, each.nonmated) for each in calibration.fitted_on] == [(3000, 0), (0, 435)]


def test_a_set_of_one_person_or_of_nothing_does_no_harm(few: LabelledScores) -> None:
    one = part(few, (few.first_subject == 3) & few.mated)
    none = part(few, np.zeros(len(few.mated), bool))
    calibration = fit_calibration([few, one, none], comparator="test/1")
    assert len(calibration.fitted_on) == 2
    assert calibration.fitted_on[1].subjects == 1


def test_a_hundred_pairs_are_enough_and_fewer_are_not(few: LabelledScores) -> None:
    places = np.flatnonzero(few.nonmated)
    hundred, fewer = few.mated.copy(), few.mated.copy()
    hundred[places[::4][:100]] = fewer[places[::4][:99]] = True
    calibration = fit_calibration([part(few, hundred)], comparator="test/1")
    said = calibration.false_match_rate(4.0, 40)
    assert said.extrapolated
    assert said.interval.high > 10 * said.value
    with pytest.raises(ValueError, match="at least 100 non-mated pairs, got 99"):
        fit_calibration([part(few, fewer)], comparator="test/1")


def test_sets_without_mated_pairs_are_refused(few: LabelledScores) -> None:
    with pytest.raises(ValueError, match="needs mated pairs"):
        fit_calibration([part(few, ~few.mated)], comparator="test/1")


def test_no_set_is_refused() -> None:
    with pytest.raises(ValueError, match="got 0"):
        fit_calibration([], comparator="test/1")


@pytest.mark.parametrize("similarity", [0.0, 5.0, 1e9])
def test_pairs_that_are_all_equally_alike_are_refused(few: LabelledScores, similarity: float) -> None:
    same = replace(few, similarities=np.full_like(few.similarities, similarity))
    with pytest.raises(ValueError, match="at least two different similarities"):
        fit_calibration([same], comparator="test/1")


def test_scores_far_beyond_the_grid_give_a_sound_record(few: LabelledScores) -> None:
    calibration = fit_calibration([replace(few, similarities=few.similarities * 1e6)], comparator="test/1")
    assert np.isfinite(calibration.table.llr).all()
    mixed = few.similarities.copy()
    mixed[few.mated] = np.float32(3e38)
    far = fit_calibration([replace(few, similarities=mixed)], comparator="test/1")
    assert (
        far.evidence(np.array([3e38]), np.array([40]))[0] > 0 > far.evidence(np.zeros(1), np.array([40]))[0]
    )


def test_sets_of_different_models_are_refused_even_without_non_mated_pairs(few: LabelledScores) -> None:
    other = replace(part(few, few.mated), model_id=ModelId("other@1"))
    with pytest.raises(IncompatibleTemplates, match="different models"):
        fit_calibration([few, other], comparator="test/1")


def test_a_calibration_of_zeros_and_a_few_scores_is_sound(few: LabelledScores) -> None:
    mostly = np.where(few.nonmated & (np.arange(len(few.mated)) % 10 > 0), 0.0, few.similarities)
    calibration = fit_calibration([replace(few, similarities=mostly.astype(np.float32))], comparator="test/1")
    assert calibration.false_match_rate(0.0, 40).value == 1.0
    assert calibration.false_match_rate(1.0, 40).value < 0.1
