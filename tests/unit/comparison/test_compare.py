from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.strategies import (
    OTHER_MODEL,
    SEEDS,
    finger,
    impression,
    moved,
    population,
    shuffled,
    template_pairs,
    templates,
)

from biocapil.comparison import compare, compare_pairs, pack
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate


@settings(max_examples=150)
@given(template_pairs())
def test_the_score_is_the_same_both_ways_round(
    pair: tuple[FingerprintTemplate, FingerprintTemplate],
) -> None:
    first, second = pair

    assert compare(first, second) == compare(second, first) >= 0


@settings(max_examples=30)
@given(SEEDS, SEEDS)
def test_the_order_of_minutiae_does_not_matter_where_qualities_differ(seed: int, other: int) -> None:
    probe, reference = finger(seed), impression(finger(seed), other)

    assert compare(shuffled(probe, other), shuffled(reference, seed)) == compare(probe, reference) > 0


@settings(max_examples=40)
@given(SEEDS)
def test_moving_both_prints_hardly_changes_the_score(seed: int) -> None:
    rng = np.random.default_rng(seed)
    probe, reference = finger(seed), impression(finger(seed), seed)
    turn = rng.uniform(-np.pi, np.pi)
    shift_x, shift_y = rng.uniform(-2_000, 2_000, 2)
    together = [moved(each, turn_rad=turn, shift_um=(shift_x, shift_y))[0] for each in (probe, reference)]

    assert compare(*together) == pytest.approx(compare(probe, reference), rel=0.2)


def test_impressions_of_one_finger_are_far_more_alike_than_those_of_two() -> None:
    prints = population(fingers=6, impressions=2)
    mated = [compare(prints[2 * k], prints[2 * k + 1]) for k in range(6)]
    non_mated = [compare(prints[2 * k], prints[2 * m]) for k in range(6) for m in range(k)]

    assert min(mated) > 30 * max(non_mated)


@pytest.mark.parametrize("minutiae", [0, 1, 2])
def test_templates_with_hardly_a_minutia_score_next_to_nothing(minutiae: int) -> None:
    small = finger(1, minutiae=minutiae)

    assert compare(small, finger(2)) == compare(finger(2), small) < 0.1
    if minutiae < 2:
        assert compare(small, small) == compare(small, finger(2)) == 0.0


def test_templates_with_255_minutiae_compare() -> None:
    crowd = finger(1, minutiae=255)

    assert compare(crowd, impression(crowd, 5)) > 10 * compare(crowd, finger(2, minutiae=255))


@settings(max_examples=30)
@given(st.lists(templates(), min_size=2, max_size=4), SEEDS)
def test_chosen_pairs_of_a_packed_set_score_as_two_templates_do(
    prints: list[FingerprintTemplate], seed: int
) -> None:
    pairs = np.random.default_rng(seed).integers(0, len(prints), (5, 2))

    scores = compare_pairs(pack(prints), pairs)

    assert (scores.dtype, scores.shape) == (np.float32, (5,))
    assert scores.tolist() == [np.float32(compare(prints[a], prints[b])) for a, b in pairs.tolist()]


def test_no_pairs_give_no_scores() -> None:
    assert compare_pairs(pack([finger(1)]), np.empty((0, 2), np.int32)).shape == (0,)


def test_templates_of_two_models_never_compare() -> None:
    with pytest.raises(IncompatibleTemplates, match="probe was made by made@1, the reference by other@2"):
        compare(finger(1), finger(1, model=OTHER_MODEL))
