"""Kernels: packed minutiae to compact ones and back (layout in `biocapil.comparison.compact`).

The twin in plain numpy is `biocapil.comparison.reference.compact`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.kernels.compilation import kernel
from biocapil.comparison.layout import MASK_WORD, POSE_WORD

CIRCLE = np.uint64(0x3C7EFFFFFFFF7E3C)
"""Cells inside the circle of a cylinder; the other twelve carry no bit of a layer or a mask."""

U2, U6, U7, U15 = np.uint64(2), np.uint64(6), np.uint64(7), np.uint64(15)
U48, U55, U62 = np.uint64(48), np.uint64(55), np.uint64(62)
U1, U3, U5 = np.uint64(1), np.uint64(3), np.uint64(5)
U10, U12, U14, U16 = np.uint64(10), np.uint64(12), np.uint64(14), np.uint64(16)
U24, U28, U32, U36, U40 = np.uint64(24), np.uint64(28), np.uint64(32), np.uint64(36), np.uint64(40)
LOW14, LOW18, LOW12 = np.uint64(0x3FFF), np.uint64(0x3FFFF), np.uint64(0xFFF)


@kernel
def into_corners(bits: np.uint64) -> np.uint64:
    """Twelve bits to the cells outside the circle: 0-1, 6-8, 15, 48, 55-57, 62-63."""
    low = (bits & U3) | (((bits >> U2) & U7) << U6) | (((bits >> U5) & U1) << U15)
    high = (((bits >> U6) & U1) << U48) | (((bits >> U7) & U7) << U55) | ((bits >> U10) << U62)
    return np.uint64(low | high)


@kernel
def from_corners(word: np.uint64) -> np.uint64:
    """The way back from `into_corners`."""
    low = (word & U3) | (((word >> U6) & U7) << U2) | (((word >> U15) & U1) << U5)
    high = (((word >> U48) & U1) << U6) | (((word >> U55) & U7) << U7) | ((word >> U62) << U10)
    return np.uint64(low | high)


@kernel
def compact_rows(rows: NDArray[np.uint64], words: NDArray[np.uint64]) -> None:
    """Make compact minutiae of packed ones.

    Args:
        rows: Packed minutiae, x and y at most 0x3FFF. Shape (n, 8).
        words: Receives the compact ones. Shape (n, 4).
    """
    for i in range(len(rows)):
        pose = rows[i, POSE_WORD]
        bits = (pose & LOW14) | (((pose >> U16) & LOW14) << U14) | (((pose >> U32) & LOW18) << U28)
        words[i, 0] = rows[i, 0] | into_corners(bits & LOW12)
        words[i, 1] = rows[i, 2] | into_corners((bits >> U12) & LOW12)
        words[i, 2] = rows[i, 4] | into_corners((bits >> U24) & LOW12)
        words[i, 3] = rows[i, MASK_WORD] | into_corners((bits >> U36) & LOW12)


@kernel
def expand_rows(words: NDArray[np.uint64], rows: NDArray[np.uint64]) -> None:
    """Make packed minutiae of compact ones; each layer stands for the one after it too.

    Args:
        words: Compact minutiae. Shape (n, 4).
        rows: Receives the packed ones. Shape (n, 8).
    """
    for i in range(len(words)):
        a, b, c, d = words[i, 0], words[i, 1], words[i, 2], words[i, 3]
        bits = (
            from_corners(a) | (from_corners(b) << U12) | (from_corners(c) << U24) | (from_corners(d) << U36)
        )
        rows[i, 0] = rows[i, 1] = a & CIRCLE
        rows[i, 2] = rows[i, 3] = b & CIRCLE
        rows[i, 4] = rows[i, 5] = c & CIRCLE
        rows[i, MASK_WORD] = d & CIRCLE
        rows[i, POSE_WORD] = (
            (bits & LOW14) | (((bits >> U14) & LOW14) << U16) | (((bits >> U28) & LOW18) << U32)
        )
