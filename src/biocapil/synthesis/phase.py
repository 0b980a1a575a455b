"""Ridge phase: where in the wave of ridge and valley every place of a master lies.

A pair of Gabor filters, even and odd, turned and sized place by place as the ridges themselves were grown,
gives a complex number whose angle is the phase and whose size says how wave-like the place is. As in ridge
growth, the filters of all places are sums of few common kernels.

Reference: Larkin, Fletcher, A coherent framework for fingerprint analysis: are fingerprints holograms?,
Optics Express 15 (2007), section 2.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.raster import Raster, convolve
from biocapil.synthesis.ridges import GROWTH_WIDENS, KERNEL_RADIUS, ORIENTATIONS, PERIODS_CELLS

ENVELOPE_ACROSS = 0.54
ENVELOPE_ALONG = 0.6
"""Standard deviations of the envelope in ridge periods: short along the ridge, so that its end shows."""
KEPT_ENERGY = 0.99

Complex = NDArray[np.complex64]


def ridge_phase(ridges: Raster, orientation_rad: Raster, period_cells: Raster) -> Complex:
    """Phase and strength of the ridge wave.

    Args:
        ridges: Ridge field, positive on ridges. Shape (rows, columns).
        orientation_rad: Ridge orientation, counter-clockwise from the x axis. Same shape.
        period_cells: Ridge period in grid cells. Same shape.

    Returns:
        The wave; its angle grows along (sin, cos) of the orientation taken in [0, π), x to the right and
        y down, and is 0 in the middle of a ridge. Same shape.
    """
    turns = np.mod(orientation_rad, np.pi) / np.pi * ORIENTATIONS
    turn = np.minimum(np.floor(turns).astype(np.intp), ORIENTATIONS - 1)
    first, step = PERIODS_CELLS[0], PERIODS_CELLS[1] - PERIODS_CELLS[0]
    sizes = np.clip((period_cells / GROWTH_WIDENS - first) / step, 0, len(PERIODS_CELLS) - 1.001)
    places = _Places(
        turn=turn,
        turn_part=(turns - turn).astype(np.float32)[..., None],
        size=np.floor(sizes).astype(np.intp),
        size_part=(sizes - np.floor(sizes)).astype(np.float32)[..., None],
    )
    even, odd = (_filtered(ridges, *family, places) for family in _families())
    return (even - 1j * odd).astype(np.complex64)


class _Places:
    """Between which filters of the family each place lies."""

    def __init__(
        self, *, turn: NDArray[np.intp], turn_part: NDArray[np.float32],
        size: NDArray[np.intp], size_part: NDArray[np.float32],
    ) -> None:  # fmt: skip
        self.turn, self.turn_part, self.size, self.size_part = turn, turn_part, size, size_part

    def weights(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """Bilinear weights. Table of shape (turns + 1, sizes, K) to (rows, columns, K)."""
        small, large = (
            (1 - self.turn_part) * table[self.turn, size] + self.turn_part * table[self.turn + 1, size]
            for size in (self.size, self.size + 1)
        )
        return ((1 - self.size_part) * small + self.size_part * large).astype(np.float32)


def _filtered(
    ridges: Raster, kernels: NDArray[np.float32], table: NDArray[np.float32], places: _Places
) -> Raster:
    weights = places.weights(table)
    total = np.zeros_like(ridges)
    for number, kernel in enumerate(kernels):
        total += weights[..., number] * convolve(ridges, kernel)
    return total


@cache
def _families() -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]:
    """Common kernels and their weights, for the even filters and for the odd ones; made once a process.

    The last turn of each table is the first one after half a turn, where odd filters change their sign.
    """
    turns = [np.pi * turn / ORIENTATIONS for turn in range(ORIENTATIONS + 1)]
    pairs = [[_pair(turn, period * GROWTH_WIDENS) for period in PERIODS_CELLS] for turn in turns]
    return tuple(_compressed(np.array([[pair[part] for pair in row] for row in pairs])) for part in (0, 1))


def _compressed(filters: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Filters of shape (turns, sizes, side²) as K kernels and weights of shape (turns, sizes, K)."""
    flat = filters.reshape(-1, filters.shape[-1])
    left, energy, right = np.linalg.svd(flat, full_matrices=False)
    rank = int(np.searchsorted(np.cumsum(energy**2) / np.sum(energy**2), KEPT_ENERGY)) + 1
    side = 2 * KERNEL_RADIUS + 1
    weights = (left[:, :rank] * energy[:rank]).reshape(*filters.shape[:2], rank)
    return right[:rank].reshape(rank, side, side).astype(np.float32), weights.astype(np.float32)


def _pair(orientation_rad: float, period_cells: float) -> NDArray[np.float64]:
    """Even and odd Gabor kernel, each of unit energy, the even one of zero mean. Shape (2, side²)."""
    reach = np.arange(-KERNEL_RADIUS, KERNEL_RADIUS + 1, dtype=np.float64)
    y, x = np.meshgrid(reach, reach, indexing="ij")
    across = x * np.sin(orientation_rad) + y * np.cos(orientation_rad)
    along = x * np.cos(orientation_rad) - y * np.sin(orientation_rad)
    envelope = np.exp(
        -0.5 * (across / (ENVELOPE_ACROSS * period_cells)) ** 2
        - 0.5 * (along / (ENVELOPE_ALONG * period_cells)) ** 2
    )
    even = envelope * np.cos(2 * np.pi * across / period_cells)
    even -= envelope * (even.sum() / envelope.sum())
    odd = envelope * np.sin(2 * np.pi * across / period_cells)
    return np.stack([kernel.ravel() / np.sqrt(np.sum(kernel**2)) for kernel in (even, odd)])
