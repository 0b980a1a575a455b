"""Stage three in plain numpy: rigid motion, one-to-one pairs, local distortion, and what the score needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.kernels import cascade as numbers
from biocapil.comparison.layout import MAX_MINUTIAE, TURN
from biocapil.comparison.reference.local_pairs import (
    Floats,
    Integers,
    LocalPairs,
    Poses,
    f32,
    ordered_sum,
    rotations,
    turn_between,
)

MOST_OFFERS = 8 * MAX_MINUTIAE
"""Pairs of minutiae close enough to pair that are looked at; more only where a print repeats itself."""


class Motion(NamedTuple):
    """Rigid motion of b onto a: turned about the centre of b, which lands on the centre of a."""

    cosine: Floats
    sine: Floats
    ax: Floats
    ay: Floats
    bx: Floats
    by: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairing:
    """One-to-one pairs of minutiae, smallest misfit first.

    Attributes:
        i: Minutiae of a. Shape (K,).
        j: Minutiae of b. Shape (K,).
        weight: 1 for a perfect fit, near 0 for the worst accepted. Shape (K,).
    """

    i: Integers
    j: Integers
    weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alignment:
    """One alignment of two templates and what the score is made of.

    Attributes:
        matched_mass: Sum of what the pairs contribute.
        matched_fraction: That as a share of the minutiae where the prints overlap.
        misfit: Root mean square of the distance left between the pairs.
        spread: Fourth root of the determinant of the covariance of the pairs' places.
        overlap_a: Minutiae of a inside b's box.
        overlap_b: Minutiae of b inside a's box.
        motion: Rigid motion of b onto a.
        pairing: The pairs.
    """

    matched_mass: np.floating[Any]
    matched_fraction: np.floating[Any]
    misfit: np.floating[Any]
    spread: np.floating[Any]
    overlap_a: int
    overlap_b: int
    motion: Motion
    pairing: Pairing

    @property
    def worth(self) -> np.floating[Any]:
        """Matched mass × matched fraction²: of several alignments the one where it is largest is kept."""
        return self.matched_mass * self.matched_fraction * self.matched_fraction


NO_ALIGNMENT = Alignment(
    matched_mass=f32(0),
    matched_fraction=f32(0),
    misfit=f32(0),
    spread=f32(0),
    overlap_a=0,
    overlap_b=0,
    motion=Motion(*np.array([1, 0, 0, 0, 0, 0], f32)),
    pairing=Pairing(i=np.zeros(0, np.int64), j=np.zeros(0, np.int64), weight=np.zeros(0, f32)),
)
"""What stands where nothing could be aligned."""


def align(a: Poses, b: Poses, motion: Motion) -> Alignment | None:
    """Pair, refit, pair, take out distortion, pair, weigh; None where fewer than two pairs are left."""
    pairing = pair_up(a, moved(b, motion), motion)
    if len(pairing.i) < 2:
        return None
    motion = fit_pairs(a, b, pairing, motion)
    rigid = moved(b, motion)
    pairing = pair_up(a, rigid, motion)
    if len(pairing.i) < 2:
        return None
    straight = without_distortion(a, rigid, pairing)
    pairing = pair_up_straight(a, straight)
    if len(pairing.i) < 2:
        return None
    return weighed(a, straight, pairing, motion)


def fit_cluster(anchor: int, pairs: LocalPairs) -> Motion:
    """Rigid motion from one local pair and all that agree with it."""
    weight = pairs.strength * pairs.agreement[anchor]
    weight[anchor] = pairs.strength[anchor]
    columns = np.stack([*rotations(pairs.a, pairs.b), pairs.a.x, pairs.a.y, pairs.b.x, pairs.b.y])
    cosine, sine, *centres = ordered_sum(weight * columns)
    norm = 1 / np.sqrt(cosine * cosine + sine * sine + 1e-6)
    total = ordered_sum(weight)
    ax, ay, bx, by = (centre / total for centre in centres)
    return Motion(cosine * norm, sine * norm, ax, ay, bx, by)


def fit_pairs(a: Poses, b: Poses, pairing: Pairing, motion: Motion) -> Motion:
    """Rigid motion by weighted least squares; the old turn where the pairs say nothing about it."""
    weight, of_a, of_b = pairing.weight, a.at(pairing.i), b.at(pairing.j)
    total = ordered_sum(weight)
    ax, ay, bx, by = ordered_sum(weight * np.stack([of_a.x, of_a.y, of_b.x, of_b.y])) / total
    dax, day, dbx, dby = of_a.x - ax, of_a.y - ay, of_b.x - bx, of_b.y - by
    c = ordered_sum(weight * (dbx * dax + dby * day))
    s = ordered_sum(weight * (dby * dax - dbx * day))
    cosine, sine = motion.cosine, motion.sine
    if c * c + s * s > 1:
        norm = 1 / np.sqrt(c * c + s * s)
        cosine, sine = c * norm, s * norm
    return Motion(cosine, sine, ax, ay, bx, by)


def moved(b: Poses, motion: Motion) -> Poses:
    """The minutiae of b in the frame of a."""
    turn = round(math.atan2(motion.sine, motion.cosine) * (TURN / (2.0 * math.pi)))
    dx, dy = b.x - motion.bx, b.y - motion.by
    x = motion.cosine * dx + motion.sine * dy + motion.ax
    y = motion.cosine * dy - motion.sine * dx + motion.ay
    return Poses(x, y, (b.turn - turn) % TURN)


def without_distortion(a: Poses, b: Poses, pairing: Pairing) -> Poses:
    """The moved b, each minutia shifted by what the pairs around it say; a pair has no say about itself."""
    of_a, of_b = a.at(pairing.i), b.at(pairing.j)
    dx, dy = of_b.x - b.x[:, None], of_b.y - b.y[:, None]
    near = np.maximum(1 - (dx * dx + dy * dy) * (1.0 / numbers.LOCAL_REACH2), 0)
    weight = pairing.weight * near * near
    weight[pairing.j, np.arange(len(pairing.j))] = 0
    total = ordered_sum(weight, start=numbers.LOCAL_INERTIA)
    shift_x = ordered_sum(weight * (of_a.x - of_b.x)) / total
    shift_y = ordered_sum(weight * (of_a.y - of_b.y)) / total
    return Poses(b.x + shift_x, b.y + shift_y, b.turn)


def pair_up(a: Poses, b: Poses, motion: Motion) -> Pairing:
    """Pairing after a rigid motion: the farther from its centre, the more is allowed."""
    dx, dy = b.x - motion.ax, b.y - motion.ay
    allowed2 = (dx * dx + dy * dy) * numbers.PAIRING_GROWTH + numbers.PAIRING_UNITS2
    return smallest_misfits_first(a, b, allowed2, numbers.PAIRING_TURN)


def pair_up_straight(a: Poses, b: Poses) -> Pairing:
    """Pairing after local distortion is taken out."""
    return smallest_misfits_first(a, b, np.full(len(b.x), numbers.LOCAL_UNITS2, f32), numbers.LOCAL_TURN)


def smallest_misfits_first(a: Poses, b: Poses, allowed2: Floats, turn: float) -> Pairing:
    """One-to-one pairing of a with the moved b, smallest misfit first.

    Args:
        a: Poses of a. Each of shape (n,).
        b: Moved poses of b. Each of shape (m,).
        allowed2: Squared distance at which a minutia of b just fails to pair. Shape (m,).
        turn: Difference of direction at which two just fail to pair.
    """
    ex, ey = a.x - b.x[:, None], a.y - b.y[:, None]
    distance2 = ex * ex + ey * ey
    off = turn_between(a.turn, b.turn[:, None]).astype(f32) * (1.0 / turn)
    misfit = distance2 / allowed2[:, None] + off * off
    offered_j, offered_i = np.nonzero((distance2 < allowed2[:, None]) & (misfit < 1))
    offered_j, offered_i = offered_j[:MOST_OFFERS], offered_i[:MOST_OFFERS]
    offers = misfit[offered_j, offered_i]
    kept: list[int] = []
    for k in np.argsort(offers, kind="stable"):
        if offered_i[k] not in offered_i[kept] and offered_j[k] not in offered_j[kept]:
            kept.append(int(k))
    return Pairing(i=offered_i[kept], j=offered_j[kept], weight=1 - offers[kept])


def contributions(pairing: Pairing) -> Floats:
    """What each pair adds to the matched mass, 0 to 1. Shape (K,)."""
    return 1 - (1 - pairing.weight) * numbers.MISFIT_COST


def inside(points: Poses, other: Poses) -> NDArray[np.bool_]:
    """Which points lie inside the box around the other's, widened by the margin. Shape (N,)."""
    within = np.ones(len(points.x), np.bool_)
    for mine, theirs in ((points.x, other.x), (points.y, other.y)):
        low, high = float(theirs.min()), float(theirs.max())
        place = mine.astype(np.float64)
        within &= (low - numbers.MARGIN < place) & (place < high + numbers.MARGIN)
    return within


def weighed(a: Poses, b: Poses, pairing: Pairing, motion: Motion) -> Alignment:
    """One alignment with the terms of its score."""
    mass = f32(ordered_sum(contributions(pairing)))
    overlap_a, overlap_b = int(inside(a, b).sum()), int(inside(b, a).sum())
    floor = numbers.FEWEST_OVERLAPPING
    fraction = mass / f32(math.sqrt(max(overlap_a, floor) * max(overlap_b, floor)))
    of_a, of_b = a.at(pairing.i), b.at(pairing.j)
    return Alignment(
        matched_mass=mass,
        matched_fraction=fraction,
        misfit=misfit_of(of_a, of_b),
        spread=spread_of(of_a.x, of_a.y),
        overlap_a=overlap_a,
        overlap_b=overlap_b,
        motion=motion,
        pairing=pairing,
    )


def misfit_of(a: Poses, b: Poses) -> np.floating[Any]:
    """Root mean square of the distance between paired minutiae."""
    ex, ey = a.x - b.x, a.y - b.y
    return f32(np.sqrt(ordered_sum(ex * ex + ey * ey) / f32(len(ex))))


def spread_of(x: Floats, y: Floats) -> np.floating[Any]:
    """Over how much skin places spread: fourth root of the determinant of their covariance."""
    count, (px, py) = len(x), np.stack([x, y]).astype(np.float64)
    across = count * (px * px).sum() - px.sum() ** 2
    down = count * (py * py).sum() - py.sum() ** 2
    slant = count * (px * py).sum() - px.sum() * py.sum()
    return f32(np.sqrt(np.sqrt(max(0.0, across * down - slant * slant))) / count)
