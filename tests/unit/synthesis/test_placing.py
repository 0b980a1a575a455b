import numpy as np
import pytest

from biocapil.synthesis.degradation import NOT_DEGRADED, Degradation, check_severities
from biocapil.synthesis.placing import drag, draw_lost_contact


def grid() -> tuple[np.ndarray, np.ndarray]:
    """x and y from the middle of a picture."""
    y, x = np.mgrid[-150:151, -120:121].astype(np.float32)
    return x, y


def test_skin_that_nothing_drags_stays_where_it_is() -> None:
    x, y = grid()
    moved = drag(np.random.default_rng(1), x, y, NOT_DEGRADED)
    assert np.array_equal(moved[0], x)
    assert np.array_equal(moved[1], y)


def test_hard_pressure_spreads_the_skin_around_the_middle() -> None:
    x, y = grid()
    severities = check_severities({Degradation.HARD_PRESSURE: 1})
    at_rest, _ = drag(np.random.default_rng(1), x, y, severities)
    assert at_rest[150, 120] == 0
    assert 0.9 < at_rest[150, 160] / x[150, 160] < 0.93


@pytest.mark.parametrize("seed", range(4))
def test_dragged_skin_sticks_in_the_middle_and_moves_at_the_border(seed: int) -> None:
    x, y = grid()
    severities = check_severities({Degradation.STRETCHED: 1})
    moved_x, moved_y = drag(np.random.default_rng(seed), x, y, severities)
    move = np.hypot(moved_x - x, moved_y - y)
    assert move[[0, 0, -1, -1], [0, -1, 0, -1]].mean() > move[140:161, 110:131].mean() + 8
    assert move.max() < 120


def test_light_touches_lose_contact_everywhere_and_hard_ones_gain() -> None:
    x, y = grid()
    rng = np.random.default_rng(1)
    light, hard, none = (
        draw_lost_contact(rng, x, y, check_severities({degradation: 1}))
        for degradation in (Degradation.LIGHT_PRESSURE, Degradation.HARD_PRESSURE, Degradation.DRY)
    )
    assert light.min() == light.max() > 0
    assert hard.min() == hard.max() < 0
    assert not none.any()


def test_a_partial_touch_loses_one_side_along_a_straight_line() -> None:
    x, y = grid()
    for seed in range(6):
        lost = draw_lost_contact(
            np.random.default_rng(seed), x, y, check_severities({Degradation.PARTIAL: 1})
        )
        gone = lost > 1
        assert 0.3 < gone.mean() < 0.8
        away = np.array([x[gone].mean(), y[gone].mean()])
        assert np.dot(away, [x[~gone].mean(), y[~gone].mean()]) < 0
