"""Codes compared as one would write it first: plain loops for numba, and numpy. Kernels are raced with it.

A row of words is one code; rotations of the probe stand in a table. numba makes vectors of the inner loops
and finds the instruction that counts bits by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.kernels.compilation import kernel
from biocapil.iris_code import CodeGeometry

HALVES = np.uint64(0x5555555555555555)
QUARTERS = np.uint64(0x3333333333333333)
EIGHTHS = np.uint64(0x0F0F0F0F0F0F0F0F)
ONES = np.uint64(0x0101010101010101)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlainProbe:
    """A probe at all rotations.

    Attributes:
        rotated: Code and mask at each. Shape (R, 2, words), uint64.
    """

    rotated: NDArray[np.uint64]

    @classmethod
    def of(cls, words: NDArray[np.uint64], geometry: CodeGeometry, *, turns: int) -> PlainProbe:
        """Turned either way; `words` are code and mask, of shape (2, words)."""
        columns = geometry.columns_of(words)
        turned = [geometry.words_of(np.roll(columns, -turn, axis=-1)) for turn in range(-turns, turns + 1)]
        return cls(rotated=np.stack(turned))


@kernel
def set_bits(word: np.uint64) -> np.uint64:
    """Set bits of a word, in the form that LLVM knows as a popcount."""
    word -= (word >> np.uint64(1)) & HALVES
    word = (word & QUARTERS) + ((word >> np.uint64(2)) & QUARTERS)
    word = (word + (word >> np.uint64(4))) & EIGHTHS
    return (word * ONES) >> np.uint64(56)


@kernel
def scan_plainly(
    rotated: NDArray[np.uint64],
    codes: NDArray[np.uint64],
    threshold: float,
    fewest: int,
    found: NDArray[np.int64],
) -> int:
    """Rows of the codes within a dissimilarity at one rotation.

    Args:
        rotated: Probe, see `PlainProbe`. Shape (R, 2, words).
        codes: Codes with their masks. Shape (N, 2, words).
        threshold: Largest dissimilarity.
        fewest: Bits that must be compared.
        found: Receives the rows. Shape (N,).

    Returns:
        How many there are.
    """
    count = 0
    for n in range(len(codes)):
        code = codes[n, 0]
        mask = codes[n, 1]
        for r in range(len(rotated)):
            probe = rotated[r, 0]
            probe_mask = rotated[r, 1]
            differing = np.uint64(0)
            compared = np.uint64(0)
            for w in range(len(code)):
                both = mask[w] & probe_mask[w]
                differing += set_bits((code[w] ^ probe[w]) & both)
                compared += set_bits(both)
            if compared >= fewest and differing <= threshold * compared:
                found[count] = n
                count += 1
                break
    return count


def scan_by_numpy(
    probe: PlainProbe, codes: NDArray[np.uint64], threshold: float, fewest: int
) -> NDArray[np.int64]:
    """The same in numpy, a rotation after the other over all codes."""
    best = np.full(len(codes), np.inf)
    for code, mask in probe.rotated:
        both = codes[:, 1] & mask
        differing = np.bitwise_count((codes[:, 0] ^ code) & both).sum(axis=1, dtype=np.int64)
        compared = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
        share = np.divide(differing, compared, out=np.ones(len(codes)), where=compared >= fewest)
        np.minimum(best, share, out=best)
    return np.flatnonzero(best <= threshold)


def distances_by_numpy(
    probes: NDArray[np.uint64], strings: NDArray[np.uint64], nearest: int
) -> NDArray[np.int64]:
    """Rows of the nearest plain bit strings to each probe. Shape (Q, nearest)."""
    rows = [
        np.argpartition(np.bitwise_count(strings ^ probe).sum(axis=1, dtype=np.int64), nearest)[:nearest]
        for probe in probes
    ]
    return np.array(rows)
