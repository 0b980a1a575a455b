"""One probe against all wanted references of its finger, block by block, until the time is up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import PackedTemplates, Probe
from biocapil.comparison.search import scan
from biocapil.gallery.searched_part import SearchedPart
from biocapil.gallery.shelf_references import packed_fingers
from biocapil.threads import map_in_order
from biocapil.vocabulary import FingerPosition, Modality, ModelId

BLOCK = 4096
"""References that one thread takes at a time."""

DENSE = 0.5
"""Share of wanted references from which a block is read whole and the others are left out of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Neighbouring templates of one finger in one part.

    Attributes:
        probe: Which of the probe's templates they are compared with.
        part: Which part they are of.
        templates: Which templates of the part.
    """

    probe: int
    part: int
    templates: range


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockScan:
    """What one block gave.

    Attributes:
        block: The block.
        wanted: Wanted references in it.
        searched: Those that were compared: all, or none where the time was up.
        templates: Those that have something in common with the probe. Shape (n,), int64.
        similarities: How much. Shape (n,), float32.
    """

    block: Block
    wanted: int
    searched: int
    templates: NDArray[np.int64]
    similarities: NDArray[np.float32]


def blocks_of(positions: Sequence[FingerPosition], parts: Sequence[SearchedPart]) -> list[Block]:
    """All blocks that a probe with templates of these positions has to be compared with."""
    return [
        Block(probe=probe, part=number, templates=run[start : start + BLOCK])
        for probe, position in enumerate(positions)
        for number, part in enumerate(parts)
        for run in (part.columns.shelves[Modality.FINGER].run_of(position).templates,)
        for start in range(0, len(run), BLOCK)
    ]


def scan_blocks(
    blocks: Sequence[Block],
    probes: Sequence[Probe],
    parts: Sequence[SearchedPart],
    *,
    in_time: Callable[[], bool],
    workers: int | None,
) -> Iterator[BlockScan]:
    """Compare block after block on the pool, in their order.

    Args:
        blocks: What to compare.
        probes: Templates of the probe.
        parts: What the blocks are of.
        in_time: Asked before each block whether there is time left.
        workers: Threads; by default the budget of the process.
    """

    def run(block: Block) -> BlockScan:
        return _scanned(block, probes[block.probe], parts[block.part], in_time)

    if len(blocks) <= 1 or workers == 1:
        yield from map(run, blocks)
    else:
        yield from map_in_order(run, blocks, workers=workers)


def similarities_of(
    probe: Probe, part: SearchedPart, templates: NDArray[np.int64], *, exact: bool, model_id: ModelId
) -> NDArray[np.float32]:
    """Similarity of a probe to chosen templates of a part. Shape (n,), float32."""
    if not len(templates):
        return np.zeros(0, np.float32)
    gathered = _gathered(part, templates, model_id)
    return scan(probe, gathered, exact=exact, workers=1).similarities


def _scanned(block: Block, probe: Probe, part: SearchedPart, in_time: Callable[[], bool]) -> BlockScan:
    owners = part.columns.shelves[Modality.FINGER].owners[block.templates.start : block.templates.stop]
    wanted = part.wanted[owners]
    count = int(wanted.sum())
    in_reach = in_time()
    found = np.zeros(len(wanted), np.float32)
    if in_reach and count >= DENSE * len(wanted):
        packed = packed_fingers(part.columns.shelves[Modality.FINGER], block.templates, probe.model_id)
        found = np.where(wanted, scan(probe, packed, exact=False, workers=1).similarities, np.float32(0))
    elif in_reach and count:
        chosen = np.flatnonzero(wanted)
        found[chosen] = similarities_of(
            probe, part, block.templates.start + chosen, exact=False, model_id=probe.model_id
        )
    alike = np.flatnonzero(found)
    return BlockScan(
        block=block,
        wanted=count,
        searched=count if in_reach else 0,
        templates=block.templates.start + alike,
        similarities=found[alike],
    )


def _gathered(part: SearchedPart, templates: NDArray[np.int64], model_id: ModelId) -> PackedTemplates:
    first, last = int(templates[0]), int(templates[-1])
    shelf = part.columns.shelves[Modality.FINGER]
    return packed_fingers(shelf, range(first, last + 1), model_id).take(templates - first)
