from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.synthesis.orientation import draw_orientation, finger_grid
from biocapil.synthesis.pattern import Pattern

CELL_PX = 2.0
GRID = (288, 224)


def poincare_half_turns(orientation_rad: NDArray[np.floating]) -> NDArray[np.int_]:
    """Half turns of the orientation around each cell, counter-clockwise: 1 at a core, -1 at a delta."""

    def turn(start: NDArray[np.floating], end: NDArray[np.floating]) -> NDArray[np.floating]:
        return (end - start + np.pi / 2) % np.pi - np.pi / 2

    upper_left, upper_right = orientation_rad[:-1, :-1], orientation_rad[:-1, 1:]
    lower_left, lower_right = orientation_rad[1:, :-1], orientation_rad[1:, 1:]
    around = (upper_left, lower_left, lower_right, upper_right, upper_left)
    total = sum(turn(start, end) for start, end in pairwise(around))
    return np.round(np.asarray(total) / np.pi).astype(int)


def test_the_poincare_index_of_a_known_core_and_delta() -> None:
    x, y = finger_grid((9, 9), 1)
    bearing = np.arctan2(y - 0.5, x - 0.5)
    assert poincare_half_turns(bearing / 2).sum() == 1
    assert poincare_half_turns(-bearing / 2).sum() == -1


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        (Pattern.ARCH, 0),
        (Pattern.TENTED_ARCH, 1),
        (Pattern.LEFT_LOOP, 1),
        (Pattern.RIGHT_LOOP, 1),
        (Pattern.WHORL, 2),
        (Pattern.DOUBLE_LOOP, 2),
    ],
)
def test_the_field_holds_exactly_the_cores_and_deltas_of_its_class(pattern: Pattern, count: int) -> None:
    for seed in range(12):
        field = draw_orientation(np.random.default_rng(seed), pattern, GRID, cell_px=CELL_PX)
        half_turns = poincare_half_turns(field)
        assert ((half_turns == 1).sum(), (half_turns == -1).sum()) == (count, count)


def test_orientations_are_float32_and_lie_in_half_a_turn() -> None:
    field = draw_orientation(np.random.default_rng(1), Pattern.WHORL, GRID, cell_px=CELL_PX)
    assert field.dtype == np.float32
    assert field.shape == GRID
    assert np.abs(field).max() <= np.pi / 2 + 1e-6


def test_ridges_of_an_arch_rise_on_the_left_and_fall_on_the_right() -> None:
    field = draw_orientation(np.random.default_rng(2), Pattern.ARCH, GRID, cell_px=CELL_PX)
    middle = field[130:170]
    assert middle[:, 60:90].mean() > 0.1
    assert middle[:, 140:170].mean() < -0.1


def test_a_left_loop_leaves_to_the_lower_left_and_a_right_loop_to_the_lower_right() -> None:
    beside = slice(150, 190)
    for seed in range(5):
        left = draw_orientation(np.random.default_rng(seed), Pattern.LEFT_LOOP, GRID, cell_px=CELL_PX)
        right = draw_orientation(np.random.default_rng(seed), Pattern.RIGHT_LOOP, GRID, cell_px=CELL_PX)
        assert np.sin(2 * left[beside, 60:100]).mean() > 0.2
        assert np.sin(2 * right[beside, 124:164]).mean() < -0.2


def test_the_grid_is_centred_with_y_upwards() -> None:
    x, y = finger_grid((5, 7), 2)
    assert (x[0, 0], x[0, -1]) == (-6, 6)
    assert (y[0, 0], y[-1, 0]) == (4, -4)
