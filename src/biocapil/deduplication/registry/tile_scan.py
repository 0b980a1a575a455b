"""One tile: its templates compared, and the pairs of people who stand out looked at again.

    new of the left   × everybody of the right ─┐
    new of the right  × old of the left ────────┴─► evidence from the bar on ─► pairs of people ─► second look

A tile is compared in strips of probes, as many as memory allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import GRAIN, FoundPairs, ProbeSet
from biocapil.deduplication.registry.pair_policy import Bar, PairPolicy
from biocapil.deduplication.registry.people import Everybody, InstanceRows, places_of
from biocapil.deduplication.registry.second_look import Found, in_order, joined, look_again
from biocapil.deduplication.registry.tiles import Block, Tile, comparisons_of, people_of
from biocapil.vocabulary import Instance

PAIR_BYTES = 128
"""Memory of one pair of templates that a scan finds: both rows, similarity, evidence, and copies of them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparing:
    """How tiles are compared.

    Attributes:
        everybody: All people.
        policy: Weighs evidence.
        bars: What each scanned instance has to show.
        exact: Whether every pair is compared in full.
        strip_pairs: Pairs of templates that one scan may find at most.
    """

    everybody: Everybody
    policy: PairPolicy
    bars: dict[Instance, Bar]
    exact: bool
    strip_pairs: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TileResult:
    """What a tile gave.

    Attributes:
        number: Of the tile.
        compared: Pairs of templates of different people.
        looked_at: Pairs of people at whom the second look looked.
        found: Those who are not unique.
    """

    number: int
    compared: int
    looked_at: int
    found: Found


def compare_tile(tile: Tile, comparing: Comparing) -> TileResult:
    """Compare the templates of a tile."""
    looked_at = 0
    found: list[Found] = []
    for pairs in standing_out(tile, comparing):
        ordered = in_order(pairs, comparing.everybody)
        looked_at += len(ordered)
        found.append(look_again(ordered, comparing.everybody, comparing.policy))
    return TileResult(
        number=tile.number,
        compared=comparisons_of(tile, comparing.everybody),
        looked_at=looked_at,
        found=joined(found),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Side:
    """Templates of one block as probes, of another as references.

    Attributes:
        probes: Block of the probes.
        chosen: Those that are probes. Shape (n,), int64, rising.
        references: Block of the references.
        counted: Which of them count. Shape (m,), bool.
        half: Whether both are one block of whom each pair counts once.
    """

    probes: Block
    chosen: NDArray[np.int64]
    references: Block
    counted: NDArray[np.bool_]
    half: bool


def _sides(tile: Tile, everybody: Everybody) -> Iterator[_Side]:
    left = people_of(tile.left, tile.instance, everybody)
    right = people_of(tile.right, tile.instance, everybody)
    half = tile.left == tile.right
    sides = [(tile.left, left.new, tile.right, right.wanted)]
    if not half:
        sides.append((tile.right, right.new, tile.left, left.old))
    for probes, new, references, counted in sides:
        if new.any() and counted.any():
            yield _Side(
                probes=probes,
                chosen=probes.first + np.flatnonzero(new),
                references=references,
                counted=counted,
                half=half,
            )


def standing_out(tile: Tile, comparing: Comparing) -> Iterator[NDArray[np.int64]]:
    """Pairs of people who stand out, strip by strip. Shape (n, 2) each."""
    everybody, instance = comparing.everybody, tile.instance
    for side in _sides(tile, everybody):
        probes = everybody.rows[side.probes.part, instance]
        references = everybody.rows[side.references.part, instance]
        width = side.references.last - side.references.first
        step = max(1, comparing.strip_pairs // width)
        for start in range(0, len(side.chosen), step):
            strip = side.chosen[start : start + step]
            found = references.references.scan(
                _probes(probes, strip),
                _first_row(side, strip, everybody, instance),
                side.references.last,
                least=comparing.bars[instance].similarity,
                exact=comparing.exact,
            )
            yield _people(found, strip, side, tile, comparing)


def _probes(rows: InstanceRows, strip: NDArray[np.int64]) -> ProbeSet:
    first, beyond = int(strip[0]), int(strip[-1]) + 1
    if beyond - first == len(strip):
        return rows.references.probes(first, beyond)
    return rows.references.chosen(strip)


def _first_row(side: _Side, strip: NDArray[np.int64], everybody: Everybody, instance: Instance) -> int:
    """First reference: in a block that is compared with itself those before a strip were probes already."""
    if not side.half or people_of(side.references, instance, everybody).old.any():
        return side.references.first
    return int(strip[0]) // GRAIN * GRAIN


def _people(
    found: FoundPairs, strip: NDArray[np.int64], side: _Side, tile: Tile, comparing: Comparing
) -> NDArray[np.int64]:
    """Different people whose evidence reaches the bar, each pair once. Shape (n, 2)."""
    everybody = comparing.everybody
    probes = everybody.rows[side.probes.part, tile.instance]
    references = everybody.rows[side.references.part, tile.instance]
    probe_rows = strip[found.probes]
    first = places_of(side.probes.part, probes.owners[probe_rows])
    second = places_of(side.references.part, references.owners[found.rows])
    chosen = side.counted[found.rows - side.references.first] & (first != second)
    if side.half:
        new = everybody.new[side.references.part][references.owners[found.rows]]
        chosen &= ~new | (probe_rows < found.rows)
    sizes = np.minimum(probes.sizes[probe_rows], references.sizes[found.rows])
    evidence = comparing.policy.evidence(tile.instance, found.similarities[chosen], sizes[chosen])
    reaching = evidence >= comparing.bars[tile.instance].llr
    pairs = np.column_stack([first[chosen][reaching], second[chosen][reaching]])
    return np.unique(np.sort(pairs, axis=1), axis=0)
