"""The cascade of embeddings: sign bits, then bytes, then the embeddings themselves.

    stage 1  signs             what its signs tell to be unlike is stopped, see `sign_gates`: here, and only
                               here, a reference from the threshold on can be lost
    stage 2  quantised values  exact for a gallery of bytes; else a bound on the rounding is granted,
                               so that nothing is lost
    stage 3  inner product     the same similarity, bit by bit, as that of the exact scan

Where the threshold is so low that many pairs would pass stage one, it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.embedding_gate import pairs_through
from biocapil.comparison.embedding_layout import LANES
from biocapil.comparison.embedding_precision import LARGEST_ROUNDING
from biocapil.comparison.embedding_scan import (
    Pairs,
    ProbeWords,
    below_threshold,
    byte_stage,
    just_below,
    pairs_of,
    scored,
    tiles_of,
    value_stage,
)
from biocapil.comparison.packed_embeddings import PackedEmbeddings
from biocapil.comparison.sign_gates import SignGates, gates_at
from biocapil.embedding import LENGTH_TOLERANCE

MOST_PASSING = 0.02
"""Share of pairs past stage one from which counting signs costs more than it saves."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CascadePairs:
    """What the cascade found.

    Attributes:
        pairs: Pairs from the threshold on, scores as similarities.
        reached_two: Pairs of each probe that reached stage two. Shape (P,), int64.
        reached_three: Pairs of each probe that passed stage two. Shape (P,), int64.
    """

    pairs: Pairs
    reached_two: NDArray[np.int64]
    reached_three: NDArray[np.int64]


def cascade(
    packed: PackedEmbeddings,
    probes: ProbeWords,
    threshold: float,
    first: int,
    last: int,
    *,
    after: int | None = None,
    gates: SignGates | None = None,
) -> CascadePairs:
    """Pairs from a threshold on among some blocks.

    Args:
        packed: The gallery.
        probes: Probes of it.
        threshold: Smallest similarity.
        first: First block.
        last: One past the last block.
        after: Row of the first probe, where only later rows than that of each probe are wanted.
        gates: Of stage one; by default those of `gates_at`.
    """
    octets, values = byte_stage(packed, probes), value_stage(packed, probes)
    granted = 0.0
    if values is not None:
        granted = rounding_bound(packed.rounding, probes.rounding, longer=LARGEST_ROUNDING[packed.precision])
    steps2_below = below_threshold(packed, octets, threshold - granted)
    gates = gates or gates_at(packed, threshold)
    if packed.spreads.every.passing(gates.every) > MOST_PASSING:
        found = pairs_of(octets, tiles_of(octets), first, last, bound=steps2_below, after=after)
        reached_two = np.full(len(probes), min(last * LANES, len(packed)) - first * LANES)
    else:
        passed = pairs_through(packed, probes, gates, first, last, after=after)
        reached_two = np.bincount(passed.probes, minlength=len(probes))
        found = scored(octets, passed)
        found = found.where(found.scores > steps2_below)
    reached_three = np.bincount(found.probes, minlength=len(probes))
    if values is None:
        similar = Pairs(probes=found.probes, rows=found.rows, scores=found.scores / packed.scale**2)
    else:
        similar = scored(values, found)
        similar = similar.where(similar.scores > just_below(values, threshold))
    return CascadePairs(pairs=similar, reached_two=reached_two, reached_three=reached_three)


def rounding_bound(references: float, probes: float, *, longer: float = 0.0) -> float:
    """How far an inner product can move when both sides move by so much, by the Cauchy-Schwarz inequality.

    Args:
        references: Largest distance that a reference moves.
        probes: Largest distance that a probe moves.
        longer: How much longer either may be before, beside the tolerance of unit length.
    """
    length = (1.0 + LENGTH_TOLERANCE) * (1.0 + longer)
    return references * length + probes * (length + references)
