"""Faults of the data that look like errors of the comparison: a person filed twice, a sample filed wrongly.

Nothing is left out because of them; a person looks, and writes what is wrong into an exclusion file.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from biocapil.evaluation.score_set import ScoreSet
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality

SUSPECT_SIMILARITY: Mapping[Modality, float] = {
    Modality.FINGER: 15.0,
    Modality.FACE: 60.0,
    Modality.IRIS: 36.0,
}
"""Similarity from which samples of two sources are looked at. Of fingers, but for those filed twice, none of
2.6 million pairs of different people reached it; of faces it is a cosine of 0.6, of irises a distance of
0.32, the decision threshold of doi:10.1109/TCSVT.2003.818350, section V."""
SMALLEST_BLOCK = 4
"""Pairs between two body parts from which their mean says something."""
BLOCK_DEVIATIONS = 8.0
"""Robust standard deviations above the median block from which a block stands out."""
NORMAL_MAD = 1.4826


class SuspectReason(Enum):
    """Why a pair or sample is listed."""

    DUPLICATE_LEVEL = "similarity of a non-mated pair is at the level of duplicates"
    LIKE_MATES = "samples of two body parts are on average as alike as mates"
    NO_MATE = "sample matches none of its mates"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectPair:
    """Two samples of different sources that may be of one body part.

    Attributes:
        first: Sample that stands earlier in the set.
        second: Sample that stands later; the likest pair of the two sources.
        similarity: Similarity score.
        reason: Why they are listed.
    """

    first: SampleEntry
    second: SampleEntry
    similarity: float
    reason: SuspectReason


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectSample:
    """A sample that may be of another body part than it is filed under.

    Attributes:
        entry: The sample.
        mates: How many samples it was compared with as a mate.
        best_similarity: Highest similarity to one of them.
        reason: Why it is listed.
    """

    entry: SampleEntry
    mates: int
    best_similarity: float
    reason: SuspectReason


def suspect_pairs(
    scores: ScoreSet, entries: Sequence[SampleEntry], *, duplicate_similarity: float
) -> tuple[SuspectPair, ...]:
    """Pairs of sources that are far more alike than strangers are, one entry each, likest first.

    Args:
        scores: The set.
        entries: Its samples.
        duplicate_similarity: Similarity from which a pair counts as a duplicate.
    """
    compared = np.flatnonzero(np.isfinite(scores.nonmated))
    similarities, pairs = scores.nonmated[compared], scores.nonmated_pairs[compared]
    block, likest = _blocks(similarities, pairs, entries)
    above = similarities[likest] >= duplicate_similarity
    unusual = _stands_out(scores, similarities, block)
    listed = [
        SuspectPair(
            first=entries[int(pairs[row, 0])],
            second=entries[int(pairs[row, 1])],
            similarity=float(similarities[row]),
            reason=SuspectReason.DUPLICATE_LEVEL if above[at] else SuspectReason.LIKE_MATES,
        )
        for at, row in enumerate(likest)
        if above[at] or unusual[at]
    ]
    return tuple(sorted(listed, key=lambda pair: -pair.similarity))


def suspect_samples(
    scores: ScoreSet, entries: Sequence[SampleEntry], *, threshold: float
) -> tuple[SuspectSample, ...]:
    """Samples with at least two mates that match none of them, in the order of the set.

    Args:
        scores: The set.
        entries: Its samples.
        threshold: Smallest similarity that matches.
    """
    compared = np.isfinite(scores.mated)
    sides = scores.mated_pairs[compared].T
    similarities = scores.mated[compared]
    best = np.full(len(entries), -np.inf)
    mates = np.zeros(len(entries), dtype=np.int64)
    for side in sides:
        np.maximum.at(best, side, similarities)
        np.add.at(mates, side, 1)
    return tuple(
        SuspectSample(
            entry=entries[int(row)],
            mates=int(mates[row]),
            best_similarity=float(best[row]),
            reason=SuspectReason.NO_MATE,
        )
        for row in np.flatnonzero((mates >= 2) & (best < threshold))
    )


def _blocks(
    similarities: NDArray[np.float32], pairs: NDArray[np.int32], entries: Sequence[SampleEntry]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of the two sources of each pair, and the likest pair of each two sources."""
    numbers: dict[Hashable, int] = {}
    sources = np.array([numbers.setdefault(entry.source, len(numbers)) for entry in entries], dtype=np.int64)
    sides = np.sort(sources[pairs], axis=1)
    _, block = np.unique(sides[:, 0] * len(numbers) + sides[:, 1], return_inverse=True)
    order = np.lexsort((np.arange(len(block)), -similarities, block))
    _, first = np.unique(block[order], return_index=True)
    return block, order[first]


def _stands_out(
    scores: ScoreSet, similarities: NDArray[np.float32], block: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether the mean of each block is that of mates, and far from that of the other blocks."""
    mated = scores.mated[np.isfinite(scores.mated)]
    sizes = np.bincount(block)
    if not len(mated) or not len(sizes):
        return np.zeros(len(sizes), dtype=np.bool_)
    means = np.bincount(block, similarities) / sizes
    middle = np.median(means)
    spread = NORMAL_MAD * np.median(np.abs(means - middle))
    unusual: NDArray[np.bool_] = (
        (sizes >= SMALLEST_BLOCK)
        & (means >= np.quantile(mated, 0.25))
        & (means > middle + BLOCK_DEVIATIONS * spread)
    )
    return unusual
