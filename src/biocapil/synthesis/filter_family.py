"""Gabor filters of all orientations and periods as sums of few common kernels.

Every place of a finger has a filter of its own, by orientation and period. A singular value decomposition
finds few kernels of which all filters are sums, so filtering a field is some twenty ordinary convolutions,
weighted place by place. Ridges are grown with them, and their phase is read with them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.raster import Raster, convolve

PERIODS_CELLS = np.linspace(2.6, 5.2, 7)
"""Filter periods of a family; the ridges come out `GROWTH_WIDENS` times as wide."""

GROWTH_WIDENS = 1.1
"""Ridge period that grows, over the period of the filters: mean over fingers, by Fourier transform."""

ORIENTATIONS = 32
KERNEL_RADIUS = 5


@dataclass(frozen=True, slots=True, eq=False)
class FilterFamily:
    """Common kernels, and how much of each every filter holds.

    Attributes:
        kernels: Common kernels. Shape (K, 2·radius + 1, 2·radius + 1), float32.
        weights: Weight of each common kernel; the last turn is the first after half a turn. Shape
            (ORIENTATIONS + 1, periods, K), float32.
    """

    kernels: NDArray[np.float32]
    weights: NDArray[np.float32]

    def weights_by_place(self, orientation_rad: Raster, period_cells: Raster) -> NDArray[np.float32]:
        """Bilinear weights of the common kernels at each place.

        Args:
            orientation_rad: Ridge orientation. Shape (rows, columns).
            period_cells: Ridge period in grid cells, clipped to the family's range. Same shape.

        Returns:
            Shape (K, rows, columns), float32.
        """
        turns = np.mod(orientation_rad, np.pi) / np.pi * ORIENTATIONS
        turn = np.minimum(np.floor(turns).astype(np.intp), ORIENTATIONS - 1)
        turn_part = (turns - turn).astype(np.float32)[..., None]
        first, step = PERIODS_CELLS[0], PERIODS_CELLS[1] - PERIODS_CELLS[0]
        sizes = np.clip((period_cells / GROWTH_WIDENS - first) / step, 0, len(PERIODS_CELLS) - 1.001)
        size = np.floor(sizes).astype(np.intp)
        size_part = (sizes - size).astype(np.float32)[..., None]
        table = self.weights
        small = (1 - turn_part) * table[turn, size] + turn_part * table[turn + 1, size]
        large = (1 - turn_part) * table[turn, size + 1] + turn_part * table[turn + 1, size + 1]
        return np.ascontiguousarray(np.moveaxis((1 - size_part) * small + size_part * large, 2, 0))

    def filtered(self, field: Raster, weights: NDArray[np.float32]) -> Raster:
        """A field, each place by its own filter; weights as from `weights_by_place`."""
        total = np.zeros_like(field)
        for kernel, weight in zip(self.kernels, weights, strict=True):
            total += weight * convolve(field, kernel)
        return total


def compress_filters(
    filters: NDArray[np.float64], *, kept_energy: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Common kernels of many filters, and the weights that rebuild those.

    Args:
        filters: Shape (turns, sizes, side²).
        kept_energy: Share of their energy that the common kernels hold, below 1.

    Returns:
        Kernels, shape (K, side, side), and weights, shape (turns, sizes, K).
    """
    left, energy, right = np.linalg.svd(filters.reshape(-1, filters.shape[-1]), full_matrices=False)
    rank = int(np.searchsorted(np.cumsum(energy**2) / np.sum(energy**2), kept_energy)) + 1
    side = 2 * KERNEL_RADIUS + 1
    weights = (left[:, :rank] * energy[:rank]).reshape(*filters.shape[:2], rank)
    return right[:rank].reshape(rank, side, side).astype(np.float32), weights.astype(np.float32)


def gabor_pair(
    orientation_rad: float, period_cells: float, *, across: float, along: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Even and odd Gabor kernel for ridges along an orientation: unit energy, the even one of zero mean.

    Args:
        orientation_rad: Ridge orientation, counter-clockwise from the x axis.
        period_cells: Ridge period in grid cells.
        across: Standard deviation of the envelope across the ridges, in periods.
        along: The same along them.

    Returns:
        Shape (2·radius + 1, 2·radius + 1) each.
    """
    reach = np.arange(-KERNEL_RADIUS, KERNEL_RADIUS + 1, dtype=np.float64)
    y, x = np.meshgrid(reach, reach, indexing="ij")
    off = x * np.sin(orientation_rad) + y * np.cos(orientation_rad)
    onward = x * np.cos(orientation_rad) - y * np.sin(orientation_rad)
    envelope = np.exp(
        -0.5 * (off / (across * period_cells)) ** 2 - 0.5 * (onward / (along * period_cells)) ** 2
    )
    even = envelope * np.cos(2 * np.pi * off / period_cells)
    even -= envelope * (even.sum() / envelope.sum())
    odd = envelope * np.sin(2 * np.pi * off / period_cells)
    return even / np.sqrt(np.sum(even**2)), odd / np.sqrt(np.sum(odd**2))
