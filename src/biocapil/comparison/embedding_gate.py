"""`pairs_through`: stage one of the cascade, the pairs that pass the gates on signs."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.embedding_layout import LANES, probe_tiles
from biocapil.comparison.embedding_scan import FIRST_ROOM, Pairs, ProbeWords
from biocapil.comparison.packed_embeddings import PackedEmbeddings
from biocapil.comparison.sign_gates import SignGates
from biocapil.comparison.sign_spread import SIGNS_A_WORD


def pairs_through(
    packed: PackedEmbeddings,
    probes: ProbeWords,
    gates: SignGates,
    first: int,
    last: int,
    *,
    after: int | None = None,
) -> Pairs:
    """Pairs that pass all gates among some blocks; their scores are 0.

    Args:
        packed: The gallery.
        probes: Probes of it.
        gates: What has to be passed.
        first: First block.
        last: One past the last block.
        after: Row of the first probe, where only later rows than that of each probe are wanted.
    """
    from biocapil.comparison.kernels.sign_gate import TILES, gate_pairs

    tiles = probe_tiles(probes.signs)
    dimensions = packed.dimensions
    looked_at = min(SIGNS_A_WORD * gates.words, dimensions)
    starts = np.zeros((len(tiles), tiles.shape[2]), np.int64)
    starts.reshape(-1)[: len(probes)] = -most_differing(gates.first, looked_at) - 1
    most = most_differing(gates.every, dimensions)
    steps = steps_of_signs(probes)
    least = least_weighed(gates.weighed, steps, dimensions)
    beyond = -len(probes) - 1 if after is None else after
    passing = packed.spreads.every.passing(gates.every)
    room = max(FIRST_ROOM, 2 * int(passing * len(probes) * (last - first) * LANES))
    while True:
        found_probes, rows = np.empty(room, np.int64), np.empty(room, np.int64)
        needed = gate_pairs(
            packed.signs, tiles, starts, gates.words, most, steps, least, found_probes, rows,
            first, last, len(packed), beyond, TILES,
        )  # fmt: skip
        if needed <= room:
            scores = np.broadcast_to(np.int32(0), needed)
            return Pairs(probes=found_probes[:needed], rows=rows[:needed], scores=scores)
        room = needed


def most_differing(gate: float, signs: int) -> int:
    """Most of so many signs that may differ where at least a share must be equal."""
    return signs - math.ceil(gate * signs)


def steps_of_signs(probes: ProbeWords) -> NDArray[np.int8]:
    """Quantised probes, filled up to whole words of signs. Shape (P, 64 x words)."""
    rows = probes.steps.reshape(len(probes), -1)
    steps = np.zeros((len(probes), SIGNS_A_WORD * probes.signs.shape[1]), np.int8)
    steps[:, : rows.shape[1]] = rows
    return steps


def least_weighed(gate: float | None, steps: NDArray[np.int8], dimensions: int) -> NDArray[np.int64]:
    """Smallest sum of each probe where the signs are positive that passes. Shape (P,).

    The sum over all dimensions, negative where the sign is not positive, is twice that less all of them.
    """
    if gate is None:
        return np.full(len(steps), np.iinfo(np.int64).min)
    wide = steps.astype(np.float64)
    lengths = np.sqrt(np.einsum("pd,pd->p", wide, wide))
    least: NDArray[np.int64] = np.ceil(
        0.5 * (gate * lengths * math.sqrt(dimensions) + wide.sum(axis=1))
    ).astype(np.int64)
    return least
