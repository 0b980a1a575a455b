"""Movement: a finger that slid shows its ridges twice, and the second print is an echo of the first.

The cepstrum (the transform of the logarithm of the power spectrum) has a peak where an echo lies, and is
nearly free of what ridges themselves repeat.

Reference: Bogert, Healy, Tukey, "The quefrency alanysis of time series for echoes", 1963.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from biocapil.quality.finger.picture import CELL_PX, Picture
from biocapil.quality.opencv import Mask, Raster

SIDE_PX = 96
STEP_PX = 48
COVERED = 0.75
MOST_WINDOWS = 14
"""Windows enough for a smooth mean; of more only every second, third ... is taken."""

REACH_PX = (3.5, 18.0)
"""Distances at which an echo is looked for."""

FLOOR = 30.0
"""Power below which the spectrum is noise of the sensor."""

NAMES = ("echo", "echo_distance_px", "dip", "streak")


def echo_measures(picture: Picture, foreground: Mask) -> dict[str, float]:
    """Peak and dip of the print's cepstrum, against the ring of the same distance.

    Returns:
        Height of the peak in deviations of its ring, its distance, depth of the deepest dip, and how far
        the cepstrum near the middle has one direction, 0 to 1, as of a print wiped in one direction.
    """
    log_power = _mean_log_power(picture, foreground)
    if log_power is None:
        return dict.fromkeys(NAMES, 0.0)
    cepstrum = np.fft.irfft2(log_power, s=(SIDE_PX, SIDE_PX)).astype(np.float32)
    rings, reach, unit = _plane()
    counts = np.bincount(rings)
    mean = np.bincount(rings, cepstrum.ravel()) / counts
    residue = cepstrum.ravel() - mean[rings]
    deviation = float(residue[reach].std()) + 1e-9
    inside = residue[reach] / deviation
    near = (rings >= 2) & (rings <= 7)
    direction = np.abs((residue[near] * unit[near]).sum()) / (np.abs(residue[near]).sum() + 1e-9)
    return {
        "echo": float(inside.max()),
        "echo_distance_px": float(rings[reach][inside.argmax()]),
        "dip": float(-inside.min()),
        "streak": float(direction),
    }


def _mean_log_power(picture: Picture, foreground: Mask) -> Raster | None:
    """Mean over the windows on the print of the logarithm of the power spectrum; None without a window."""
    side, step = SIDE_PX // CELL_PX, STEP_PX // CELL_PX
    taper = np.hanning(SIDE_PX + 2)[1:-1].astype(np.float32)
    taper = np.outer(taper, taper)
    covered = sliding_window_view(foreground, (side, side))[::step, ::step].mean(axis=(2, 3))
    rows, columns = np.nonzero(covered > COVERED)
    if not len(rows):
        return None
    thinned = slice(None, None, 1 + len(rows) // MOST_WINDOWS)
    views = sliding_window_view(picture.ridges, (SIDE_PX, SIDE_PX))[::STEP_PX, ::STEP_PX]
    power = np.abs(np.fft.rfft2(views[rows[thinned], columns[thinned]] * taper)) ** 2
    found: Raster = np.log(power + np.float32(FLOOR) * SIDE_PX).mean(axis=0)
    return found


@cache
def _plane() -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.complex64]]:
    """For each place of the cepstrum: its whole distance, whether it is in reach, its doubled direction."""
    lags = np.fft.fftfreq(SIDE_PX, 1 / SIDE_PX)
    y, x = np.meshgrid(lags, lags, indexing="ij")
    distance = np.hypot(x, y).ravel()
    unit = np.exp(2j * np.arctan2(y, x)).ravel().astype(np.complex64)
    return np.round(distance).astype(np.intp), (distance >= REACH_PX[0]) & (distance <= REACH_PX[1]), unit
