import numpy as np
import pytest

from biocapil.synthesis.phase import ridge_phase

SHAPE = (60, 70)


def plane_wave(orientation: float, period: float, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Ridges of one orientation and period, and the phase of every place."""
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float32)
    phase = 2 * np.pi * (x * np.sin(orientation) + y * np.cos(orientation)) / period + shift
    return np.cos(phase).astype(np.float32), phase


@pytest.mark.parametrize("orientation", [0.0, 0.4, np.pi / 2, 2.2, 3.1])
@pytest.mark.parametrize("period", [3.3, 4.2, 5.4])
def test_the_phase_of_a_plane_wave_is_its_phase(orientation: float, period: float) -> None:
    ridges, phase = plane_wave(orientation, period, shift=0.7)
    turned = np.full(SHAPE, orientation, np.float32)
    wave = ridge_phase(ridges, turned, np.full(SHAPE, period, np.float32))
    middle = (slice(8, -8), slice(8, -8))
    off = np.angle(wave[middle] * np.exp(-1j * phase[middle]))
    assert np.abs(off).max() < 0.25
    assert np.abs(wave[middle]).min() > 0.5 * np.abs(wave[middle]).max()


def test_an_orientation_and_its_opposite_are_the_same() -> None:
    ridges, _ = plane_wave(0.4, 4.2, shift=0)
    period = np.full(SHAPE, 4.2, np.float32)
    one = ridge_phase(ridges, np.full(SHAPE, 0.4, np.float32), period)
    other = ridge_phase(ridges, np.full(SHAPE, 0.4 - np.pi, np.float32), period)
    assert np.allclose(one, other, atol=1e-3)
