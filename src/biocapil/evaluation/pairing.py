"""Which samples are compared with which: the pair protocols, and the pairs whose truth is in doubt.

    entries, content hashes ─► pair_samples ─► ComparisonPairs ─► similarities ─► rates

Two samples of the same source (dataset, subject, instance) are mated. Sets gathered in the field file
one and the same picture under several people; the sources that share such a picture may be one body
part, so the pairs between them are neither mated nor non-mated: they are left out, and counted. So are the
pairs that somebody excluded by name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError
from biocapil.exclusion import PairExclusion
from biocapil.subject import SampleEntry

NAMES: tuple[Callable[[SampleEntry], str], ...] = (
    lambda entry: entry.name,
    lambda entry: entry.subject,
    lambda entry: f"{entry.dataset}/{entry.subject}",
)
"""What an exclusion may call a sample by: the first kind of name that any sample of the set bears counts."""


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
        doubtful: Pairs of different sources that share a byte-identical sample. Shape (D, 2), int32.
        excluded: Pairs that were excluded by name. Shape (E, 2), int32.
    """

    mated: NDArray[np.int32]
    nonmated: NDArray[np.int32]
    doubtful: NDArray[np.int32]
    excluded: NDArray[np.int32]

    @property
    def left_out(self) -> int:
        """Number of pairs of different sources that share a byte-identical sample."""
        return len(self.doubtful)


def pair_samples(
    entries: Sequence[SampleEntry],
    content_sha256: Sequence[str | None],
    *,
    protocol: PairProtocol,
    excluded: Sequence[PairExclusion] = (),
) -> ComparisonPairs:
    """Pairs that a protocol compares among the samples of a set.

    Args:
        entries: Samples; their order decides which impression is a source's first.
        content_sha256: Checksum of each sample's bytes, one per entry; None where no template was made
            of them: equal rubbish says nothing about whose it is.
        protocol: Which pairs to form.
        excluded: Samples and pairs to leave out.

    Raises:
        FormatError: An exclusion names neither a sample nor a subject of the set.
        ValueError: Not one checksum per entry.
    """
    if len(entries) != len(content_sha256):
        raise ValueError(
            f"one checksum per entry is needed, got {len(content_sha256)} for {len(entries)} entries"
        )
    sources = _numbered([entry.source for entry in entries])
    suspects = _joined_sources(sources, content_sha256)
    left_out = _excluded_pairs(entries, excluded)
    every = _unordered_pairs(np.arange(len(entries), dtype=np.int32))
    mated = every[_alike(sources, every)]
    if protocol is PairProtocol.FVC:
        _, firsts = np.unique(sources, return_index=True)
        every = _unordered_pairs(np.sort(firsts).astype(np.int32))
    between = every[~_alike(sources, every)]
    doubtful = _alike(suspects, between)
    kept_mated, kept_nonmated = (_not_among(left_out, pairs) for pairs in (mated, between))
    return ComparisonPairs(
        mated=mated[kept_mated],
        nonmated=between[~doubtful & kept_nonmated],
        doubtful=between[doubtful & kept_nonmated],
        excluded=np.concatenate([mated[~kept_mated], between[~kept_nonmated]]),
    )


def _excluded_pairs(entries: Sequence[SampleEntry], excluded: Sequence[PairExclusion]) -> NDArray[np.bool_]:
    """Whether each two samples are excluded. Shape (N, N), or (0, 0) where nothing is."""
    if not excluded:
        return np.zeros((0, 0), dtype=np.bool_)
    every = np.ones(len(entries), dtype=np.bool_)
    pairs = np.zeros((len(entries), len(entries)), dtype=np.bool_)
    for exclusion in excluded:
        first = _rows_called(exclusion.first, entries, exclusion)
        second = _rows_called(exclusion.second, entries, exclusion) if exclusion.second else every
        pairs |= np.outer(first, second) | np.outer(second, first)
    return pairs


def _rows_called(name: str, entries: Sequence[SampleEntry], exclusion: PairExclusion) -> NDArray[np.bool_]:
    """Samples that a name means: the one called so, else all of the subject, in one dataset or in any."""
    for calls in NAMES:
        rows = np.array([calls(entry) == name for entry in entries], dtype=np.bool_)
        if rows.any():
            return rows
    where = f"exclusions line {exclusion.line}: " if exclusion.line else ""
    raise FormatError(f"{where}{name!r} is neither a sample nor a subject of the set")


def _not_among(pairs: NDArray[np.bool_], rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    if not len(pairs):
        return np.ones(len(rows), dtype=np.bool_)
    kept: NDArray[np.bool_] = ~pairs[rows[:, 0], rows[:, 1]]
    return kept


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
