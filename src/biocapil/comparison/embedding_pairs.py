"""Every embedding against every other: the pairs from a threshold on."""

from __future__ import annotations

import numpy as np

from biocapil.comparison.all_pairs import ScoredPair
from biocapil.comparison.embedding_cascade import cascade
from biocapil.comparison.embedding_layout import GROUP, LANES
from biocapil.comparison.embedding_scan import (
    Pairs,
    below_threshold,
    exact_stage,
    pairs_of,
    tiles_of,
    words_of_references,
)
from biocapil.comparison.embedding_search import in_order, require_threshold
from biocapil.comparison.packed_embeddings import PackedEmbeddings
from biocapil.comparison.sign_gates import SignGates
from biocapil.threads import thread_budget

ROWS_A_PART = 4 * GROUP * LANES
"""References that are probes at a time: 24 tiles, with which the gallery is read seldom enough."""


def embedding_pairs_above(
    packed: PackedEmbeddings,
    *,
    threshold: float,
    exact: bool = True,
    gates: SignGates | None = None,
    workers: int | None = None,
) -> tuple[ScoredPair, ...]:
    """Compare all unordered pairs of a set.

    The answer does not depend on the number of threads.

    Args:
        packed: The set.
        threshold: Smallest similarity of a pair that is returned, -1 to 1.
        exact: Compare every pair in full, in place of leaving out those that their signs tell to be unlike
            (`biocapil.comparison.sign_gates`).
        gates: How unlike they must be for that; by default so that hardly one at the threshold is lost.
        workers: Threads; by default the budget of the process.

    Returns:
        Pairs from the threshold on, most alike first, ties in order of the rows.

    Raises:
        ValueError: `threshold` lies outside its range, or there are gates and `exact` is True.
    """
    require_threshold(threshold)
    if exact and gates is not None:
        raise ValueError("gates need exact=False: the exact comparison has none")

    def run(part: tuple[int, int]) -> Pairs:
        found = _of_rows(packed, *part, threshold=threshold, exact=exact, gates=gates)
        return Pairs(probes=found.probes + part[0], rows=found.rows, scores=found.scores)

    borders = range(0, len(packed), ROWS_A_PART)
    parts = [(first, min(first + ROWS_A_PART, len(packed))) for first in borders]
    found = in_order(run, parts, workers or thread_budget())
    first_rows, second_rows = (
        np.concatenate([getattr(part, name) for part in found]) for name in ("probes", "rows")
    )
    similarities = np.concatenate([part.scores for part in found])
    order = np.lexsort((second_rows, first_rows, -similarities))
    return tuple(
        ScoredPair(first_row=first, second_row=second, similarity=alike)
        for first, second, alike in zip(
            first_rows[order].tolist(), second_rows[order].tolist(), similarities[order].tolist(), strict=True
        )
    )


def _of_rows(
    packed: PackedEmbeddings,
    first: int,
    last: int,
    *,
    threshold: float,
    exact: bool,
    gates: SignGates | None,
) -> Pairs:
    """Pairs of some rows with all later rows; probes counted from `first`."""
    probes = words_of_references(packed, np.arange(first, last))
    blocks = (first // LANES, len(packed.octets))
    if not exact:
        return cascade(packed, probes, threshold, *blocks, after=first, gates=gates).pairs
    stage = exact_stage(packed, probes)
    unit = 1.0 if packed.values is not None else packed.scale**2
    bound = below_threshold(packed, stage, threshold)
    found = pairs_of(stage, tiles_of(stage), *blocks, bound=bound, after=first)
    return Pairs(probes=found.probes, rows=found.rows, scores=found.scores / unit)
