"""Prints made of waves, so that every measure has one right answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from biocapil.sample import CapturedSample

Make = Callable[..., CapturedSample]
SHAPE = (384, 320)


def waves(*, period_px: float = 9.0, angle_rad: float = 0.4, ridge_share: float = 0.5) -> NDArray[np.float64]:
    """Grey values of straight ridges, 60 on ridges to 200 in valleys."""
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    phase = 2 * np.pi * (x * np.sin(angle_rad) + y * np.cos(angle_rad)) / period_px
    height = np.cos(phase) - np.cos(np.pi * ridge_share)
    return 130 - 70 * np.tanh(3 * height)


def disc(*, x_px: float = 160.0, y_px: float = 192.0, radius_px: float = 120.0) -> NDArray[np.bool_]:
    """Where a finger touches."""
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    return np.hypot(x - x_px, y - y_px) < radius_px


def as_sample(grey: NDArray[np.float64], *, resolution_ppi: float = 500.0) -> CapturedSample:
    return CapturedSample(
        pixels=np.clip(np.round(grey), 0, 255).astype(np.uint8), resolution_ppi=resolution_ppi
    )


@pytest.fixture
def make_print() -> Make:
    """Make a round print of straight ridges on light ground with a little noise."""

    def make(*, ground: float = 215.0, noise: float = 1.0, **details: float) -> CapturedSample:
        of_waves = {
            name: details.pop(name) for name in list(details) if name not in {"x_px", "y_px", "radius_px"}
        }
        grey = np.where(disc(**details), waves(**of_waves), ground)
        return as_sample(grey + np.random.default_rng(5).normal(0, noise, SHAPE))

    return make
