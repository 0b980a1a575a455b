"""Which samples are compared with which: the pair protocols, and the pairs whose truth is in doubt.

    entries, content hashes ─► pair_samples ─► ComparisonPairs ─► similarities ─► rates

Two samples of the same source (dataset, subject, instance) are mated. Sets gathered in the field file
one and the same picture under several people; the sources that share such a picture may be one body
part, so the pairs between them are neither mated nor non-mated: they are left out, and counted.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from biocapil.subject import SampleEntry


class PairProtocol(Enum):
    """Which pairs an evaluation compares; every pair once, unordered.

    Reference: Maio et al., FVC2000: Fingerprint Verification Competition, IEEE TPAMI 24(3), 2002,
    DOI 10.1109/34.990140, section 4.
    """

    ALL = "all"
    """Every mated pair and every non-mated pair."""
    FVC = "fvc"
    """Every mated pair; of the non-mated ones the first impression of each source with each other's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparisonPairs:
    """Pairs of sample rows, the smaller row first, in rising order.

    Attributes:
        mated: Pairs of the same source. Shape (M, 2), int32.
        nonmated: Pairs of different sources. Shape (K, 2), int32.
        left_out: Pairs of different sources that share a byte-identical sample.
    """

    mated: NDArray[np.int32]
    nonmated: NDArray[np.int32]
    left_out: int


def pair_samples(
    entries: Sequence[SampleEntry], content_sha256: Sequence[str | None], *, protocol: PairProtocol
) -> ComparisonPairs:
    """Pairs that a protocol compares among the samples of a set.

    Args:
        entries: Samples; their order decides which impression is a source's first.
        content_sha256: Checksum of each sample's bytes, one per entry; None where no template was made
            of them: equal rubbish says nothing about whose it is.
        protocol: Which pairs to form.

    Raises:
        ValueError: Not one checksum per entry.
    """
    if len(entries) != len(content_sha256):
        raise ValueError(
            f"one checksum per entry is needed, got {len(content_sha256)} for {len(entries)} entries"
        )
    sources = _numbered([entry.source for entry in entries])
    suspects = _joined_sources(sources, content_sha256)
    every = _unordered_pairs(np.arange(len(entries), dtype=np.int32))
    mated = every[_alike(sources, every)]
    if protocol is PairProtocol.FVC:
        _, firsts = np.unique(sources, return_index=True)
        every = _unordered_pairs(np.sort(firsts).astype(np.int32))
    between = every[~_alike(sources, every)]
    doubtful = _alike(suspects, between)
    return ComparisonPairs(mated=mated, nonmated=between[~doubtful], left_out=int(doubtful.sum()))


def _alike(labels: NDArray[np.int32], pairs: NDArray[np.int32]) -> NDArray[np.bool_]:
    alike: NDArray[np.bool_] = labels[pairs[:, 0]] == labels[pairs[:, 1]]
    return alike


def _unordered_pairs(rows: NDArray[np.int32]) -> NDArray[np.int32]:
    first, second = np.triu_indices(len(rows), k=1)
    return np.stack([rows[first], rows[second]], axis=1)


def _numbered(names: Sequence[Hashable]) -> NDArray[np.int32]:
    """A number per distinct name, in order of first appearance."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int32)


def _joined_sources(sources: NDArray[np.int32], content_sha256: Sequence[str | None]) -> NDArray[np.int32]:
    """Label of each sample's source after joining the sources that share a byte-identical sample."""
    labels = sources.copy()
    first_row: dict[str, int] = {}
    for row, checksum in enumerate(content_sha256):
        if checksum:
            twin = first_row.setdefault(checksum, row)
            if labels[twin] != labels[row]:
                labels[labels == labels[row]] = labels[twin]
    return labels
