"""Hashes, buckets and scores in plain numpy: the twin that `kernels.cylinder_hash` is held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NOTHING = 255
MOST = 65535


def hashes(rows: NDArray[np.uint64], orders: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Place of the first set bit of each cylinder in each order. Shape (n, F)."""
    bits = (rows[:, orders >> 6] >> (orders & 63).astype(np.uint64)) & np.uint64(1)
    return np.where(bits.any(axis=2), bits.argmax(axis=2), NOTHING).astype(np.uint8)


def filled(
    buckets: NDArray[np.uint32], owners: NDArray[np.uint32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Begins of the buckets, shape (count + 1,), and their owners, shape (n,)."""
    sizes = np.bincount(buckets, minlength=count)
    return np.concatenate([[0], np.cumsum(sizes)]), owners[np.argsort(buckets, kind="stable")]


def rarities(offsets: NDArray[np.int64], *, common: int) -> NDArray[np.int64]:
    """What sharing each bucket is worth; 0 for empty ones. Shape (buckets,)."""
    sizes, total = np.diff(offsets), int(offsets[-1])
    halvings = np.floor(np.log2(max(total, 1) / np.maximum(sizes, 1))).astype(np.int64)
    return np.where(sizes > 0, np.maximum(halvings - common, 0), 0)


def scores(
    buckets: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    entries: NDArray[np.uint32],
    *,
    common: int,
    references: int,
) -> NDArray[np.int64]:
    """Sum of the rarities of the buckets that each reference shares. Shape (references,)."""
    found = np.zeros(references, np.int64)
    worth = rarities(offsets, common=common)
    for bucket in buckets.tolist():
        np.add.at(found, entries[offsets[bucket] : offsets[bucket + 1]], worth[bucket])
    return np.minimum(found, MOST)


def expected(
    offsets: NDArray[np.int64], entries: NDArray[np.uint32], *, common: int, references: int
) -> NDArray[np.float64]:
    """What a minutia like any other would give each reference. Shape (references,)."""
    sizes = np.diff(offsets)
    share = rarities(offsets, common=common) * sizes / len(entries)
    found = np.bincount(entries, weights=np.repeat(share, sizes), minlength=references)
    return found.astype(np.float64)
