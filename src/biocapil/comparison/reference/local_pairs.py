"""Local pairs of minutiae and their mutual support, in plain numpy: the ground of all three stages.

Whole tables in place of the kernels' loops and workspace. Where the order of float32 sums matters,
`ordered_sum` adds as the kernels do, so that scores agree to the last bits and ties fall the same way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.kernels import cascade as numbers
from biocapil.comparison.layout import LAYERS, MASK_WORD, TURN

f32 = np.float32
Words = NDArray[np.uint64]
Floats = NDArray[np.floating[Any]]
"""Always float32; numpy's type stubs see float64 where a Python number joins in."""

Integers = NDArray[np.int64]


class Poses(NamedTuple):
    """Unpacked pose words. Each of shape (N,)."""

    x: Floats
    y: Floats
    turn: Integers

    def at(self, indices: Integers) -> Poses:
        """Poses of some minutiae."""
        return Poses(self.x[indices], self.y[indices], self.turn[indices])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalPairs:
    """The strongest local pairs and how they support each other.

    Attributes:
        a: Poses in a. Each of shape (P,).
        b: Poses in b. Each of shape (P,).
        strength: Local similarity, falling. Shape (P,).
        agreement: How well two pairs fit one motion, 0 to 1. Shape (P, P).
        support: What the others lend to each pair. Shape (P,).
        consistency: Support of the whole, weighed by strength.
    """

    a: Poses
    b: Poses
    strength: Floats
    agreement: Floats
    support: Floats
    consistency: np.floating[Any]


def ordered_sum(terms: Floats, *, start: float = 0.0) -> Floats:
    """Sums along the last axis, first to last; numpy's own sum adds in another order."""
    first = np.full((*terms.shape[:-1], 1), start, f32)
    sums: Floats = np.add.accumulate(np.concatenate([first, terms], axis=-1), axis=-1)
    return sums[..., -1]


def unpack(words: Words) -> Poses:
    """Pose words to coordinates. Shape (N,)."""
    x = (words & np.uint64(0xFFFF)).astype(f32)
    y = ((words >> np.uint64(16)) & np.uint64(0xFFFF)).astype(f32)
    return Poses(x, y, ((words >> np.uint64(32)) & np.uint64(255)).astype(np.int64))


def turn_between(a: Integers, b: Integers) -> Integers:
    """Smallest difference of directions in 1/256 turns, 0 to 128."""
    apart: Integers = np.abs((a - b + TURN // 2) % TURN - TURN // 2)
    return apart


def bit_counts(one: Words, many: Words) -> tuple[Integers, Integers]:
    """Bits that a minutia shares with each of many, and bits that either has where both are valid.

    Args:
        one: Packed minutia. Shape (8,).
        many: Packed minutiae. Shape (n, 8).
    """
    mask = (one & many)[:, MASK_WORD, None]
    both = np.bitwise_count(one[:LAYERS] & many[:, :LAYERS])
    union = np.bitwise_count((one[:LAYERS] | many[:, :LAYERS]) & mask)
    return both.sum(axis=1, dtype=np.int64), union.sum(axis=1, dtype=np.int64)


def strongest(strength: Floats) -> Integers:
    """Indices of the strongest above zero, falling, ties in order."""
    order = np.argsort(-strength, kind="stable")
    return order[strength[order] > 0][: numbers.STRONGEST]


def local_pairs(a: Poses, b: Poses, strength: Floats) -> LocalPairs:
    """Local pairs with their mutual support: one power iteration of spectral matching."""
    agreement = agreement_of(a, b)
    support = ordered_sum(agreement * strength)
    consistency = f32(np.sqrt(ordered_sum(strength * support)))
    return LocalPairs(
        a=a, b=b, strength=strength, agreement=agreement, support=support, consistency=consistency
    )


def rotations(a: Poses, b: Poses) -> tuple[Floats, Floats]:
    """Cosine and sine of the turn from each minutia of a to its partner in b. Each of shape (P,)."""
    angles = (b.turn - a.turn) % TURN * (2.0 * math.pi / TURN)
    return np.cos(angles).astype(f32), np.sin(angles).astype(f32)


def agreement_of(a: Poses, b: Poses) -> Floats:
    """How well each two local pairs fit one rigid motion, 0 to 1. Shape (P, P)."""
    relative = (b.turn - a.turn) % TURN
    turn = turn_between(relative[:, None], relative).astype(f32) * (1.0 / numbers.CONSISTENT_TURN)
    ax, ay = a.x - a.x[:, None], a.y - a.y[:, None]
    bx, by = b.x - b.x[:, None], b.y - b.y[:, None]
    apart_a, apart_b = ax * ax + ay * ay, bx * bx + by * by
    cosine, sine = rotations(a, b)
    c, s = cosine[:, None] + cosine, sine[:, None] + sine
    with np.errstate(divide="ignore", invalid="ignore"):  # opposite turns have no mean; they count 0 below
        norm = 1 / np.sqrt(c * c + s * s)
        c, s = c * norm, s * norm
        ex = c * ax - s * ay - bx
        ey = s * ax + c * ay - by
        allowed2 = numbers.CONSISTENT_UNITS2 + numbers.CONSISTENT_GROWTH * apart_b
        fit = np.maximum(0, 1 - (ex * ex + ey * ey) / allowed2) * (1 - turn)
    return np.where((turn < 1) & (apart_a > 0) & (apart_b > 0), fit, f32(0))
