"""`Draws`: random numbers by row, the same for a row whatever else is drawn with it.

Row r is always the same stretch of one long stream of PCG64, which can be entered anywhere. So a person is
the same in any batch, and can be drawn a second time for a duplicate.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Stream(IntEnum):
    """What numbers are drawn for; each has a stream of its own."""

    DUPLICATES = 0
    FINGER = 1
    FINGER_IMPRESSION = 2
    EYE = 3
    EYE_CAPTURE = 4
    FACE = 5
    FACE_CAPTURE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Rows of uniform numbers.

    Attributes:
        seed: Of the population.
        stream: What they are for.
        instance: Which finger or eye.
    """

    seed: int
    stream: Stream
    instance: int = 0

    def words(self, rows: Rows, width: int) -> NDArray[np.uint64]:
        """Random bits of some rows. Shape (rows, width), uint64."""
        drawn = np.empty((len(rows), width), np.uint64)
        starts = np.flatnonzero(np.diff(rows, prepend=-2) != 1).tolist()
        source = np.random.SeedSequence([self.seed, int(self.stream), self.instance])
        for first, last in zip(starts, [*starts[1:], len(rows)], strict=True):
            bits = np.random.PCG64(source)
            bits.advance(int(rows[first]) * width)
            drawn[first:last] = bits.random_raw((last - first) * width).reshape(last - first, width)
        return drawn

    def uniforms(self, rows: Rows, shape: tuple[int, ...]) -> Floats:
        """Uniform numbers above 0 and below 1, in steps of 2^-16. Shape (rows, *shape), float32."""
        count = int(np.prod(shape))
        words = self.words(rows, -(-count // 4)).view(np.uint16)[:, :count]
        return ((words + np.float32(0.5)) * np.float32(2**-16)).reshape(len(rows), *shape)

    def normals(self, rows: Rows, shape: tuple[int, ...]) -> Floats:
        """Normal numbers, none beyond 4.9. Shape (rows, *shape), float32."""
        count = int(np.prod(shape))
        pairs = self.uniforms(rows, (2, -(-count // 2)))
        return normals_of(pairs[:, 0], pairs[:, 1])[:, :count].reshape(len(rows), *shape)


def normals_of(first: Floats, second: Floats) -> Floats:
    """Two normal numbers of each two uniform ones (Box and Muller 1958). Shape (rows, 2 · columns)."""
    radius = np.sqrt(np.float32(-2) * np.log(first))
    turn = second * np.float32(2 * np.pi)
    return np.concatenate([radius * np.cos(turn), radius * np.sin(turn)], axis=1)


def logit(chance: Floats) -> Floats:
    """Log-odds of uniform numbers: logistic ones, of spread 1.8."""
    clipped = np.clip(chance, np.float32(1e-4), np.float32(1 - 1e-4))
    return np.log(clipped / (np.float32(1) - clipped))


def logistic(value: Floats) -> Floats:
    """The way back from `logit`."""
    return np.float32(1) / (np.float32(1) + np.exp(-value))
