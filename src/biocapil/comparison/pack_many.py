"""`pack_minutiae`: many templates at once, straight from flat arrays; equal to `pack`, bit by bit.

For those who have millions of templates and no use for an object for each of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import LAYERS, MAX_MINUTIAE, POSE_WORD, WORDS
from biocapil.comparison.packed import PackedTemplates, pose_words
from biocapil.vocabulary import ModelId


def pack_minutiae(
    positions_um: NDArray[np.float32],
    angles_rad: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    qualities: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    *,
    heights_um: NDArray[np.float64],
    model_id: ModelId,
) -> PackedTemplates:
    """Pack templates whose minutiae stand one after the other; fields as in `FingerprintTemplate`.

    Args:
        positions_um: x and y, y down. Shape (total, 2), float32, micrometres.
        angles_rad: Directions. Shape (total,), float32.
        kinds: `MinutiaType` codes. Shape (total,), uint8.
        qualities: 0 to 100. Shape (total,), uint8.
        offsets: Template i owns minutiae ``offsets[i]:offsets[i + 1]``. Shape (N + 1,), int64.
        heights_um: Height of each imaged area. Shape (N,), float64.
        model_id: Model that made all of them.

    Raises:
        ValueError: The arrays do not fit each other.
    """
    total = len(angles_rad)
    if not (len(positions_um) == len(kinds) == len(qualities) == total == offsets[-1]):
        raise ValueError(
            f"positions, angles, kinds and qualities must be as many as the last offset, {offsets[-1]}, got "
            f"{len(positions_um)}, {total}, {len(kinds)} and {len(qualities)}"
        )
    if len(heights_um) != len(offsets) - 1:
        raise ValueError(f"heights_um must be {len(offsets) - 1}, one a template, got {len(heights_um)}")
    from biocapil.comparison.kernels.cylinders import build_many_cylinders

    sizes = np.diff(offsets)
    owners = np.repeat(np.arange(len(sizes)), sizes)
    order = _by_worth(positions_um, qualities, offsets, owners)
    points = positions_um[order].astype(np.float64)
    points[:, 1] = heights_um[owners] - points[:, 1]
    angles = angles_rad[order].astype(np.float64)
    kept = np.arange(total) - offsets[owners] < MAX_MINUTIAE
    rows = np.zeros(len(offsets), np.int64)
    np.cumsum(np.minimum(sizes, MAX_MINUTIAE), out=rows[1:])
    words = np.zeros((int(rows[-1]), WORDS), np.uint64)
    build_many_cylinders(points, angles, offsets, rows, words)
    words[:, POSE_WORD] = pose_words(points[kept], angles[kept], qualities[order[kept]], kinds[order[kept]])
    alive = words[:, :LAYERS].any(axis=1)
    lasting = np.concatenate([[0], np.cumsum(alive)])[rows].astype(np.int64)
    return PackedTemplates(words=words if alive.all() else words[alive], offsets=lasting, model_id=model_id)


def _by_worth(
    positions_um: NDArray[np.float32],
    qualities: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    owners: NDArray[np.int64],
) -> NDArray[np.intp]:
    """Indices by template, then falling quality, ties the most central first. Shape (total,)."""
    sizes = np.diff(offsets)
    filled = sizes > 0
    sums = np.zeros((len(sizes), 2), np.float32)
    sums[filled] = np.add.reduceat(positions_um, offsets[:-1][filled], axis=0)
    centres = sums / np.maximum(sizes, 1).astype(np.float32)[:, None]
    off = positions_um - centres[owners]
    return np.lexsort(((off**2).sum(axis=1), -qualities.astype(np.int16), owners))
