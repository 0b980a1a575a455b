"""Compact minutiae in plain numpy: the twin that `kernels.compact` is held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import GRID, LAYERS, MASK_WORD, POSE_WORD, WORDS

CORNER_BITS = 12
BITS = np.arange(GRID * GRID, dtype=np.uint64)
FIELDS = ((0, 14), (16, 14), (32, 18))
"""First bit and number of bits of x, of y, and of angle, quality and kind in a pose word."""


def corner_cells() -> NDArray[np.intp]:
    """Cells outside the circle of a cylinder, in rising order. Shape (12,)."""
    row, column = np.divmod(np.arange(GRID * GRID), GRID)
    half = (GRID - 1) / 2
    return np.flatnonzero((row - half) ** 2 + (column - half) ** 2 > (GRID / 2) ** 2)


def compacted(rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Compact minutiae of packed ones. Shape (n, 8) to (n, 4)."""
    pose = _bits_of(rows[:, POSE_WORD])
    kept = np.concatenate([pose[:, first : first + count] for first, count in FIELDS], axis=1)
    kept = np.pad(kept, ((0, 0), (0, 4 * CORNER_BITS - kept.shape[1])))
    words = _bits_of(rows[:, [0, 2, 4, MASK_WORD]])
    words[:, :, corner_cells()] = kept.reshape(len(rows), 4, CORNER_BITS)
    return _words_of(words)


def expanded(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Packed minutiae of compact ones. Shape (n, 4) to (n, 8)."""
    bits = _bits_of(words)
    corners = bits[:, :, corner_cells()].reshape(len(words), 4 * CORNER_BITS)
    bits[:, :, corner_cells()] = False
    pose = np.zeros((len(words), GRID * GRID), np.bool_)
    taken = 0
    for first, count in FIELDS:
        pose[:, first : first + count] = corners[:, taken : taken + count]
        taken += count
    rows = np.empty((len(words), WORDS), np.uint64)
    cells = _words_of(bits)
    rows[:, :LAYERS] = np.repeat(cells[:, :3], 2, axis=1)
    rows[:, MASK_WORD] = cells[:, 3]
    rows[:, POSE_WORD] = _words_of(pose)
    return rows


def _bits_of(words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    return ((words[..., None] >> BITS) & np.uint64(1)).astype(np.bool_)


def _words_of(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    words: NDArray[np.uint64] = np.where(bits, np.uint64(1) << BITS, np.uint64(0)).sum(
        axis=-1, dtype=np.uint64
    )
    return words
