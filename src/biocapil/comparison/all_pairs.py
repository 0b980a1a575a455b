"""Every template against every other: the matrix, and the pairs above a threshold."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.packed import PackedTemplates
from biocapil.comparison.probe import probe_from_rows
from biocapil.comparison.search import scan
from biocapil.threads import map_in_order

BIN_EDGES = np.concatenate([[0.0], np.geomspace(0.01, 1000.0, 101), [np.inf]])
"""Borders of the histogram of similarity: twenty bins a decade."""

Progress = Callable[[int, int], None]
"""Called with the comparisons done so far and their total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPair:
    """Two rows of a packed set and how alike they are.

    Attributes:
        first_row: Smaller row.
        second_row: Larger row.
        similarity: Similarity score of the two.
    """

    first_row: int
    second_row: int
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AllAgainstAll:
    """What comparing a packed set with itself found.

    Attributes:
        pairs: Pairs from the threshold on, most alike first, ties in order of the rows.
        compared: How many pairs were compared.
        histogram: Pairs in each bin of similarity. Shape (B,), int64.
        bin_edges: Borders of the bins. Shape (B + 1,), float64; the last is infinite.
    """

    pairs: tuple[ScoredPair, ...]
    compared: int
    histogram: NDArray[np.int64]
    bin_edges: NDArray[np.float64]


def pairs_above(
    packed: PackedTemplates,
    *,
    threshold: float,
    kinds: NDArray[np.integer[Any]] | None = None,
    threshold_across: float | None = None,
    exact: bool = True,
    on_progress: Progress | None = None,
    workers: int | None = None,
) -> AllAgainstAll:
    """Compare all unordered pairs of a set.

    Args:
        packed: The set.
        threshold: Smallest similarity of a pair that is returned, above 0.
        kinds: What each template is of, for example which finger; None makes all of one kind. Shape (N,).
        threshold_across: Smallest similarity of a returned pair of two kinds; by default `threshold`.
        exact: Compare every pair in full; else those that the gates stop count as 0.
        on_progress: Called with the comparisons done so far and their total.
        workers: Threads; by default the budget of the process.

    Raises:
        ValueError: A threshold is not above 0: every pair would be returned; or not one kind a template.
    """
    across = threshold if threshold_across is None else threshold_across
    for least in (threshold, across):
        if not least > 0:
            raise ValueError(f"threshold must be above 0, got {least!r}: every pair would be returned")
    of_kind = np.zeros(len(packed), np.int64) if kinds is None else kinds
    if of_kind.shape != (len(packed),):
        raise ValueError(f"kinds must have the shape ({len(packed)},), got {of_kind.shape}")
    total = len(packed) * (len(packed) - 1) // 2
    histogram = np.zeros(len(BIN_EDGES) - 1, np.int64)
    found: list[ScoredPair] = []
    done = 0
    with closing(
        map_in_order(partial(_beyond, packed, exact=exact), range(len(packed)), workers=workers)
    ) as rows:
        for row, similarities in enumerate(rows):
            histogram += np.histogram(similarities, BIN_EDGES)[0]
            found += [
                ScoredPair(first_row=row, second_row=row + 1 + int(k), similarity=float(similarities[k]))
                for k in np.flatnonzero(
                    similarities >= np.where(of_kind[row + 1 :] == of_kind[row], threshold, across)
                )
            ]
            done += len(similarities)
            if on_progress is not None:
                on_progress(done, total)
    found.sort(key=lambda pair: (-pair.similarity, pair.first_row, pair.second_row))
    return AllAgainstAll(pairs=tuple(found), compared=total, histogram=histogram, bin_edges=BIN_EDGES)


def similarity_matrix(
    probes: PackedTemplates,
    references: PackedTemplates,
    *,
    exact: bool = True,
    on_progress: Progress | None = None,
    workers: int | None = None,
) -> NDArray[np.float32]:
    """Similarity of each probe to each reference.

    Args:
        probes: Probes.
        references: References; where they are the probes themselves, each pair is compared once.
        exact: Compare every pair in full; else those that the gates stop count as 0.
        on_progress: Called with the comparisons done so far and their total.
        workers: Threads; by default the budget of the process.

    Returns:
        Shape (P, R), float32; memory grows with both.

    Raises:
        IncompatibleTemplates: Probes and references are of different models.
    """
    itself = probes is references
    matrix = np.zeros((len(probes), len(references)), np.float32)

    def one(row: int) -> int:
        first = row if itself else 0
        probe = probe_from_rows(probes.rows(row), probes.model_id)
        matrix[row, first:] = scan(probe, references, first=first, exact=exact, workers=1).similarities
        return len(references) - first

    total = len(probes) * (len(probes) + 1) // 2 if itself else matrix.size
    done = 0
    with closing(map_in_order(one, range(len(probes)), workers=workers)) as rows:
        for compared in rows:
            done += compared
            if on_progress is not None:
                on_progress(done, total)
    return np.maximum(matrix, matrix.T) if itself else matrix


def _beyond(packed: PackedTemplates, row: int, *, exact: bool) -> NDArray[np.float32]:
    """Similarities of one row to all later rows."""
    probe = probe_from_rows(packed.rows(row), packed.model_id)
    return scan(probe, packed, first=row + 1, exact=exact, workers=1).similarities
