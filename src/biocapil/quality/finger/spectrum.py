"""Ridges as waves: how periodic each place is, at which period, and how much runs across the main waves.

Windows of 32 × 32 px, half a window apart, those that lie mostly on the print.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from biocapil.quality.finger.picture import CELL_PX, Picture
from biocapil.quality.opencv import Mask, Raster

SIDE_PX = 32
STEP_PX = 16
MOST_WINDOWS = 160
"""More windows of one print say nothing new; then every second, third ... is taken."""

RING = (1 / 20.0, 1 / 3.6)
"""Frequencies of ridges, cycles a pixel: from the widest to the finest at 500 ppi."""

ALONG = np.cos(np.radians(25.0))
"""Waves within 25° of the strongest belong to it."""

NAMES = (
    "period_px", "period_spread", "wave_share_weak", "wave_share", "crossing", "crossing_strong",
    "harmonic", "fine_share", "periodic_share", "second_wave", "second_wave_strong", "second_peak",
)  # fmt: skip


def spectrum_measures(picture: Picture, foreground: Mask) -> dict[str, float]:
    """Figures of the windows' power spectra.

    Returns:
        Median ridge period and its relative spread; the share of the power that the strongest wave and its
        neighbours hold (10th percentile and median); the share of the ring's power that runs across it
        (median and 90th percentile); power of the second harmonic; power finer than ridges; the share of
        windows with a clear wave; and the strongest wave across it, in parts of the strongest one (median
        and 90th percentile) and of what else runs across.
    """
    windows = _windows(picture, foreground)
    if not len(windows):
        return dict.fromkeys(NAMES, 0.0)
    taper = np.hanning(SIDE_PX + 2)[1:-1].astype(np.float32)
    windows = (windows - windows.mean(axis=(1, 2), keepdims=True)) * np.outer(taper, taper)
    power = np.abs(np.fft.rfft2(windows)).astype(np.float32) ** 2
    power = power.reshape(len(windows), -1)
    total = power[:, _BEYOND_FLAT].sum(axis=1) + np.float32(1e-3)
    ring = power[:, _IN_RING]
    peak = ring.argmax(axis=1)
    aligned = np.abs(_UNIT[peak] @ _UNIT.T) > ALONG
    near = np.abs(_RADIUS[peak][:, None] - _RADIUS[None, :]) < 0.04
    ring_sum = ring.sum(axis=1) + np.float32(1e-3)
    wave = (ring * (aligned & near)).sum(axis=1)
    radius = (ring * (aligned & near) * _RADIUS).sum(axis=1) / (wave + np.float32(1e-3))
    share = wave / total
    crossing = (ring * ~aligned).sum(axis=1) / ring_sum
    period = 1 / np.maximum(radius, 0.02)
    low, middle, high = (float(value) for value in np.percentile(period, (20, 50, 80)))
    fine = power[:, _FINE].sum(axis=1) / total
    across = ring * ~aligned
    second_peak = across.max(axis=1) / (across.mean(axis=1) + np.float32(1e-3))
    second_wave = across.max(axis=1) / (ring.max(axis=1) + np.float32(1e-3))
    second = (ring * (aligned & (np.abs(_RADIUS[None, :] - 2 * radius[:, None]) < 0.035))).sum(axis=1)
    return {
        "period_px": middle,
        "period_spread": (high - low) / middle,
        "wave_share_weak": float(np.percentile(share, 10)),
        "wave_share": float(np.median(share)),
        "crossing": float(np.median(crossing)),
        "crossing_strong": float(np.percentile(crossing, 90)),
        "harmonic": float(np.median(second / (wave + np.float32(1e-3)))),
        "fine_share": float(np.median(fine)),
        "periodic_share": float((share > 0.45).mean()),
        "second_wave": float(np.median(second_wave)),
        "second_wave_strong": float(np.percentile(second_wave, 90)),
        "second_peak": float(np.median(second_peak)),
    }


def _windows(picture: Picture, foreground: Mask) -> Raster:
    """Windows that lie mostly on the print. Shape (N, 32, 32), float32."""
    step = STEP_PX // CELL_PX
    views = sliding_window_view(picture.grey, (SIDE_PX, SIDE_PX))[::STEP_PX, ::STEP_PX]
    covered = sliding_window_view(foreground, (SIDE_PX // CELL_PX, SIDE_PX // CELL_PX))[::step, ::step]
    rows, columns = np.nonzero(covered.mean(axis=(2, 3)) > 0.7)
    thinned = slice(None, None, 1 + len(rows) // MOST_WINDOWS)
    chosen: Raster = views[rows[thinned], columns[thinned]]
    return chosen


_ROW, _COLUMN = np.meshgrid(np.fft.fftfreq(SIDE_PX), np.fft.rfftfreq(SIDE_PX), indexing="ij")
_LENGTH = np.hypot(_ROW, _COLUMN).ravel().astype(np.float32)
_BEYOND_FLAT = _LENGTH > 1.2 / SIDE_PX
_IN_RING = (RING[0] <= _LENGTH) & (RING[1] >= _LENGTH)
_FINE = RING[1] < _LENGTH
_RADIUS = _LENGTH[_IN_RING]
_UNIT = (np.column_stack((_ROW.ravel(), _COLUMN.ravel()))[_IN_RING] / _RADIUS[:, None]).astype(np.float32)
