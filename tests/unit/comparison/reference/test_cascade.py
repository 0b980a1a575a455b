from __future__ import annotations

import numpy as np

from biocapil.comparison.reference.cascade import next_anchor, rotation_vote
from biocapil.comparison.reference.local_pairs import LocalPairs, Poses

NOWHERE = Poses(np.zeros(4, np.float32), np.zeros(4, np.float32), np.zeros(4, np.int64))


def local_pairs(*, support: list[float], agreeing: list[tuple[int, int]]) -> LocalPairs:
    agreement = np.zeros((4, 4), np.float32)
    for p, q in agreeing:
        agreement[p, q] = agreement[q, p] = 0.5
    return LocalPairs(
        a=NOWHERE,
        b=NOWHERE,
        strength=np.ones(4, np.float32),
        agreement=agreement,
        support=np.array(support, np.float32),
        consistency=np.float32(1),
    )


def test_the_anchor_is_the_most_supported_pair_and_the_next_one_agrees_with_it_nowhere() -> None:
    pairs = local_pairs(support=[0.2, 0.9, 0.3, 0.3], agreeing=[(0, 1), (2, 3)])

    assert next_anchor(pairs, np.array([True, True, True, True])) == 1
    assert next_anchor(pairs, np.array([False, False, True, True])) == 2


def test_a_second_anchor_needs_support_and_the_first_does_not() -> None:
    pairs = local_pairs(support=[0.0, 0.0, 0.0, 0.0], agreeing=[])

    assert next_anchor(pairs, np.array([True, True, True, True])) == 0
    assert next_anchor(pairs, np.array([False, True, True, True])) is None
    assert next_anchor(pairs, np.array([False, False, False, False])) is None


def test_votes_of_neighbouring_rotations_add_up_also_across_no_turn() -> None:
    strong = np.full(3, 0.7, np.float32)  # each votes (0.7 - 0.2)² = 0.25

    assert rotation_vote(np.array([8, 16, 160]), strong) == 0.5
    assert rotation_vote(np.array([255, 0, 100]), strong) == 0.5
    assert rotation_vote(np.array([0, 64, 128]), strong) == 0.25
    assert rotation_vote(np.array([1, 2, 3]), np.full(3, 0.2, np.float32)) == 0.0
