from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.deduplication.conftest import linear_calibration, policy_of
from tests.unit.deduplication.registry.made_people import (
    EYE,
    FACE,
    INDEX,
    THUMB,
    SumPolicy,
    part_of,
)

from biocapil import DecisionPolicy
from biocapil.calibration import Calibration
from biocapil.calibration.fusion import fuse_person
from biocapil.decision import InstanceEvidence
from biocapil.deduplication.registry.pair_policy import FingerPolicy
from biocapil.deduplication.registry.people import everybody_of
from biocapil.deduplication.registry.second_look import compared_in_full, decisions, in_order, look_again
from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import ModelId

PAIR = np.array([[0, 1]])


def test_the_best_of_several_templates_speaks_lessened_by_their_number() -> None:
    everybody = everybody_of([part_of([{FACE: [0.0, 3.0]}, {FACE: [4.0, 30.0, 5.0]}])])
    best = compared_in_full(PAIR, everybody, SumPolicy())

    assert best.of_pair(0) == {
        FACE: InstanceEvidence(instance="face", similarity=19.0, llr=9.0 - float(np.log(6)), comparisons=6)
    }


def test_empty_templates_say_nothing() -> None:
    empty = float("nan")
    everybody = everybody_of([part_of([{FACE: [0.0, empty], EYE: [empty]}, {FACE: [1.0], EYE: [1.0]}])])
    best = compared_in_full(PAIR, everybody, SumPolicy())

    assert [(each.instance, each.comparisons) for each in best.of_pair(0).values()] == [("face", 1)]


def test_what_only_one_of_them_has_says_nothing() -> None:
    everybody = everybody_of([part_of([{THUMB: [0.0], INDEX: [0.0]}, {INDEX: [0.0], FACE: [0.0]}])])

    assert list(compared_in_full(PAIR, everybody, SumPolicy()).of_pair(0)) == [INDEX]


def test_people_of_two_parts_are_compared() -> None:
    everybody = everybody_of([part_of([{FACE: [0.0]}]), part_of([{EYE: [0.0], FACE: [1.0]}], first_id=9)])
    pair = np.array([[1 << 32, 0]])

    assert compared_in_full(pair, everybody, SumPolicy()).of_pair(0)[FACE].similarity == 19.0
    assert everybody.person_id(1 << 32) == "p9"


def test_people_who_are_unique_are_left_out_and_nobody_is_found_among_nobody() -> None:
    everybody = everybody_of([part_of([{FACE: [0.0]}, {FACE: [8.0]}])])

    assert not len(look_again(PAIR, everybody, SumPolicy()))
    assert not len(look_again(np.empty((0, 2), np.int64), everybody, SumPolicy()))


def test_a_pair_comes_in_the_order_of_the_hashes_of_its_identifiers() -> None:
    everybody = everybody_of([part_of([{FACE: [float(row)]} for row in range(20)])])
    pairs = np.array([[row, row + 1] for row in range(19)] + [[row + 1, row] for row in range(19)])
    ordered = in_order(pairs, everybody)
    hashes = everybody.id_hashes(ordered.reshape(-1)).reshape(-1, 2)

    assert (hashes[:, 0] <= hashes[:, 1]).all()
    assert np.array_equal(ordered[:19], ordered[19:])
    assert np.array_equal(np.sort(ordered, axis=1), np.sort(pairs, axis=1))


def test_decisions_come_in_the_order_of_the_pairs() -> None:
    everybody = everybody_of([part_of([{FACE: [0.0]}, {FACE: [1.0]}, {FACE: [5.0]}])])
    pairs = np.array([[0, 1], [0, 2], [1, 2]])

    assert [each.llr for each in decisions(pairs, everybody, SumPolicy())] == [9.0, 5.0, 6.0]


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.floats(-9, 40)), min_size=3, max_size=3), min_size=1, max_size=9
    ),
    st.sampled_from([0.0, 0.3, 1.0]),
)
def test_fingers_that_may_reach_the_threshold_are_those_that_do(
    llrs: list[list[float | None]], dependence: float
) -> None:
    policy, calibration = _policy(dependence)
    weighing = FingerPolicy(calibration=calibration, policy=policy)
    matrix = np.array([[np.nan if each is None else each for each in row] for row in llrs])
    for row, may in zip(llrs, weighing.may_reach(matrix).tolist(), strict=True):
        known = [each for each in row if each is not None]
        fused = fuse_person(known, pairs=len(known), dependence=dependence) if known else float("-inf")
        if abs(fused - policy.review_llr) > 1e-6:
            assert may == (fused >= policy.review_llr)


def _policy(dependence: float) -> tuple[DecisionPolicy, Calibration]:
    calibration = linear_calibration()
    return policy_of(calibration, dependence=dependence), calibration


def test_a_policy_for_fingers_speaks_of_its_fingers_alone(
    calibration: Calibration, policy: DecisionPolicy, make_calibration: Callable[..., Calibration]
) -> None:
    weighing = FingerPolicy(calibration=calibration, policy=policy)
    with pytest.raises(ValueError, match="says nothing of face"):
        weighing.bar(FACE, calibration.model_id, calibration.comparator)
    with pytest.raises(IncompatibleTemplates):
        weighing.bar(THUMB, ModelId("other@1"), calibration.comparator)
    with pytest.raises(IncompatibleTemplates):
        weighing.bar(THUMB, calibration.model_id, "other/1")
    with pytest.raises(ValueError, match="rests on calibration"):
        FingerPolicy(calibration=make_calibration(at_zero=-1.0), policy=policy)


def test_a_finger_has_to_show_its_share_of_the_review_threshold(
    calibration: Calibration, policy: DecisionPolicy
) -> None:
    bar = FingerPolicy(calibration=calibration, policy=policy).bar(
        THUMB, calibration.model_id, calibration.comparator
    )

    assert bar.llr == pytest.approx(policy.review_llr / policy.target.instances)
    assert 0 < bar.similarity <= bar.llr
