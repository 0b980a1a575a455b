"""The measures that synthetic prints are judged by say what they are meant to say."""

from __future__ import annotations

import numpy as np
import pytest

from ridge_period import ridge_periods, spread
from score_distance import equal_error_rate, largest_difference


@pytest.mark.parametrize("period_px", [6.0, 8.5, 12.0])
@pytest.mark.parametrize("angle_rad", [0.0, 0.6, np.pi / 2, 2.5])
def test_stripes_have_their_period_at_any_angle(period_px: float, angle_rad: float) -> None:
    y, x = np.mgrid[0:192, 0:192]
    wave = np.cos(2 * np.pi / period_px * (x * np.cos(angle_rad) + y * np.sin(angle_rad)))
    periods = ridge_periods((128 + 100 * wave).astype(np.uint8))
    assert len(periods) == 25
    assert periods == pytest.approx(period_px, rel=0.03)


def test_noise_and_empty_paper_have_no_ridges() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (192, 192)).astype(np.uint8)
    assert len(ridge_periods(noise)) == 0
    assert len(ridge_periods(np.full((192, 192), 200, np.uint8))) == 0


def test_a_spread_names_its_quantiles() -> None:
    assert spread(np.arange(101.0)) == {"p5": 5, "median": 50, "p95": 95, "count": 101}
    assert spread(np.empty(0)) == {"count": 0}


def test_distributions_apart_differ_by_one_and_equal_ones_by_nothing() -> None:
    low, high = np.arange(50, dtype=np.float32), np.arange(100, 150, dtype=np.float32)
    assert largest_difference(low, high) == 1
    assert largest_difference(low, low) == 0
    assert largest_difference(low, np.arange(25, 75, dtype=np.float32)) == pytest.approx(0.5)


def test_the_equal_error_rate_counts_what_lies_on_the_wrong_side() -> None:
    nonmated = np.arange(100, dtype=np.float32)
    assert equal_error_rate(nonmated + 200, nonmated) == 0
    assert equal_error_rate(nonmated + 90, nonmated) == pytest.approx(0.05, abs=0.011)
    assert equal_error_rate(nonmated, nonmated) == pytest.approx(0.5, abs=0.02)
