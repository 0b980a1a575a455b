"""1:N search of plain bit strings by the number of bits that differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.code_candidates import CodeCandidate, CodeCandidateList
from biocapil.comparison.packed_bits import BitStrings, PackedBits
from biocapil.comparison.packed_codes import LANES
from biocapil.comparison.spans import Span, run_spans, spans
from biocapil.errors import IncompatibleTemplates

TILES = (1, 4, 16)
"""Probes that the kernel can compare at once."""

PROBES_AT_ONCE = 256
"""Probes that share one reading of the references."""

NEVER = -1
"""Largest distance of places in a tile that hold no probe."""


def search_bits(
    probes: BitStrings,
    references: PackedBits,
    *,
    limit: int | None = 10,
    largest_distance: int | None = None,
    workers: int | None = None,
) -> tuple[CodeCandidateList, ...]:
    """Find the references in which the fewest bits differ from each probe.

    The answer does not depend on the number of threads.

    Args:
        probes: What to search for.
        references: What to search in.
        limit: Longest candidate list, at least 1; None for all within the distance.
        largest_distance: Bits that may differ in a candidate, 0 to all; by default all.
        workers: Threads; by default the budget of the process.

    Returns:
        A candidate list for each probe, in their order; ties in order of rising row.

    Raises:
        IncompatibleTemplates: Probes and references are of different models.
        ValueError: They are of different lengths, or a number lies outside its range.
    """
    most = references.bits if largest_distance is None else largest_distance
    _require(probes, references, limit, most)
    from biocapil.comparison.kernels import bits as kernel
    from biocapil.comparison.kernels.compilation import has_wide_vectors

    rule = kernel.BitRule(max(1, len(references)) if limit is None else limit, has_wide_vectors())

    def run(span: Span) -> kernel.KeptBits:
        size = span.probes.stop - span.probes.start
        longest = min(rule.limit, (span.last - span.first) * LANES)
        kept = kernel.KeptBits(
            np.empty((size, longest), np.int64), np.empty((size, longest), np.int32), np.zeros(size, np.int64)
        )
        tiles = tiles_of(probes.words[span.probes])
        distances = np.full(tiles.shape[::2], NEVER, np.int64)
        distances.reshape(-1)[:size] = most
        kernel.scan_bits(
            references.blocks, references.count, (span.first, span.last), tiles, distances, rule, kept
        )
        return kept

    todo = list(
        spans(len(probes), len(references.blocks), work=references.blocks.shape[1], at_once=PROBES_AT_ONCE)
    )
    rows: list[list[NDArray[np.int64]]] = [[] for _ in range(len(probes))]
    differing: list[list[NDArray[np.int32]]] = [[] for _ in range(len(probes))]
    for span, kept in run_spans(run, todo, workers=workers):
        for p, index in enumerate(range(span.probes.start, span.probes.stop)):
            rows[index].append(kept.rows[p, : kept.found[p]].copy())
            differing[index].append(kept.differing[p, : kept.found[p]].copy())
    return tuple(
        _list_of(np.concatenate(found), np.concatenate(bits), references, rule.limit)
        if found
        else _list_of(np.empty(0, np.int64), np.empty(0, np.int32), references, rule.limit)
        for found, bits in zip(rows, differing, strict=True)
    )


def tiles_of(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Probes side by side, as many as the kernel compares at once, the last tile filled up with zeros.

    Args:
        words: Shape (Q, words).

    Returns:
        Shape (T, words, tile), read-only.
    """
    tile = next((size for size in TILES if len(words) <= size), TILES[-1])
    filled = np.zeros((-(-len(words) // tile) * tile, words.shape[1]), np.uint64)
    filled[: len(words)] = words
    tiles = np.ascontiguousarray(filled.reshape(-1, tile, words.shape[1]).transpose(0, 2, 1))
    tiles.flags.writeable = False
    return tiles


def _list_of(
    rows: NDArray[np.int64], differing: NDArray[np.int32], references: PackedBits, limit: int
) -> CodeCandidateList:
    order = np.lexsort((rows, differing))[:limit]
    return CodeCandidateList(
        candidates=tuple(
            CodeCandidate(
                row=int(rows[k]), differing_bits=int(differing[k]), compared_bits=references.bits, turn=0
            )
            for k in order
        ),
        searched=len(references),
        not_comparable=0,
        settled=0,
    )


def _require(probes: BitStrings, references: PackedBits, limit: int | None, most: int) -> None:
    if probes.model_id != references.model_id:
        raise IncompatibleTemplates(
            f"the probes were made by {probes.model_id}, the references by {references.model_id}; "
            f"strings of different models never compare: make both with one model"
        )
    if probes.bits != references.bits:
        raise ValueError(
            f"probes have {probes.bits} bits, the references {references.bits}: they never compare"
        )
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    if not 0 <= most <= references.bits:
        raise ValueError(f"largest_distance must lie in 0..{references.bits}, got {most}")
