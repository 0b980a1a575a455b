"""Kernels of the cylinder index: hashes of packed minutiae, buckets, scores (see `cylinder_index`).

The twin in plain numpy is `biocapil.comparison.reference.cylinder_hash`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.kernels.compilation import kernel

NOTHING = np.uint8(255)
"""Hash of a cylinder that has none of the bits looked for."""

MOST = 65535
"""Largest sum that is counted."""


@kernel
def hash_cylinders(rows: NDArray[np.uint64], orders: NDArray[np.int64], hashes: NDArray[np.uint8]) -> None:
    """Place of the first set bit of each cylinder in each of some orders of bits.

    Args:
        rows: Packed minutiae. Shape (n, 8).
        orders: Bits of a cylinder, layer times 64 plus cell, in the order of each hash. Shape (F, B), with B
            below 255.
        hashes: Receives the places. Shape (n, F).
    """
    for i in range(len(rows)):
        for f in range(len(orders)):
            hashes[i, f] = NOTHING
            for place in range(orders.shape[1]):
                bit = orders[f, place]
                if (rows[i, bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1):
                    hashes[i, f] = np.uint8(place)
                    break


@kernel
def fill_buckets(
    buckets: NDArray[np.uint32],
    owners: NDArray[np.uint32],
    offsets: NDArray[np.uint32],
    entries: NDArray[np.uint32],
) -> None:
    """Put owners into buckets, in their order.

    Args:
        buckets: Bucket of each entry. Shape (n,).
        owners: Reference of each entry. Shape (n,).
        offsets: Zeros; receives where the buckets begin: bucket b owns entries
            ``offsets[b]:offsets[b + 1]``. Shape (buckets + 1,).
        entries: Receives the owners, bucket after bucket. Shape (n,).
    """
    count = len(offsets) - 1
    for i in range(len(buckets)):
        offsets[buckets[i] + np.uint32(1)] += np.uint32(1)
    for b in range(count):
        offsets[b + 1] += offsets[b]
    for i in range(len(buckets) - 1, -1, -1):  # ends become begins, each one place too far
        b = buckets[i] + np.uint32(1)
        offsets[b] -= np.uint32(1)
        entries[offsets[b]] = owners[i]
    for b in range(count):
        offsets[b] = offsets[b + 1]
    offsets[count] = np.uint32(len(buckets))


@kernel
def rarity(size: int, total: int, common: int) -> int:
    """What sharing a bucket is worth: how often 2^-common is halved before it is below the bucket's share."""
    worth = -common
    while total >= 2 * size:
        total >>= 1
        worth += 1
    return max(0, worth)


@kernel
def expect_scores(
    offsets: NDArray[np.uint32], entries: NDArray[np.uint32], common: int, expected: NDArray[np.float64]
) -> None:
    """Add what a minutia like any other of the gallery would give each reference by one table.

    Args:
        offsets: Begins of the buckets. Shape (buckets + 1,).
        entries: References, bucket after bucket. Shape (n,).
        common: See `rarity`.
        expected: Grows. Shape (N,).
    """
    total = len(entries)
    for b in range(len(offsets) - 1):
        first, beyond = int(offsets[b]), int(offsets[b + 1])
        size = beyond - first
        if size == 0:
            continue
        share = rarity(size, total, common) * size / total
        if share > 0:
            for e in range(first, beyond):
                expected[entries[e]] += share


@kernel
def add_rarities(
    buckets: NDArray[np.uint32],
    offsets: NDArray[np.uint32],
    entries: NDArray[np.uint32],
    common: int,
    sums: NDArray[np.uint16],
) -> int:
    """Give each reference the rarity of each bucket that it shares; returns how many entries were read.

    Args:
        buckets: Buckets that are read, each as often as it stands here. Shape (m,).
        offsets: Begins of the buckets. Shape (buckets + 1,).
        entries: References, bucket after bucket. Shape (n,).
        common: See `rarity`.
        sums: Grows, at most to 65535. Shape (N,).
    """
    total, read = len(entries), 0
    for i in range(len(buckets)):
        first, beyond = int(offsets[buckets[i]]), int(offsets[buckets[i] + np.uint32(1)])
        if first == beyond:
            continue
        worth = rarity(beyond - first, total, common)
        if worth == 0:
            continue
        for e in range(first, beyond):
            sums[entries[e]] = np.uint16(min(MOST, sums[entries[e]] + worth))
        read += beyond - first
    return read


@kernel
def keep_largest(before: NDArray[np.uint16], now: NDArray[np.uint16], best: NDArray[np.uint32]) -> None:
    """Raise `best` to the sum of two neighbouring rotations where that is larger; clears `before`.

    Args:
        before: Sums of the rotation before. Shape (N,).
        now: Sums of this rotation. Shape (N,).
        best: Largest sums of two. Shape (N,).
    """
    for r in range(len(best)):
        both = np.uint32(before[r]) + np.uint32(now[r])
        best[r] = max(best[r], both)
        before[r] = 0
