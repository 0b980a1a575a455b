from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration import cllr, fit_calibration, leave_one_set_out, reliability
from biocapil.errors import IncompatibleTemplates
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import ModelId


@pytest.fixture(scope="module")
def sets(make_scores: Callable[..., LabelledScores]) -> list[LabelledScores]:
    return [make_scores(seed, persons=70, name=f"set {seed}") for seed in range(3)]


def test_each_set_is_judged_by_a_calibration_on_the_others(sets: list[LabelledScores]) -> None:
    results = leave_one_set_out(sets, comparator="test/1")
    assert [result.dataset for result in results] == ["set 0", "set 1", "set 2"]
    for place, result in enumerate(results):
        held = sets[place]
        others = fit_calibration(sets[:place] + sets[place + 1 :], comparator="test/1")
        evidence = others.evidence(held.similarities, held.sizes)
        assert result.calibration_id == others.calibration_id
        assert result.cllr == cllr(evidence[held.mated], evidence[held.nonmated])
        assert result.points == reliability(others, held, targets=(1e-2, 1e-3))
        assert (result.mated, result.nonmated) == (400, 2415)


def test_what_is_lost_lies_between_the_least_and_one_bit(sets: list[LabelledScores]) -> None:
    for result in leave_one_set_out(sets, comparator="test/1"):
        assert result.cllr is not None
        assert result.min_cllr is not None
        assert 0 < result.min_cllr <= result.cllr < result.min_cllr + 0.05
        assert result.points[0].measured.value == pytest.approx(0.01, rel=0.6)


def test_a_set_unlike_the_others_is_seen(
    sets: list[LabelledScores], make_scores: Callable[..., LabelledScores]
) -> None:
    odd = make_scores(9, persons=70, scale=0.9, name="odd")
    *alike, told = leave_one_set_out([*sets, odd], comparator="test/1")
    assert told.points[0].measured.value > 0.1
    assert told.cllr is not None
    assert all(told.cllr > result.cllr for result in alike if result.cllr is not None)


def test_a_set_without_one_kind_of_pair_has_no_cost(sets: list[LabelledScores]) -> None:
    lone = replace(sets[2], second_subject=sets[2].first_subject)
    unmated = replace(sets[1], mated=np.zeros_like(sets[1].mated))
    _, without_mated, without_nonmated = leave_one_set_out([sets[0], unmated, lone], comparator="test/1")
    assert (without_mated.cllr, without_mated.min_cllr) == (None, None)
    assert len(without_mated.points) == 2
    assert (without_nonmated.cllr, without_nonmated.min_cllr, without_nonmated.points) == (None, None, ())


def test_one_set_cannot_be_left_out(sets: list[LabelledScores]) -> None:
    with pytest.raises(ValueError, match="at least two sets, got 1"):
        leave_one_set_out(sets[:1], comparator="test/1")


def test_an_error_says_which_set_was_left_out(sets: list[LabelledScores]) -> None:
    unmated = replace(sets[1], mated=np.zeros_like(sets[1].mated))
    with pytest.raises(ValueError, match="needs mated pairs") as caught:
        leave_one_set_out([sets[0], unmated], comparator="test/1")
    assert caught.value.__notes__ == ["while 'set 0' was left out"]


def test_sets_of_different_models_are_refused(sets: list[LabelledScores]) -> None:
    other = replace(sets[0], model_id=ModelId("other@1"))
    with pytest.raises(IncompatibleTemplates):
        leave_one_set_out([sets[1], sets[2], other], comparator="test/1")
