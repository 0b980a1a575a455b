"""Scores of probes with a packed gallery, in one of its precisions: between the search and the kernels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.embedding_layout import (
    BYTE_ZERO,
    GROUP,
    LANES,
    Words,
    byte_words,
    probe_tiles,
    quantised,
    rows_of_blocks,
    sign_words,
    signed_bytes,
)
from biocapil.comparison.embedding_precision import as_probes, probe_values, rounded, tile_bits
from biocapil.comparison.packed_embeddings import PackedEmbeddings, rounding_of

PAIRS_A_THREAD = 2_000_000
"""Fewer pairs of probe and reference than these are not worth another thread."""

FIRST_ROOM = 1 << 16
"""Pairs that there is room for at least, before it is known how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProbeWords:
    """Probes in every form that a gallery is compared in.

    Attributes:
        values: None where the gallery has none. Shape (P, words, 1 or 2), float32 or uint16.
        steps: Shape (P, words, 4), int8.
        signs: Shape (P, words, 1), uint64.
        rounding: Largest distance between a probe and its quantised form.
    """

    values: Words | None
    steps: NDArray[np.int8]
    signs: NDArray[np.uint64]
    rounding: float

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """Probes and a gallery in the same form.

    Attributes:
        gallery: Blocks. Shape (B, words, 16, parts).
        words: Probes. Shape (P, words, parts).
        starts: What the scores of each probe start from. Shape (P,), float32 or int32.
        count: References in the gallery.
    """

    gallery: Words
    words: Words
    starts: NDArray[Any]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Pairs of probe and reference with their scores; each of shape (M,)."""

    probes: NDArray[np.int64]
    rows: NDArray[np.int64]
    scores: NDArray[Any]

    def where(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs."""
        return Pairs(probes=self.probes[chosen], rows=self.rows[chosen], scores=self.scores[chosen])


def words_of(rows: NDArray[np.float32], packed: PackedEmbeddings) -> ProbeWords:
    """Embeddings as probes of a gallery. `rows` is of shape (P, D)."""
    rows = rounded(rows, packed.precision)
    steps = quantised(rows, packed.scale)
    return ProbeWords(
        values=probe_values(rows, packed.precision),
        steps=byte_words(steps),
        signs=sign_words(rows),
        rounding=rounding_of(rows, steps, packed.scale),
    )


def words_of_references(packed: PackedEmbeddings, rows: NDArray[np.int64]) -> ProbeWords:
    """References at some rows as probes of their own gallery."""
    values = None if packed.values is None else rows_of_blocks(packed.values, rows)
    return ProbeWords(
        values=None if values is None else as_probes(np.ascontiguousarray(values), packed.precision),
        steps=signed_bytes(rows_of_blocks(packed.octets, rows)),
        signs=rows_of_blocks(packed.signs, rows),
        rounding=packed.rounding,
    )


def value_stage(packed: PackedEmbeddings, probes: ProbeWords) -> Stage | None:
    """Inner products of the embeddings themselves; None where the gallery has only bytes."""
    if packed.values is None or probes.values is None:
        return None
    starts = np.zeros(len(probes), np.float32)
    return Stage(gallery=tile_bits(packed.values), words=probes.values, starts=starts, count=len(packed))


def byte_stage(packed: PackedEmbeddings, probes: ProbeWords) -> Stage:
    """Inner products of quantised values, in steps squared."""
    starts = -BYTE_ZERO * probes.steps.sum(axis=(1, 2), dtype=np.int32)
    return Stage(gallery=packed.octets, words=probes.steps, starts=starts.astype(np.int32), count=len(packed))


def exact_stage(packed: PackedEmbeddings, probes: ProbeWords) -> Stage:
    """The stage whose scores are the similarities of the gallery."""
    return value_stage(packed, probes) or byte_stage(packed, probes)


def just_below(stage: Stage, smallest: float | None) -> Any:
    """Largest score below the smallest wanted, in the type of the stage; None wants all."""
    if stage.starts.dtype == np.float32:
        if smallest is None:
            return np.float32(-np.inf)
        near = np.float32(smallest)
        return near if float(near) < smallest else np.nextafter(near, np.float32(-np.inf))
    if smallest is None:
        return np.iinfo(np.int32).min
    return np.int32(np.ceil(smallest) - 1)


def below_threshold(packed: PackedEmbeddings, stage: Stage, threshold: float | None) -> Any:
    """`just_below` for a similarity: what divides to the threshold or more is a candidate."""
    if threshold is None or stage.gallery is not packed.octets:
        return just_below(stage, threshold)
    steps2 = math.ceil(threshold * packed.scale**2) + 1
    while (steps2 - 1) / packed.scale**2 >= threshold:
        steps2 -= 1
    return just_below(stage, steps2)


def limits_of(stage: Stage, bound: Any, width: int) -> NDArray[Any]:
    """Starts and bounds as the kernels want them; nothing exceeds those of lanes that are left over."""
    dtype = stage.starts.dtype
    count = len(stage.starts)
    tiles = -(-count // width)
    limits = np.zeros((tiles * width, 2), dtype)
    limits[:, 1] = np.inf if dtype == np.float32 else np.iinfo(np.int32).max
    limits[:count, 0] = stage.starts
    limits[:count, 1] = bound
    return np.ascontiguousarray(limits.reshape(tiles, width, 2).transpose(0, 2, 1))


def best_of(
    stage: Stage, tiles: Words, first: int, last: int, *, limit: int, bound: Any
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Scores above a bound and rows of the best references among some blocks; each of shape (P, limit)."""
    from biocapil.comparison.kernels.embeddings import TILES, search_blocks

    scores = np.empty((len(stage.words), limit), stage.starts.dtype)
    rows = np.empty(scores.shape, np.int64)
    limits = limits_of(stage, bound, tiles.shape[2])
    search_blocks(stage.gallery, tiles, limits, scores, rows, first, last, stage.count, TILES)
    return scores, rows


def pairs_of(
    stage: Stage,
    tiles: Words,
    first: int,
    last: int,
    *,
    bound: Any,
    after: int | None = None,
) -> Pairs:
    """All pairs above a bound among some blocks.

    Args:
        stage: Probes and gallery.
        tiles: Probes in tiles.
        first: First block.
        last: One past the last block.
        bound: What a score must exceed.
        after: Row of the first probe, where only later rows than that of each probe are wanted.
    """
    from biocapil.comparison.kernels.embeddings import TILES, collect_blocks

    beyond = -len(stage.words) - 1 if after is None else after
    limits = limits_of(stage, bound, tiles.shape[2])
    room = FIRST_ROOM
    while True:
        probes, rows = np.empty(room, np.int64), np.empty(room, np.int64)
        scores = np.empty(room, stage.starts.dtype)
        needed = collect_blocks(
            stage.gallery, tiles, limits, probes, rows, scores, first, last, stage.count, beyond, TILES
        )
        if needed <= room:
            return Pairs(probes=probes[:needed], rows=rows[:needed], scores=scores[:needed])
        room = needed


def scored(stage: Stage, pairs: Pairs) -> Pairs:
    """The same pairs with the scores of this stage."""
    from biocapil.comparison.kernels.embeddings import TILES, score_pairs

    scores = np.empty(len(pairs.rows), stage.starts.dtype)
    limits = limits_of(stage, just_below(stage, None), 1)
    tiles = np.ascontiguousarray(stage.words[:, :, None, :])
    score_pairs(stage.gallery, tiles, limits, pairs.probes, pairs.rows, scores, TILES)
    return Pairs(probes=pairs.probes, rows=pairs.rows, scores=scores)


def tiles_of(stage: Stage) -> Words:
    """Probes of a stage in tiles."""
    return probe_tiles(stage.words)


def spans(
    stage: Stage, *, first: int = 0, threads: int, most_pairs: int | None = None
) -> list[tuple[int, int]]:
    """Blocks from `first` on in runs of whole groups: one a thread, more where that is too many pairs."""
    groups = (len(stage.gallery) - first) // GROUP
    pairs = groups * GROUP * LANES * len(stage.words)
    parts = min(threads, max(1, pairs // PAIRS_A_THREAD))
    if most_pairs is not None:
        parts = max(parts, -(-pairs // most_pairs))
    borders = [first + GROUP * (groups * part // parts) for part in range(parts + 1)]
    return [(one, two) for one, two in pairwise(borders) if two > one]
