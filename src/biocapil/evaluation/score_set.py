"""`ScoreSet`: the similarities of a set with the samples and the people on both sides of each pair."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.evaluation.pairing import ComparisonPairs
from biocapil.evaluation.similarities import pair_similarities
from biocapil.subject import SampleEntry
from biocapil.uncertainty import PairClusters


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreSet:
    """What comparing a set gave.

    Attributes:
        mated: Similarities of mated pairs; -inf where a side failed. Shape (M,), float32.
        nonmated: The same of non-mated pairs. Shape (K,), float32.
        mated_pairs: Sample rows of the mated pairs. Shape (M, 2), int32.
        nonmated_pairs: Sample rows of the non-mated pairs. Shape (K, 2), int32.
        people: Number of the person of each sample, in order of first appearance. Shape (N,), int32.
        mated_clusters: People of the mated pairs.
        nonmated_clusters: People of the non-mated pairs; both sides may be fingers of one person.
    """

    mated: NDArray[np.float32]
    nonmated: NDArray[np.float32]
    mated_pairs: NDArray[np.int32]
    nonmated_pairs: NDArray[np.int32]
    people: NDArray[np.int32]
    mated_clusters: PairClusters
    nonmated_clusters: PairClusters

    def __post_init__(self) -> None:
        for name, scores, pairs in (
            ("mated", self.mated, self.mated_pairs),
            ("nonmated", self.nonmated, self.nonmated_pairs),
        ):
            if pairs.shape != (len(scores), 2):
                raise ValueError(f"{name}_pairs must have shape ({len(scores)}, 2), got {pairs.shape}")

    @property
    def person_count(self) -> int:
        """Number of people of the set."""
        return self.mated_clusters.subjects


def score_set(
    entries: Sequence[SampleEntry],
    pairs: ComparisonPairs,
    matrix: NDArray[np.float32],
    rows: NDArray[np.int32],
) -> ScoreSet:
    """Similarities of the pairs of a set.

    Args:
        entries: Samples of the set.
        pairs: Pairs that are compared.
        matrix: Similarities of all templates. Shape (T, T), float32, symmetric.
        rows: Row of each sample in the matrix, or `NO_TEMPLATE`. Shape (N,), int32.
    """
    return make_score_set(
        [entry.person for entry in entries],
        mated=pair_similarities(matrix, rows, pairs.mated),
        nonmated=pair_similarities(matrix, rows, pairs.nonmated),
        mated_pairs=pairs.mated,
        nonmated_pairs=pairs.nonmated,
    )


def make_score_set(
    people: Sequence[Hashable],
    *,
    mated: NDArray[np.float32],
    nonmated: NDArray[np.float32],
    mated_pairs: NDArray[np.int32],
    nonmated_pairs: NDArray[np.int32],
) -> ScoreSet:
    """Similarities, from wherever they come, with the people behind them.

    Args:
        people: Whose each sample is, one per sample.
        mated: Similarities of mated pairs; -inf where a side failed. Shape (M,), float32.
        nonmated: The same of non-mated pairs. Shape (K,), float32.
        mated_pairs: Sample rows of the mated pairs. Shape (M, 2), int32.
        nonmated_pairs: Sample rows of the non-mated pairs. Shape (K, 2), int32.
    """
    numbers: dict[Hashable, int] = {}
    numbered = np.array([numbers.setdefault(person, len(numbers)) for person in people], dtype=np.int32)
    return ScoreSet(
        mated=mated,
        nonmated=nonmated,
        mated_pairs=mated_pairs,
        nonmated_pairs=nonmated_pairs,
        people=numbered,
        mated_clusters=_clusters(numbered, mated_pairs, len(numbers)),
        nonmated_clusters=_clusters(numbered, nonmated_pairs, len(numbers)),
    )


def _clusters(people: NDArray[np.int32], pairs: NDArray[np.int32], count: int) -> PairClusters:
    return PairClusters(first=people[pairs[:, 0]], second=people[pairs[:, 1]], subjects=count)
