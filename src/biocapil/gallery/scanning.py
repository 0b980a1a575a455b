"""All probes of each instance against all wanted references of it, block by block, until the time is up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import GRAIN, FoundPairs, ProbeSet, ReferenceSet
from biocapil.gallery.person_probe import InstanceProbes, ProbeBatch
from biocapil.gallery.searched_part import SearchedPart
from biocapil.threads import map_in_order
from biocapil.vocabulary import Instance, Modality

COMPARISONS = {Modality.FINGER: 4_080, Modality.IRIS: 96_000, Modality.FACE: 960_000}
"""Comparisons of one block: some milliseconds, so that handing out costs nothing and deadlines are kept."""

FEWEST_ROWS = 10 * GRAIN
"""References of a block at least."""

MORE = 8
"""How much longer a list is asked for where unwanted references filled it."""

SPARSE = 0.5
"""Share of wanted references below which only those are gathered and compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is looked for.

    Attributes:
        least: Similarity from which a pair of each instance is wanted in any case.
        limit: References of each probe that are wanted whatever their similarity; 0 for none.
        exact: Compare every pair in full.
    """

    least: dict[Instance, float]
    limit: int
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Neighbouring references of one instance in one part.

    Attributes:
        instance: The instance.
        part: Which part they are of.
        rows: Rows of the part's references of that instance.
    """

    instance: Instance
    part: int
    rows: range


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockScan:
    """What one block gave.

    Attributes:
        block: The block.
        wanted: Wanted comparisons in it.
        searched: Those that were made: all, or none where the time was up.
        found: Pairs that are alike; rows are those of the part's references.
    """

    block: Block
    wanted: int
    searched: int
    found: FoundPairs


def blocks_of(batch: ProbeBatch, parts: Sequence[SearchedPart]) -> list[Block]:
    """All blocks that a batch has to be compared with."""
    return [
        Block(instance=instance, part=number, rows=rows[start : start + step])
        for instance, probes in batch.items()
        for number, part in enumerate(parts)
        for rows, step in [(range(part.count(instance)), _rows_at_once(instance, probes))]
        for start in range(0, len(rows), step)
    ]


def scan_blocks(
    blocks: Sequence[Block],
    batch: ProbeBatch,
    parts: Sequence[SearchedPart],
    wish: Wish,
    *,
    in_time: Callable[[], bool],
    workers: int | None,
) -> Iterator[BlockScan]:
    """Compare block after block on the pool, in their order.

    Args:
        blocks: What to compare.
        batch: The probes.
        parts: What the blocks are of.
        wish: What is looked for.
        in_time: Asked before each block whether there is time left.
        workers: Threads; by default the budget of the process.
    """

    def run(block: Block) -> BlockScan:
        probes, part = batch[block.instance], parts[block.part]
        wanted = part.wanted_rows(block.instance, block.rows)
        comparisons = int(wanted.sum()) * len(probes.probes)
        if not comparisons or not in_time():
            return BlockScan(block=block, wanted=comparisons, searched=0, found=NOTHING)
        found = _found(block, probes, part.references(block.instance), wanted, wish)
        return BlockScan(block=block, wanted=comparisons, searched=comparisons, found=found)

    if len(blocks) <= 1 or workers == 1:
        yield from map(run, blocks)
    else:
        yield from map_in_order(run, blocks, workers=workers)


NOTHING = FoundPairs(
    probes=np.empty(0, np.int64), rows=np.empty(0, np.int64), similarities=np.empty(0, np.float32)
)


def _rows_at_once(instance: Instance, probes: InstanceProbes) -> int:
    rows = COMPARISONS[instance.modality] // len(probes.probes)
    return max(FEWEST_ROWS, rows // GRAIN * GRAIN)


def _found(
    block: Block, probes: InstanceProbes, references: ReferenceSet, wanted: NDArray[np.bool_], wish: Wish
) -> FoundPairs:
    """Pairs with wanted references only, as if the others were not there."""
    least = wish.least[block.instance]
    if wanted.sum() < SPARSE * len(wanted):
        chosen = block.rows.start + np.flatnonzero(wanted)
        stretch = Stretch(references=references.take(chosen), rows=range(len(chosen)), wanted=wanted[wanted])
        found = _strong(stretch, probes.probes, least, wish)
        return FoundPairs(probes=found.probes, rows=chosen[found.rows], similarities=found.similarities)
    stretch = Stretch(references=references, rows=block.rows, wanted=wanted)
    return _strong(stretch, probes.probes, least, wish)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """References of which some are wanted.

    Attributes:
        references: References.
        rows: Which of them.
        wanted: Whether each of these is wanted. Shape (len(rows),), bool.
    """

    references: ReferenceSet
    rows: range
    wanted: NDArray[np.bool_]

    def scanned(
        self, probes: ProbeSet, *, exact: bool, least: float = 0.0, limit: int | None = None
    ) -> FoundPairs:
        """Pairs with all of them, also those that are not wanted."""
        rows = self.rows
        return self.references.scan(probes, rows.start, rows.stop, least=least, limit=limit, exact=exact)

    def kept(self, found: FoundPairs) -> FoundPairs:
        """Pairs with those that are wanted."""
        return found.where(self.wanted[found.rows - self.rows.start])


def _strong(stretch: Stretch, probes: ProbeSet, least: float, wish: Wish) -> FoundPairs:
    """Pairs from `least` on, and the most alike of each probe."""
    listed = _most_alike(stretch, probes, wish) if wish.limit else NOTHING
    strong = listed.probes[listed.similarities >= least]
    if wish.limit and not (len(strong) and int(np.bincount(strong).max()) >= wish.limit):
        return listed
    return _joined(listed, stretch.kept(stretch.scanned(probes, least=least, exact=wish.exact)))


def _most_alike(stretch: Stretch, probes: ProbeSet, wish: Wish) -> FoundPairs:
    """The most alike of each probe; asks for more where those that are not wanted took their places."""
    limit = wish.limit
    while True:
        found = stretch.scanned(probes, limit=limit, exact=wish.exact)
        kept = stretch.kept(found)
        full = np.bincount(found.probes, minlength=len(probes)) >= limit
        short = np.bincount(kept.probes, minlength=len(probes)) < wish.limit
        if not (full & short).any():
            return kept.strongest(wish.limit)
        limit *= MORE


def _joined(one: FoundPairs, other: FoundPairs) -> FoundPairs:
    """Pairs of either."""
    probes, rows, similarities = (
        np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("probes", "rows", "similarities")
    )
    order = np.lexsort((rows, probes))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(probes[order]) != 0) | (np.diff(rows[order]) != 0)
    chosen = order[fresh]
    return FoundPairs(probes=probes[chosen], rows=rows[chosen], similarities=similarities[chosen])
