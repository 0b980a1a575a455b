import numpy as np
import pytest

from biocapil.synthesis.period import FINGER_PERIOD_PX, draw_finger_period, draw_period_map


def test_finger_periods_fill_their_range_evenly() -> None:
    rng = np.random.default_rng(1)
    periods = np.array([draw_finger_period(rng) for _ in range(2000)])
    low, high = FINGER_PERIOD_PX
    assert low <= periods.min() < low + 0.05
    assert high - 0.05 < periods.max() <= high
    assert np.median(periods) == pytest.approx((low + high) / 2, abs=0.15)


def test_ridges_are_not_finer_towards_the_palm_than_at_the_tip() -> None:
    rng = np.random.default_rng(2)
    maps = [draw_period_map(rng, 9.0, (280, 220), cell_px=2) for _ in range(20)]
    tip, palm = (np.mean([field[rows].mean() for field in maps]) for rows in (slice(0, 40), slice(240, 280)))
    assert tip < 9.0 < palm


def test_the_map_stays_near_the_fingers_period() -> None:
    field = draw_period_map(np.random.default_rng(3), 8.0, (280, 220), cell_px=2)
    assert field.dtype == np.float32
    assert 0.75 * 8 < field.min() < field.max() < 1.45 * 8
