from __future__ import annotations

import numpy as np

from biocapil.comparison.kernels.cascade import STRONGEST
from biocapil.comparison.reference.local_pairs import Poses, local_pairs, ordered_sum, strongest


def poses(x: list[float], y: list[float], turn: list[int]) -> Poses:
    return Poses(np.array(x, np.float32), np.array(y, np.float32), np.array(turn, np.int64))


def test_sums_run_from_first_to_last_in_float32() -> None:
    terms = np.array([2**24, 1, 1, 1, 1], np.float32)

    assert ordered_sum(terms) == 2**24
    assert ordered_sum(terms[::-1].copy()) == 2**24 + 4
    assert ordered_sum(np.stack([terms, terms / 2]), start=4).tolist() == [2**24 + 4, 2**23 + 4]
    assert ordered_sum(np.zeros((3, 0), np.float32)).tolist() == [0, 0, 0]


def test_the_strongest_stand_in_order_ties_first_come_and_zeros_are_left_out() -> None:
    assert strongest(np.array([0.2, 0.0, 0.9, 0.2], np.float32)).tolist() == [2, 0, 3]
    assert strongest(np.full(50, 0.5, np.float32)).tolist() == list(range(STRONGEST))


def test_pairs_that_fit_one_motion_support_each_other() -> None:
    a = poses([0, 100, 0, 0], [0, 0, 100, 0], [10, 20, 30, 10])
    turned = poses([500, 500, 400, 500], [500, 600, 500, 500], [74, 84, 94, 74])

    found = local_pairs(a, turned, np.full(4, 0.5, np.float32))

    assert np.allclose(found.agreement[:3, :3], 1 - np.eye(3), atol=1e-5)
    assert found.agreement[0, 3] == 0  # the same minutia twice supports nothing
    assert np.allclose(found.support, [1.0, 1.5, 1.5, 1.0], atol=1e-5)


def test_pairs_with_opposite_turns_do_not_agree() -> None:
    a = poses([0, 100], [0, 0], [0, 0])

    found = local_pairs(a, poses([0, 100], [0, 0], [0, 128]), np.ones(2, np.float32))

    assert found.consistency == 0
