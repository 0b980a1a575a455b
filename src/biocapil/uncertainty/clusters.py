"""Which pairs share a subject: the dependence among the trials of a cross comparison.

A pair joins two subjects, the dyad; a mated pair joins a subject with itself. Two pairs may be of the same
dyad, share exactly one subject, or be disjoint; only disjoint ones are independent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairClusters:
    """Subjects on both sides of each pair.

    Attributes:
        first: Subject of the first side. Shape (P,), int32, 0 to `subjects` - 1.
        second: Subject of the second side; that of the first where the pair is mated. Shape (P,), int32.
        subjects: Number of subjects of the set, also those without a pair.
        dyad: Number of each pair's dyad, dense from 0. Shape (P,), int64.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    subjects: int
    dyad: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        for name, side in (("first", self.first), ("second", self.second)):
            if side.dtype != np.int32 or side.shape != self.first.shape or side.ndim != 1:
                raise ValueError(
                    f"{name} must be int32 of shape (P,), both of one length, "
                    f"got {side.dtype} of shape {side.shape}"
                )
            if len(side) and not (side.min() >= 0 and side.max() < self.subjects):
                raise ValueError(
                    f"{name} must lie in 0..{self.subjects - 1}, got {side.min()} to {side.max()}"
                )
        low = np.minimum(self.first, self.second).astype(np.int64)
        high = np.maximum(self.first, self.second)
        _, dyad = np.unique(low * self.subjects + high, return_inverse=True)
        for name, array in (("first", self.first), ("second", self.second), ("dyad", dyad)):
            view = array.view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.first)

    @property
    def occurring(self) -> int:
        """Number of subjects that a pair joins."""
        seen = np.zeros(self.subjects, dtype=np.bool_)
        seen[self.first] = seen[self.second] = True
        return int(seen.sum())

    def take(self, rows: NDArray[np.bool_] | NDArray[np.integer]) -> PairClusters:
        """Clusters of some of the pairs."""
        return PairClusters(first=self.first[rows], second=self.second[rows], subjects=self.subjects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A sum over ordered pairs of pairs, parted by what the two share.

    Attributes:
        same_dyad: Over different pairs of the same dyad.
        one_subject: Over pairs that share exactly one subject.
        disjoint: Over pairs that share none.
    """

    same_dyad: float
    one_subject: float
    disjoint: float


def single_clusters(subjects: NDArray[np.int32], count: int) -> PairClusters:
    """Clusters of trials that belong to one subject each, such as samples or mated pairs.

    Args:
        subjects: Subject of each trial. Shape (P,), int32.
        count: Number of subjects.
    """
    return PairClusters(first=subjects, second=subjects, subjects=count)


def shared_products(values: NDArray[np.float64], clusters: PairClusters) -> Shared:
    """Sums of the products of two pairs' values.

    Args:
        values: Value of each pair. Shape (P,), float64.
        clusters: Subjects of the pairs.
    """
    with_itself = float(values @ values)
    of_dyads = np.bincount(clusters.dyad, values)
    loops = clusters.first == clusters.second
    of_subjects = np.bincount(clusters.first, values, clusters.subjects) + np.bincount(
        clusters.second[~loops], values[~loops], clusters.subjects
    )
    within = float(of_dyads @ of_dyads)
    of_loops = np.bincount(clusters.dyad[loops], values[loops])
    touching = float(of_subjects @ of_subjects) - 2 * within + float(of_loops @ of_loops)
    return Shared(
        same_dyad=within - with_itself,
        one_subject=touching,
        disjoint=float(values.sum()) ** 2 - within - touching,
    )


def shared_counts(clusters: PairClusters) -> Shared:
    """How many ordered pairs of pairs share a dyad, one subject, or nothing."""
    return shared_products(np.ones(len(clusters)), clusters)
