"""Ridge growth: white noise filtered again and again along the orientation field becomes ridges.

Every place has its own Gabor filter, by orientation and period. The filters of all places are sums of
few common ones (a singular value decomposition finds them), so one step is some twenty ordinary
convolutions weighted place by place. The grid is chosen so that a ridge period spans about
`CELLS_PER_PERIOD` cells, whatever the finger's period: the same filters serve all fingers.

Reference: Cappelli, Maio, Maltoni, Synthetic fingerprint-database generation, ICPR 2002.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.noise import white_noise
from biocapil.synthesis.raster import Raster, blur, convolve

CELLS_PER_PERIOD = 4.2
PERIODS_CELLS = np.linspace(2.6, 5.2, 7)
"""Filter periods of the family; the ridges come out `GROWTH_WIDENS` times as wide."""

GROWTH_WIDENS = 1.1
"""Ridge period that grows, over the period of the filters: mean over fingers, by Fourier transform."""

ORIENTATIONS = 32
KERNEL_RADIUS = 5
ENVELOPE_ACROSS = 0.54
ENVELOPE_ALONG = 0.69
"""Standard deviations of the Gabor envelope, in ridge periods."""

KEPT_ENERGY = 0.985
STEPS = 11
GAIN = 1.5
"""Slope of the squashing function at zero, in standard deviations of the filtered field."""


@dataclass(frozen=True, slots=True, eq=False)
class FilterFamily:
    """Gabor filters of all orientations and periods as sums of few common kernels.

    Attributes:
        kernels: Common kernels. Shape (K, 2·radius + 1, 2·radius + 1), float32.
        weights: Weight of each common kernel. Shape (ORIENTATIONS, periods, K), float32.
    """

    kernels: NDArray[np.float32]
    weights: NDArray[np.float32]


def grow_ridges(rng: np.random.Generator, orientation_rad: Raster, period_cells: Raster) -> Raster:
    """Grow ridges along an orientation field.

    Args:
        rng: Source of randomness; another seed gives other minutiae in the same flow.
        orientation_rad: Ridge orientation. Shape (rows, columns).
        period_cells: Ridge period in grid cells, clipped to the family's range. Same shape.

    Returns:
        Filtered field before squashing, about unit deviation, positive on ridges. Same shape, float32.
    """
    family = filter_family()
    weights = _weights_by_place(family, orientation_rad, period_cells)
    field = white_noise(rng, (orientation_rad.shape[0], orientation_rad.shape[1]))
    field = blur(field, float(rng.uniform(0.5, 2.5)))
    for step in range(STEPS):
        if step:
            field = np.tanh(field * np.float32(GAIN))
        field = _filter(family, weights, field)
        field /= field.std() + np.float32(1e-6)
    return field


@cache
def filter_family() -> FilterFamily:
    """The common kernels; made once a process."""
    gabors = np.stack(
        [
            _gabor(np.pi * turn / ORIENTATIONS, period).ravel()
            for turn in range(ORIENTATIONS)
            for period in PERIODS_CELLS
        ]
    )
    left, energy, right = np.linalg.svd(gabors, full_matrices=False)
    share = np.cumsum(energy**2) / np.sum(energy**2)
    rank = int(np.searchsorted(share, KEPT_ENERGY)) + 1
    side = 2 * KERNEL_RADIUS + 1
    return FilterFamily(
        kernels=right[:rank].reshape(rank, side, side).astype(np.float32),
        weights=(left[:, :rank] * energy[:rank])
        .reshape(ORIENTATIONS, len(PERIODS_CELLS), rank)
        .astype(np.float32),
    )


def _gabor(orientation_rad: float, period_cells: float) -> NDArray[np.float64]:
    """Even Gabor kernel of zero mean and unit energy for ridges along `orientation_rad`."""
    reach = np.arange(-KERNEL_RADIUS, KERNEL_RADIUS + 1, dtype=np.float64)
    y, x = np.meshgrid(reach, reach, indexing="ij")
    across = x * np.sin(orientation_rad) + y * np.cos(orientation_rad)
    along = x * np.cos(orientation_rad) - y * np.sin(orientation_rad)
    envelope = np.exp(
        -0.5 * (across / (ENVELOPE_ACROSS * period_cells)) ** 2
        - 0.5 * (along / (ENVELOPE_ALONG * period_cells)) ** 2
    )
    kernel = envelope * np.cos(2 * np.pi * across / period_cells)
    kernel -= envelope * (kernel.sum() / envelope.sum())
    unit: NDArray[np.float64] = kernel / np.sqrt(np.sum(kernel**2))
    return unit


def _weights_by_place(
    family: FilterFamily, orientation_rad: Raster, period_cells: Raster
) -> NDArray[np.float32]:
    """Bilinear weights of the common kernels at each place. Shape (K, rows, columns)."""
    turns = np.mod(orientation_rad, np.pi) / np.pi * ORIENTATIONS
    turn = np.floor(turns).astype(np.intp)
    turn_part = (turns - turn).astype(np.float32)[..., None]
    first, step = PERIODS_CELLS[0], PERIODS_CELLS[1] - PERIODS_CELLS[0]
    sizes = np.clip((period_cells / GROWTH_WIDENS - first) / step, 0, len(PERIODS_CELLS) - 1.001)
    size = np.floor(sizes).astype(np.intp)
    size_part = (sizes - size).astype(np.float32)[..., None]
    here, there = turn % ORIENTATIONS, (turn + 1) % ORIENTATIONS
    table = family.weights
    small = (1 - turn_part) * table[here, size] + turn_part * table[there, size]
    large = (1 - turn_part) * table[here, size + 1] + turn_part * table[there, size + 1]
    return np.ascontiguousarray(np.moveaxis((1 - size_part) * small + size_part * large, 2, 0))


def _filter(family: FilterFamily, weights: NDArray[np.float32], field: Raster) -> Raster:
    filtered = np.zeros_like(field)
    for kernel, weight in zip(family.kernels, weights, strict=True):
        filtered += weight * convolve(field, kernel)
    return filtered
