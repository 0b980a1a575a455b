"""The three-stage cascade in plain numpy: the twin that `kernels.cascade` is held to.

local_gate, consistency_gate    stages one and two: let pass or stop
refine                          stage three: the alignment, from `local_pairs` and `alignment`
compare_rows                    the score, by `evidence`
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.kernels import cascade as numbers
from biocapil.comparison.layout import POSE_WORD, TURN
from biocapil.comparison.reference.alignment import NO_ALIGNMENT, Alignment, align, fit_cluster
from biocapil.comparison.reference.evidence import similarity_of
from biocapil.comparison.reference.local_pairs import (
    Floats,
    Integers,
    LocalPairs,
    Words,
    bit_counts,
    f32,
    local_pairs,
    ordered_sum,
    strongest,
    turn_between,
    unpack,
)


def local_gate(probe: Words, windows: NDArray[np.int32], rows: Words) -> tuple[float, Integers, Floats]:
    """Stage one: its gate value, and the most similar probe column of each row with its similarity.

    Args:
        probe: Probe words in columns. Shape (8, K).
        windows: First column and number of columns for each direction. Shape (2, 256).
        rows: Packed minutiae of the reference. Shape (n, 8).
    """
    turns = unpack(rows[:, POSE_WORD]).turn
    columns = windows[0, turns].astype(np.int64)
    ratios = np.zeros(len(rows), f32)
    for j, (first, count) in enumerate(windows[:, turns].T):
        both, union = bit_counts(rows[j], probe[:, first : first + count].T)
        steps = (both.astype(f32) * f32(4096) / (union + numbers.SMOOTHING).astype(f32)).astype(np.int64)
        if count:
            best = np.flatnonzero(steps == steps.max())[-1]
            columns[j] += best
            ratios[j] = f32(steps[best]) / f32(4096)
    relative = (turns - unpack(probe[POSE_WORD, columns]).turn) % TURN
    return rotation_vote(relative, ratios), columns, ratios


def rotation_vote(relative: Integers, ratios: Floats) -> float:
    """Largest sum of two neighbouring bins of the histogram of relative rotation, 32 bins a turn."""
    over = np.maximum(ratios - numbers.GATE_FLOOR, f32(0))
    in_bin = relative // 8 == np.arange(TURN // 8)[:, None]
    votes = ordered_sum(in_bin * (over * over))
    return float((votes + np.maximum(np.roll(votes, 1), np.roll(votes, -1))).max())


def consistency_gate(probe: Words, rows: Words, columns: Integers, ratios: Floats) -> float:
    """Stage two: mutual support of the local pairs that stage one found."""
    chosen = strongest(ratios)
    a = unpack(probe[POSE_WORD, columns[chosen]])
    return float(local_pairs(a, unpack(rows[chosen, POSE_WORD]), ratios[chosen]).consistency)


def choose_strongest(a: Words, b: Words) -> LocalPairs:
    """Strongest local pairs: each minutia of a with its most similar one of b inside the window."""
    poses_a, poses_b = unpack(a[:, POSE_WORD]), unpack(b[:, POSE_WORD])
    similarity = np.zeros((len(a), max(len(b), 1)), f32)
    for i, row in enumerate(a):
        both, union = bit_counts(row, b)
        near = turn_between(poses_a.turn[i], poses_b.turn) <= numbers.TURN_WINDOW
        ratio = both.astype(f32) / (union + numbers.SMOOTHING).astype(f32)
        similarity[i, : len(b)] = np.where(near, ratio, f32(0))
    partner = similarity.argmax(axis=1)
    strength = similarity[np.arange(len(a)), partner]
    chosen = strongest(strength)
    return local_pairs(poses_a.at(chosen), poses_b.at(partner[chosen]), strength[chosen])


def next_anchor(pairs: LocalPairs, free: NDArray[np.bool_]) -> int | None:
    """Most supported pair that no earlier alignment agreed with; None where there is none worth a try."""
    if not free.any():
        return None
    anchor = int(np.argmax(np.where(free, pairs.strength * pairs.support, f32(-1))))
    if not free.all() and pairs.support[anchor] <= 0:
        return None
    return anchor


def refine(a: Words, b: Words) -> tuple[Alignment, np.floating[Any]]:
    """Stage three for two templates in canonical order.

    Args:
        a: Packed minutiae of the template that comes first. Shape (n, 8).
        b: Packed minutiae of the other. Shape (m, 8).

    Returns:
        The best alignment, one without pairs where there is none, and the consistency of the local pairs.
    """
    poses_a, poses_b = unpack(a[:, POSE_WORD]), unpack(b[:, POSE_WORD])
    pairs = choose_strongest(a, b)
    free = np.ones(len(pairs.strength), np.bool_)
    best = NO_ALIGNMENT
    for _ in range(numbers.ALIGNMENTS):
        anchor = next_anchor(pairs, free)
        if anchor is None:
            break
        free &= pairs.agreement[anchor] <= 0
        free[anchor] = False
        found = align(poses_a, poses_b, fit_cluster(anchor, pairs))
        if found is not None and found.worth > best.worth:
            best = found
    return best, pairs.consistency


def precedes(a: Words, b: Words) -> bool:
    """Order of two templates that does not depend on which is the probe: size, then words, pose first."""
    return (len(a), a[:, ::-1].tolist()) <= (len(b), b[:, ::-1].tolist())


def compare_rows(a: Words, b: Words) -> float:
    """Similarity of two packed templates, without gates."""
    alignment, consistency = refine(a, b) if precedes(a, b) else refine(b, a)
    return float(similarity_of(alignment, consistency, min(len(a), len(b))))
