"""Ridge periods of a picture, block by block, by Fourier transform: one measure for made and real prints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK_PX = 64
STEP_PX = 32
PADDED = 256
PERIODS_PX = (4.0, 18.0)
"""Periods that count as ridges, at 500 ppi."""

LEAST_SHARE = 0.35
"""Part of a block's power in this band that must lie around its peak: less is no ridge pattern."""

AROUND = 3
"""Half side of the neighbourhood of the peak, in samples of the padded spectrum."""


def ridge_periods(pixels: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float64]:
    """Period of the strongest wave of every block that shows ridges.

    Args:
        pixels: Grey values at 500 ppi. Shape (rows, columns).

    Returns:
        Periods in pixels; empty where no block shows ridges. Shape (N,), float64.
    """
    window = np.hanning(BLOCK_PX)[:, None] * np.hanning(BLOCK_PX)[None]
    frequency = np.hypot(np.fft.fftfreq(PADDED)[:, None], np.fft.rfftfreq(PADDED)[None])
    band = (frequency > 1 / PERIODS_PX[1]) & (frequency < 1 / PERIODS_PX[0])
    found: list[float] = []
    for top in range(0, pixels.shape[0] - BLOCK_PX + 1, STEP_PX):
        for left in range(0, pixels.shape[1] - BLOCK_PX + 1, STEP_PX):
            block = pixels[top : top + BLOCK_PX, left : left + BLOCK_PX].astype(np.float64)
            power = np.abs(np.fft.rfft2((block - block.mean()) * window, (PADDED, PADDED))) ** 2 * band
            row, column = divmod(int(power.argmax()), power.shape[1])
            rows = np.arange(row - AROUND, row + AROUND + 1) % PADDED
            columns = slice(max(0, column - AROUND), column + AROUND + 1)
            near = power[rows, columns]
            if block.std() > 8 and near.sum() > LEAST_SHARE * power.sum():
                found.append(float(near.sum() / (near * frequency[rows, columns]).sum()))
    return np.array(found, np.float64)


def spread(values: NDArray[np.float64]) -> dict[str, float]:
    """5 %, 50 % and 95 % quantile and their number."""
    if not len(values):
        return {"count": 0}
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return {"p5": float(low), "median": float(middle), "p95": float(high), "count": len(values)}
