"""1:N search of embeddings over an in-memory or memory-mapped packed gallery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from biocapil.candidates import Candidate, CandidateList
from biocapil.comparison.embedding_cascade import cascade
from biocapil.comparison.embedding_scan import (
    Pairs,
    ProbeWords,
    below_threshold,
    best_of,
    byte_stage,
    exact_stage,
    spans,
    tiles_of,
    words_of,
)
from biocapil.comparison.packed_embeddings import PackedEmbeddings, stack_rows
from biocapil.comparison.sign_gates import SignGates
from biocapil.embedding import Embedding
from biocapil.threads import map_in_order, thread_budget

MAX_LIMIT = 1000
"""Longest candidate list: the kernels keep lists sorted as they go."""

MOST_PAIRS = 1 << 28
"""Pairs of probe and reference that the cascade takes at a time: what passes its first stage is kept."""

GATES = ("reached_two", "reached_three")

Part = TypeVar("Part")


def search_embeddings(
    probes: Sequence[Embedding],
    packed: PackedEmbeddings,
    *,
    limit: int = 10,
    threshold: float | None = None,
    exact: bool = True,
    gates: SignGates | None = None,
    workers: int | None = None,
) -> tuple[CandidateList, ...]:
    """Find the references most like each probe.

    Many probes at once cost far less each than one: the gallery is read once for all of them. The answer
    depends neither on that nor on the number of threads.

    Args:
        probes: What to search for.
        packed: References.
        limit: Longest candidate list of a probe, 1 to 1000.
        threshold: Smallest similarity of a candidate, -1 to 1; None for all.
        exact: Compare in full with every reference, in place of leaving out those that their signs tell to
            be unlike (`biocapil.comparison.sign_gates`).
        gates: How unlike they must be for that; by default so that hardly one at the threshold is lost.
        workers: Threads; by default the budget of the process.

    Returns:
        For each probe its candidates in order of falling similarity, ties in order of rising row.
        Similarities are inner products, of quantised values where the gallery holds no others.
        `passed_gates` counts what reached stages two and three of the cascade.

    Raises:
        IncompatibleTemplates: A probe and the gallery are of different models.
        ValueError: A probe has other dimensions than the gallery, `limit` or `threshold` lies
            outside its range, `exact` is False without a threshold, or there are gates and it is True.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit must be 1 to {MAX_LIMIT}, got {limit}")
    require_threshold(threshold)
    if exact and gates is not None:
        raise ValueError("gates need exact=False: the exact search has none")
    rows = stack_rows(probes, model_id=packed.model_id, dimensions=packed.dimensions)
    if not len(rows):
        return ()
    words = words_of(rows, packed)
    kept = min(limit, len(packed))
    threads = workers or thread_budget()
    if exact:
        return _exact(words, packed, limit=kept, threshold=threshold, threads=threads)
    if threshold is None:
        raise ValueError("exact=False needs a threshold: the gate on signs is set for it")
    return _gated(words, packed, limit=kept, threshold=threshold, gates=gates, threads=threads)


def require_threshold(threshold: float | None) -> None:
    """Check that a threshold is a cosine.

    Raises:
        ValueError: It is not.
    """
    if threshold is not None and not -1.0 <= threshold <= 1.0:
        raise ValueError(f"threshold must be a similarity from -1 to 1, got {threshold!r}")


def in_order(
    run: Callable[[tuple[int, int]], Part], parts: list[tuple[int, int]], threads: int
) -> list[Part]:
    """Results of the parts in their order; one part, or one thread, needs no pool."""
    if len(parts) <= 1 or threads == 1:
        return [run(part) for part in parts]
    return list(map_in_order(run, parts, workers=threads))


def _exact(
    words: ProbeWords, packed: PackedEmbeddings, *, limit: int, threshold: float | None, threads: int
) -> tuple[CandidateList, ...]:
    stage = exact_stage(packed, words)
    tiles = tiles_of(stage)
    unit = 1.0 if packed.values is not None else packed.scale**2
    bound = below_threshold(packed, stage, threshold)

    def run(part: tuple[int, int]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        return best_of(stage, tiles, *part, limit=limit, bound=bound)

    parts = in_order(run, spans(stage, threads=threads), threads)
    scores = np.concatenate([part[0] for part in parts], axis=1).astype(np.float64)
    rows = np.concatenate([part[1] for part in parts], axis=1)
    scores[rows < 0] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")[:, :limit]
    rows = np.take_along_axis(rows, order, axis=1)
    similarities = np.take_along_axis(scores, order, axis=1) / unit
    return tuple(
        _candidates(found[found >= 0], alike[found >= 0], packed, (0, 0))
        for found, alike in zip(rows, similarities, strict=True)
    )


def _gated(
    words: ProbeWords,
    packed: PackedEmbeddings,
    *,
    limit: int,
    threshold: float,
    gates: SignGates | None,
    threads: int,
) -> tuple[CandidateList, ...]:
    parts = in_order(
        lambda part: cascade(packed, words, threshold, *part, gates=gates),
        spans(byte_stage(packed, words), threads=threads, most_pairs=MOST_PAIRS),
        threads,
    )
    two, three = (np.sum([getattr(part, name) for part in parts], axis=0) for name in GATES)
    pairs = _joined([part.pairs for part in parts])
    order = np.lexsort((pairs.rows, -pairs.scores, pairs.probes))
    borders = np.searchsorted(pairs.probes[order], np.arange(len(words) + 1))
    return tuple(
        _candidates(
            pairs.rows[order[first:last]][:limit],
            pairs.scores[order[first:last]][:limit],
            packed,
            (int(two[probe]), int(three[probe])),
        )
        for probe, (first, last) in enumerate(pairwise(borders))
    )


def _joined(parts: list[Pairs]) -> Pairs:
    return Pairs(
        probes=np.concatenate([part.probes for part in parts]),
        rows=np.concatenate([part.rows for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
    )


def _candidates(
    rows: NDArray[np.int64], similarities: NDArray[Any], packed: PackedEmbeddings, passed: tuple[int, int]
) -> CandidateList:
    return CandidateList(
        candidates=tuple(
            Candidate(row=row, similarity=alike)
            for row, alike in zip(rows.tolist(), similarities.tolist(), strict=True)
        ),
        searched=len(packed),
        passed_gates=passed,
    )
