from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration import Calibration
from biocapil.calibration.dependence import ASSUMED, MIN_PERSON_PAIRS, instance_dependence
from biocapil.labelled_scores import LabelledScores

MakeScores = Callable[..., LabelledScores]
ONE = np.ones(4)


@pytest.mark.parametrize("correlation", [0.0, 0.2, 0.6])
def test_a_known_correlation_is_found_again(
    make_scores: MakeScores, make_exact: Callable[..., Calibration], correlation: float
) -> None:
    """Evidence is exponential here, whose correlation is a little below that of the normal law behind it."""
    scores = make_scores(0, persons=150, fingers=4, correlation=correlation)
    found = instance_dependence([scores], make_exact().table, ONE)
    assert correlation * 0.8 - 0.02 <= found <= correlation + 0.02


def test_sets_count_by_their_pairs(make_scores: MakeScores, make_exact: Callable[..., Calibration]) -> None:
    large = make_scores(0, persons=150, fingers=2, correlation=0.6)
    small = make_scores(1, persons=20, fingers=2, correlation=0.0)
    table = make_exact().table
    both, alone = (instance_dependence(sets, table, ONE) for sets in ([large, small], [large]))
    assert alone * 0.9 < both < alone


def test_too_few_persons_are_not_believed_however_many_fingers_they_have(
    make_scores: MakeScores, make_exact: Callable[..., Calibration]
) -> None:
    scores = make_scores(0, persons=40, fingers=10, correlation=0.6)
    assert int(scores.nonmated.sum()) > 7 * MIN_PERSON_PAIRS
    assert instance_dependence([scores], make_exact().table, ONE) == ASSUMED


def test_one_finger_a_person_tells_nothing(fitted: Calibration, many: LabelledScores) -> None:
    assert instance_dependence([many], fitted.table, ONE) == ASSUMED
    assert instance_dependence([], fitted.table, ONE) == ASSUMED


def test_fingers_that_go_against_each_other_are_taken_as_independent(
    make_scores: MakeScores, make_exact: Callable[..., Calibration]
) -> None:
    scores = make_scores(0, persons=80, fingers=2, mated=0)
    similarities = scores.similarities.copy()
    similarities[1::2] = np.maximum(2.0 - similarities[::2], 0.0)
    opposed = replace(scores, similarities=similarities)
    assert instance_dependence([opposed], make_exact().table, ONE) == 0.0


def test_a_finger_that_never_varies_shows_no_dependence(
    make_scores: MakeScores, make_exact: Callable[..., Calibration]
) -> None:
    scores = make_scores(0, persons=80, fingers=2, mated=0)
    similarities = scores.similarities.copy()
    similarities[::2] = 1.0
    assert instance_dependence([replace(scores, similarities=similarities)], make_exact().table, ONE) == 0.0


def test_a_pair_of_persons_is_one_whichever_side_each_stands_on(
    make_scores: MakeScores, make_exact: Callable[..., Calibration]
) -> None:
    scores = make_scores(0, persons=100, fingers=2, correlation=0.5)
    turned = np.arange(len(scores.mated)) % 3 == 0
    mirrored = replace(
        scores,
        first_subject=np.where(turned, scores.second_subject, scores.first_subject),
        second_subject=np.where(turned, scores.first_subject, scores.second_subject),
    )
    table = make_exact().table
    assert instance_dependence([mirrored], table, ONE) == pytest.approx(
        instance_dependence([scores], table, ONE), abs=1e-12
    )


def test_fingers_that_few_pairs_of_persons_share_are_left_out(make_exact: Callable[..., Calibration]) -> None:
    pairs = 4
    scores = LabelledScores(
        dataset="",
        model_id=make_exact().model_id,
        similarities=np.linspace(0, 1, pairs, dtype=np.float32),
        mated=np.zeros(pairs, bool),
        first_subject=np.array([0, 0, 0, 0], np.int32),
        second_subject=np.array([1, 2, 1, 2], np.int32),
        sizes=np.full(pairs, 40, np.int16),
        first_instance=np.array([0, 0, 1, 1], np.int16),
        second_instance=np.array([0, 0, 1, 1], np.int16),
    )
    assert instance_dependence([scores], make_exact().table, ONE) == ASSUMED
