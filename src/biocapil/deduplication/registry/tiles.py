"""`Tile`: everybody against everybody, cut into pieces that are done one by one.

    templates of an instance      block 0   block 1   block 2
                       block 0  │ half     whole     whole
                       block 1  │          half      whole
                       block 2  │                    half

The cut depends on the gallery alone, so that a run that was killed finds the same tiles again. Tiles in which
nobody is new are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import GRAIN
from biocapil.deduplication.registry.people import Everybody, InstanceRows
from biocapil.vocabulary import Instance, Modality

BLOCK_ROWS: Mapping[Modality, int] = MappingProxyType(
    {Modality.FINGER: 21 * GRAIN, Modality.IRIS: 84 * GRAIN, Modality.FACE: 341 * GRAIN}
)
"""Templates of a block at most: a tile of them takes seconds."""

LEAST_BLOCKS = 16
"""Blocks into which the templates of an instance are cut at least, as far as they go: work for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Neighbouring templates of one instance in one part.

    Attributes:
        part: Which part.
        first: First template, a multiple of `GRAIN`.
        last: One past the last.
    """

    part: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Two blocks, or one and itself.

    Attributes:
        number: Place in the order of all tiles of the run.
        instance: What the templates are of.
        left: Block that stands first.
        right: The other, or the same.
    """

    number: int
    instance: Instance
    left: Block
    right: Block


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockPeople:
    """Whose the templates of a block are.

    Attributes:
        owners: Row of the person of each. Shape (n,), int32.
        wanted: Whether that person is there. Shape (n,), bool.
        new: Whether that person has to be compared with everybody. Shape (n,), bool.
    """

    owners: NDArray[np.int32]
    wanted: NDArray[np.bool_]
    new: NDArray[np.bool_]

    @property
    def old(self) -> NDArray[np.bool_]:
        """Whether that person is there and was compared with all others who are old. Shape (n,), bool."""
        return self.wanted & ~self.new


def people_of(block: Block, instance: Instance, everybody: Everybody) -> BlockPeople:
    """Whose the templates of a block are."""
    owners = everybody.rows[block.part, instance].owners[block.first : block.last]
    return BlockPeople(
        owners=owners,
        wanted=everybody.parts[block.part].wanted[owners],
        new=everybody.new[block.part][owners],
    )


def blocks_of(instance: Instance, everybody: Everybody) -> list[Block]:
    """Templates of an instance, cut."""
    parts = everybody.parts_with(instance)
    templates = sum(len(rows.owners) for _, rows in parts)
    size = max(GRAIN, min(BLOCK_ROWS[instance.modality], templates // LEAST_BLOCKS // GRAIN * GRAIN))
    return [
        Block(part=part, first=first, last=min(first + size, len(rows.owners)))
        for part, rows in parts
        for first in range(0, len(rows.owners), size)
    ]


def tiles_of(scanned: Sequence[Instance], everybody: Everybody) -> Iterator[Tile]:
    """All tiles of a run, in their order."""
    number = 0
    for instance in scanned:
        blocks = blocks_of(instance, everybody)
        fresh = [bool(people_of(block, instance, everybody).new.any()) for block in blocks]
        for left, left_block in enumerate(blocks):
            for right in range(left, len(blocks)):
                if fresh[left] or fresh[right]:
                    yield Tile(number=number, instance=instance, left=left_block, right=blocks[right])
                    number += 1


def comparisons_of(tile: Tile, everybody: Everybody) -> int:
    """Pairs of templates of different people that a tile consists of, one of them new."""
    left = people_of(tile.left, tile.instance, everybody)
    if tile.left == tile.right:
        return _half(left.wanted) - _half(left.old) - _pairs_within(left.owners[left.new])
    right = people_of(tile.right, tile.instance, everybody)
    pairs = int(left.wanted.sum()) * int(right.wanted.sum()) - int(left.old.sum()) * int(right.old.sum())
    if tile.left.part != tile.right.part:
        return pairs
    own = left.owners[left.new]
    beyond = np.searchsorted(right.owners, own, side="right") - np.searchsorted(right.owners, own)
    return pairs - int(beyond.sum())


def all_comparisons(instance: Instance, everybody: Everybody, *, new_only: bool) -> int:
    """Pairs of templates of an instance of different people; all of them, or those with one who is new."""
    wanted = old = same_person = 0
    for number, rows in everybody.parts_with(instance):
        of_part, new = everybody.parts[number].wanted, everybody.new[number]
        wanted += int(of_part[rows.owners].sum())
        counted = new if new_only else of_part
        old += int((of_part & ~new)[rows.owners].sum()) if new_only else 0
        same_person += _pairs_within(_owners_among(rows, counted))
    return wanted * (wanted - 1) // 2 - old * (old - 1) // 2 - same_person


def _owners_among(rows: InstanceRows, persons: NDArray[np.bool_]) -> NDArray[np.int32]:
    return rows.owners[persons[rows.owners]]


def _half(chosen: NDArray[np.bool_]) -> int:
    count = int(chosen.sum())
    return count * (count - 1) // 2


def _pairs_within(owners: NDArray[np.int32]) -> int:
    """Pairs of templates of one person. `owners` never falls."""
    counts = np.diff(np.flatnonzero(np.diff(owners, prepend=-1, append=-1)))
    return int((counts * (counts - 1) // 2).sum())
