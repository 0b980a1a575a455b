"""The plain numpy comparison against counting bit by bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.code_strategies import GEOMETRIES, MODEL, SEEDS, code_of

from biocapil.comparison.reference.bits import best_turn, counts_by_turn, distances, search_plain
from biocapil.iris_code import CodeGeometry, IrisCode


@settings(max_examples=40)
@given(GEOMETRIES, st.integers(0, 6), SEEDS)
def test_counts_are_those_of_single_bits(geometry: CodeGeometry, turns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (geometry.columns, geometry.column_bits)
    code, mask, other, other_mask = (rng.random(shape) < share for share in (0.5, 0.7, 0.5, 0.7))
    probe = IrisCode.from_bits(code, mask, model_id=MODEL)
    reference = IrisCode.from_bits(other, other_mask, model_id=MODEL)

    for turn, differing, compared in counts_by_turn(probe, reference, turns=turns).tolist():
        both = np.roll(mask, -turn, axis=0) & other_mask
        assert compared == both.sum()
        assert differing == ((np.roll(code, -turn, axis=0) != other) & both).sum()


def test_of_equal_turns_the_smallest_wins_then_the_negative_one() -> None:
    stripes = np.tile((np.arange(8) % 4 < 2)[:, None], (1, 8))
    probe = IrisCode.from_bits(stripes, np.ones((8, 8), np.bool_), model_id=MODEL)

    assert best_turn(probe, probe, turns=4, fewest_bits=1) == (0, 0, 64)
    assert best_turn(probe, probe.turned(2), turns=4, fewest_bits=1) == (-2, 0, 64)
    assert best_turn(probe, probe, turns=4, fewest_bits=65) is None


def test_a_code_is_nearest_to_itself() -> None:
    code = code_of(np.random.default_rng(1), CodeGeometry(columns=16, column_bits=16))
    assert best_turn(code, code, turns=8, fewest_bits=1) == (0, 0, code.valid_bits)


def test_distances_and_ties_of_plain_bits() -> None:
    words = np.array([[0b111], [0b001], [0b010], [0b111]], np.uint64)
    assert distances(words[:1], words).tolist() == [[0, 2, 2, 0]]
    assert search_plain(words[:1], words, limit=3, largest_distance=2) == [[(0, 0), (3, 0), (1, 2)]]
    assert search_plain(words[:1], words, limit=None, largest_distance=1) == [[(0, 0), (3, 0)]]
