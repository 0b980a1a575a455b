from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tests.unit.deduplication.registry.made_people import (
    EYE,
    FACE,
    INDEX,
    THUMB,
    SumPolicy,
    part_of,
)

from biocapil.decision import InstanceEvidence
from biocapil.deduplication.registry.people import everybody_of
from biocapil.deduplication.registry.second_look import compared_in_full, decisions, in_order, look_again

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


def test_who_may_reach_the_threshold_and_does_not_is_left_out() -> None:
    class Lenient(SumPolicy):
        def may_reach(self, _instances: object, llrs: NDArray[np.float64]) -> NDArray[np.bool_]:
            return np.ones(len(llrs), np.bool_)

    everybody = everybody_of([part_of([{FACE: [0.0]}, {FACE: [8.0]}, {FACE: [0.5]}])])
    pairs = np.array([[0, 1], [0, 2], [1, 2]])

    assert look_again(pairs, everybody, Lenient())[["first", "second"]].tolist() == [(0, 2)]
