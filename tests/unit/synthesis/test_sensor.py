from collections import Counter

import numpy as np
import pytest

from biocapil.synthesis.sensor import PROFILES, SensorStyle, draw_style, render
from biocapil.synthesis.skin import Contact

SHAPE = (120, 120)


def scene() -> tuple[np.ndarray, Contact]:
    """Level ridges inside a disc."""
    rows, columns = np.mgrid[0:120, 0:120]
    ridge = (np.sin(rows * 0.7) > 0).astype(np.float32)
    depth = (np.hypot(rows - 60, columns - 60) < 45).astype(np.float32)
    grain = np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32)
    return ridge, Contact(depth=depth, touch=depth, grain=grain)


def test_every_style_has_a_profile_and_shares_sum_to_one() -> None:
    assert set(PROFILES) == set(SensorStyle)
    assert sum(profile.share for profile in PROFILES.values()) == pytest.approx(1)


def test_styles_come_at_their_shares() -> None:
    rng = np.random.default_rng(1)
    counts = Counter(draw_style(rng) for _ in range(3000))
    for style, profile in PROFILES.items():
        assert counts[style] / 3000 == pytest.approx(profile.share, abs=0.04)


@pytest.mark.parametrize("style", list(SensorStyle))
def test_ridges_are_darker_than_valleys_in_every_style(style: SensorStyle) -> None:
    ridge, contact = scene()
    inside = contact.depth > 0
    for seed in range(6):
        picture = render(np.random.default_rng(seed), style, ridge, contact)
        assert picture.shape == SHAPE
        assert picture.dtype == np.float32
        assert picture[inside & (ridge == 1)].mean() < picture[inside & (ridge == 0)].mean() - 20


@pytest.mark.parametrize("style", list(SensorStyle))
def test_the_ground_has_little_contrast_in_every_style(style: SensorStyle) -> None:
    ridge, contact = scene()
    corner = (slice(0, 15), slice(0, 15))
    for seed in range(6):
        picture = render(np.random.default_rng(seed), style, ridge, contact)
        assert picture[corner].std() < 30


def test_a_white_sensor_is_white_and_a_sweep_sensor_dark_where_nothing_touches() -> None:
    ridge, contact = scene()
    white, sweep = (
        np.mean([render(np.random.default_rng(seed), style, ridge, contact)[:5].mean() for seed in range(8)])
        for style in (SensorStyle.OPTICAL_WHITE, SensorStyle.THERMAL_SWEEP)
    )
    assert white > 235
    assert sweep < 140
