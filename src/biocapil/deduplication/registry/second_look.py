"""The second look: all instances that two people have in common, compared in full, and the decision.

pairs of places ─► templates of each common instance ─► best of each instance ─► decision
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.decision import InstanceEvidence, PersonDecision
from biocapil.deduplication.registry.pair_policy import PairPolicy
from biocapil.deduplication.registry.people import Everybody, InstanceRows, parts_of, rows_of
from biocapil.vocabulary import Decision, Instance

LOOKED_AT = 1024
"""Pairs of people that are looked at together."""

OUTCOMES = tuple(Decision)

FOUND = np.dtype([("first", "<i8"), ("second", "<i8"), ("llr", "<f8"), ("outcome", "u1")])
"""A pair of people who are not unique: places, evidence, and the place of the decision in `Decision`."""

Found = NDArray[np.void]
"""Array of `FOUND`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BestOfInstances:
    """What each instance says about n pairs of people; k instances.

    Attributes:
        instances: They.
        llrs: Evidence, lessened for having been the best of several; nan where not in common. Shape (n, k).
        similarities: Of the comparison that the evidence is of. Shape (n, k).
        comparisons: How many there were. Shape (n, k).
    """

    instances: tuple[Instance, ...]
    llrs: NDArray[np.float64]
    similarities: NDArray[np.float64]
    comparisons: NDArray[np.int64]

    def of_pair(self, pair: int) -> dict[Instance, InstanceEvidence]:
        """Evidence about one pair."""
        return {
            instance: InstanceEvidence(
                instance=instance.name,
                similarity=float(self.similarities[pair, place]),
                llr=float(self.llrs[pair, place]),
                comparisons=int(self.comparisons[pair, place]),
            )
            for place, instance in enumerate(self.instances)
            if self.comparisons[pair, place]
        }


def in_order(places: NDArray[np.int64], everybody: Everybody) -> NDArray[np.int64]:
    """Each pair with the smaller hash of the identifier first, as every run sees it. Shape (n, 2)."""
    hashes = everybody.id_hashes(places.reshape(-1)).reshape(places.shape)
    return np.where((hashes[:, 0] > hashes[:, 1])[:, None], places[:, ::-1], places)


def look_again(places: NDArray[np.int64], everybody: Everybody, policy: PairPolicy) -> Found:
    """Pairs of people who are not unique.

    Args:
        places: Pairs, in the order of `in_order`. Shape (n, 2).
        everybody: All people.
        policy: Weighs evidence.
    """
    found: list[tuple[int, int, float, int]] = []
    for start in range(0, len(places), LOOKED_AT):
        some = places[start : start + LOOKED_AT]
        best = compared_in_full(some, everybody, policy)
        for pair in np.flatnonzero(policy.may_reach(best.instances, best.llrs)).tolist():
            decision = policy.decide(best.of_pair(pair))
            if decision.outcome is not Decision.UNIQUE:
                found.append((*some[pair].tolist(), decision.llr, OUTCOMES.index(decision.outcome)))
    return np.array(found, FOUND)


def decisions(
    places: NDArray[np.int64], everybody: Everybody, policy: PairPolicy
) -> Iterator[PersonDecision]:
    """Decision about each pair."""
    best = compared_in_full(places, everybody, policy)
    return (policy.decide(best.of_pair(pair)) for pair in range(len(places)))


def compared_in_full(places: NDArray[np.int64], everybody: Everybody, policy: PairPolicy) -> BestOfInstances:
    """Compare all common instances of some pairs of people. `places` is of shape (n, 2)."""
    shape = (len(places), len(everybody.instances))
    best = BestOfInstances(
        instances=everybody.instances,
        llrs=np.full(shape, np.nan),
        similarities=np.zeros(shape),
        comparisons=np.zeros(shape, np.int64),
    )
    parts = parts_of(places)
    for left, right in np.unique(parts, axis=0).tolist():
        pairs = np.flatnonzero((parts == (left, right)).all(axis=1))
        rows = rows_of(places[pairs])
        for place, instance in enumerate(everybody.instances):
            of_left, of_right = (everybody.rows.get((part, instance)) for part in (left, right))
            if of_left is not None and of_right is not None:
                compared = _compared(rows, of_left, of_right, instance, policy)
                here = pairs[compared.pairs]
                best.llrs[here, place] = compared.llrs
                best.similarities[here, place] = compared.similarities
                best.comparisons[here, place] = compared.comparisons
    return best


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Compared:
    """Best comparison of one instance of those pairs that have it in common; each of shape (n,)."""

    pairs: NDArray[np.int64]
    llrs: NDArray[np.float64]
    similarities: NDArray[np.float32]
    comparisons: NDArray[np.int64]


def _compared(
    rows: NDArray[np.int64], left: InstanceRows, right: InstanceRows, instance: Instance, policy: PairPolicy
) -> _Compared:
    pairs, probes, references = _combinations(rows, left, right)
    distinct, which = np.unique(probes, return_inverse=True)
    similarities = right.references.similarities(
        left.references.chosen(distinct), which.astype(np.int64), references
    )
    sizes = np.minimum(left.sizes[probes], right.sizes[references])
    evidence = policy.evidence(instance, similarities, sizes)
    order = np.lexsort((similarities, evidence, pairs))
    last = np.flatnonzero(np.diff(pairs, append=-1))
    counts = np.diff(last, prepend=-1)
    best = order[last]
    return _Compared(
        pairs=pairs[last],
        llrs=evidence[best] - np.log(counts),
        similarities=similarities[best],
        comparisons=counts,
    )


def _combinations(
    rows: NDArray[np.int64], left: InstanceRows, right: InstanceRows
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pair, template of the first and template of the second, for every comparison; `pairs` never falls."""
    first, firsts = left.spans(rows[:, 0])
    second, seconds = right.spans(rows[:, 1])
    counts = firsts * seconds
    pairs = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(len(pairs)) - np.repeat(np.cumsum(counts) - counts, counts)
    probes = first[pairs] + within // np.maximum(seconds, 1)[pairs]
    references = second[pairs] + within % np.maximum(seconds, 1)[pairs]
    speaking = (left.sizes[probes] > 0) & (right.sizes[references] > 0)  # an empty template says nothing
    return pairs[speaking], probes[speaking], references[speaking]


def joined(found: Sequence[Found]) -> Found:
    """Findings of several tiles, each pair of people once, in the order of their places."""
    everything = np.concatenate([np.empty(0, FOUND), *found])
    _, first = np.unique(
        np.column_stack([everything["first"], everything["second"]]), axis=0, return_index=True
    )
    kept: Found = everything[first]
    return kept
