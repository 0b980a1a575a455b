"""The relief of an iris in polar coordinates: furrows at several scales, the collarette, crypts, rings.

Reference: Daugman, How iris recognition works, IEEE TCSVT 14(1), 2004, section I (what an iris is made of).
"""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.raster import Raster, opencv

ROWS, COLUMNS = 64, 512
"""Places from pupil to limbus, and around."""

SCALES = ((18.0, 40.0, 0.9), (8.0, 14.0, 1.0), (5.0, 6.0, 0.7), (28.0, 10.0, 0.8), (3.5, 24.0, 0.45))
"""Layers of noise: columns and rows from knot to knot, and how strong they are."""


def draw_texture(rng: np.random.Generator) -> Raster:
    """Draw the relief of one iris.

    Args:
        rng: Source of randomness; it decides who the eye is.

    Returns:
        Heights of about unit deviation, the last column beside the first. Shape (`ROWS`, `COLUMNS`).
    """
    relief = np.zeros((ROWS, COLUMNS), np.float32)
    for columns, rows, weight in SCALES:
        relief += np.float32(weight * rng.uniform(0.6, 1.4)) * _closed_noise(rng, columns, rows)
    collarette = _collarette(rng)
    height = (np.arange(ROWS, dtype=np.float32)[:, None] + 0.5) / ROWS
    relief += np.float32(rng.uniform(0, 2.5)) * np.exp(-(((height - collarette) / np.float32(0.07)) ** 2))
    relief += np.float32(rng.uniform(-1, 1)) * (height < collarette)
    relief -= _crypts(rng, collarette)
    return relief / max(float(relief.std()), 1e-6)


def _closed_noise(rng: np.random.Generator, columns: float, rows: float) -> Raster:
    """Smooth noise that closes around the eye."""
    knots = max(4, round(COLUMNS / columns))
    values = rng.standard_normal((max(2, round(ROWS / rows) + 1), knots), dtype=np.float32)
    closed = np.concatenate([values[:, -2:], values, values[:, :2]], axis=1)
    margin = 2 * COLUMNS // knots
    wide = opencv().resize(closed, (COLUMNS + 4 * COLUMNS // knots, ROWS), interpolation=opencv().INTER_CUBIC)
    answer: Raster = wide[:, margin : margin + COLUMNS]
    return answer


def _collarette(rng: np.random.Generator) -> Raster:
    """Height of the ring where the inner part of the iris ends, angle by angle. Shape (`COLUMNS`,)."""
    angle = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False, dtype=np.float32)
    ring = np.full(COLUMNS, rng.uniform(0.2, 0.42), np.float32)
    for waves in (1, 2, 3, 5, 8, 13):
        ring += np.float32(rng.normal() * 0.035 / waves**0.5) * np.cos(waves * angle + rng.uniform(0, 6.3))
    return ring


def _crypts(rng: np.random.Generator, collarette: Raster) -> Raster:
    """Dark pits, most of them just outside the collarette. Shape (`ROWS`, `COLUMNS`)."""
    pits = np.zeros((ROWS, COLUMNS + 64), np.float32)
    for _ in range(int(rng.integers(0, 22))):
        column = int(rng.integers(COLUMNS))
        row = (float(collarette[column]) + abs(rng.normal()) * 0.2) * ROWS
        axes = (int(rng.uniform(3, 12)), int(rng.uniform(2, 7)))
        opencv().ellipse(pits, (column + 32, int(row)), axes, 0, 0, 360, rng.uniform(0.5, 2.0), -1)
    pits[:, 32:64] += pits[:, -32:]
    pits[:, -64:-32] += pits[:, :32]
    softened: Raster = opencv().GaussianBlur(pits, (0, 0), 1.5)[:, 32:-32]
    return softened
