import numpy as np
import pytest

from biocapil.synthesis.filter_family import ORIENTATIONS, PERIODS_CELLS, gabor_pair
from biocapil.synthesis.ridges import (
    CELLS_PER_PERIOD,
    ENVELOPE_ACROSS,
    ENVELOPE_ALONG,
    KEPT_ENERGY,
    filter_family,
    grow_ridges,
)

GRID = (96, 96)


def gabor(orientation_rad: float, period_cells: float) -> np.ndarray:
    """Even kernel that ridges grow by."""
    return gabor_pair(orientation_rad, period_cells, across=ENVELOPE_ACROSS, along=ENVELOPE_ALONG)[0]


def grow(angle_rad: float, period_cells: float, seed: int = 1) -> np.ndarray:
    orientation = np.full(GRID, angle_rad, np.float32)
    return grow_ridges(np.random.default_rng(seed), orientation, np.full(GRID, period_cells, np.float32))


def dominant_wave(field: np.ndarray) -> tuple[float, float]:
    """Period in cells and ridge orientation of the strongest plane wave, by energy around it."""
    window = np.outer(np.hanning(GRID[0]), np.hanning(GRID[1]))
    energy = np.abs(np.fft.rfft2(field * window)) ** 2
    rows, columns = np.fft.fftfreq(GRID[0])[:, None], np.fft.rfftfreq(GRID[1])[None, :]
    radius, angle = np.hypot(rows, columns), np.arctan2(-rows, columns)
    turn = np.angle((energy * np.exp(2j * angle)).sum()) / 2 + np.pi / 2
    return float(energy.sum() / (energy * radius).sum()), float(turn % np.pi)


def test_common_kernels_rebuild_every_filter() -> None:
    family = filter_family()
    turn, size = 7, 3
    rebuilt = np.tensordot(family.weights[turn, size], family.kernels, 1)
    wanted = gabor(np.pi * turn / ORIENTATIONS, PERIODS_CELLS[size])
    assert np.sum((rebuilt - wanted) ** 2) < 5 * (1 - KEPT_ENERGY)


def test_filters_ignore_even_grey_and_have_unit_energy() -> None:
    kernel = gabor(0.7, 4.0)
    assert kernel.sum() == pytest.approx(0, abs=1e-9)
    assert np.sum(kernel**2) == pytest.approx(1)


@pytest.mark.parametrize("angle", [0.0, 0.4, 1.2, np.pi / 2, 2.5])
def test_ridges_run_along_the_orientation(angle: float) -> None:
    _, found = dominant_wave(grow(angle, CELLS_PER_PERIOD))
    assert abs((found - angle + np.pi / 2) % np.pi - np.pi / 2) < 0.08


@pytest.mark.parametrize("period", [3.6, 4.2, 5.0])
def test_ridges_have_the_wanted_period(period: float) -> None:
    found, _ = dominant_wave(grow(0.3, period))
    assert found == pytest.approx(period, rel=0.12)


def test_another_seed_grows_other_ridges_in_the_same_flow() -> None:
    first, second = grow(0.5, 4.2, seed=1), grow(0.5, 4.2, seed=2)
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.3
