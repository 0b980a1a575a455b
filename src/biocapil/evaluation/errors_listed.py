"""The worst pairs of an evaluation, for a person to look at: the likest strangers, the unlikest mates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.evaluation.score_set import ScoreSet
from biocapil.subject import SampleEntry

LISTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPair:
    """Two samples and how alike they are.

    Attributes:
        first: Sample that stands earlier in the set.
        second: Sample that stands later.
        similarity: Similarity score.
    """

    first: SampleEntry
    second: SampleEntry
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstErrors:
    """Pairs that an evaluation does worst on.

    Attributes:
        nonmated: Non-mated pairs of the highest similarity, highest first.
        mated: Mated pairs of the lowest similarity, lowest first; without those of which a side failed.
    """

    nonmated: tuple[ListedPair, ...]
    mated: tuple[ListedPair, ...]


def worst_errors(scores: ScoreSet, entries: Sequence[SampleEntry], *, count: int = LISTED) -> WorstErrors:
    """Pairs that an evaluation does worst on; ties in order of the samples.

    Args:
        scores: The set.
        entries: Its samples.
        count: How many pairs of each kind, at least 0.
    """
    if count < 0:
        raise ValueError(f"count must be at least 0, got {count}")
    return WorstErrors(
        nonmated=_listed(scores.nonmated, scores.nonmated_pairs, entries, count, sign=-1.0),
        mated=_listed(scores.mated, scores.mated_pairs, entries, count, sign=1.0),
    )


def _listed(
    similarities: NDArray[np.float32],
    pairs: NDArray[np.int32],
    entries: Sequence[SampleEntry],
    count: int,
    *,
    sign: float,
) -> tuple[ListedPair, ...]:
    compared = np.flatnonzero(np.isfinite(similarities))
    order = compared[np.argsort(sign * similarities[compared], kind="stable")[:count]]
    return tuple(
        ListedPair(
            first=entries[int(pairs[row, 0])],
            second=entries[int(pairs[row, 1])],
            similarity=float(similarities[row]),
        )
        for row in order
    )
