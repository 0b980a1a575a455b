"""What a scan finds takes no more memory than is counted, even where it finds every pair."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from tests.unit.comparison.code_strategies import SMALL, code_of
from tests.unit.comparison.embedding_sets import packed_rows, random_rows
from tests.unit.comparison.strategies import finger
from tests.unit.deduplication.registry.made_people import EYE, FACE, INDEX, MadePart, SumPolicy, part_of

from biocapil.comparison import (
    EmbeddingPrecision,
    FaceReferences,
    FingerReferences,
    IrisReferences,
    ReferenceSet,
    pack,
    pack_codes,
)
from biocapil.deduplication.registry import Bar
from biocapil.deduplication.registry.people import everybody_of
from biocapil.deduplication.registry.tile_scan import PAIR_BYTES, Comparing, standing_out
from biocapil.deduplication.registry.tiles import Block, Tile
from biocapil.vocabulary import Instance

CONSTANT = 2 << 20
"""Bytes that a scan takes however little it finds."""


@dataclass(frozen=True, kw_only=True, eq=False)
class WithReferences(MadePart):
    """People with one template each."""

    given: ReferenceSet

    def references(self, instance: Instance) -> ReferenceSet:  # type: ignore[override] # those of the library
        del instance
        return self.given


def faces() -> ReferenceSet:
    return FaceReferences(packed=packed_rows(random_rows(1, 480, 64), EmbeddingPrecision.INT8))


def irises() -> ReferenceSet:
    rng = np.random.default_rng(1)
    return IrisReferences(packed=pack_codes([code_of(rng, SMALL) for _ in range(480)]), turns=3)


def fingers() -> ReferenceSet:
    return FingerReferences(packed=pack([finger(seed, minutiae=40) for seed in range(288)]))


@pytest.mark.parametrize(("instance", "make"), [(FACE, faces), (EYE, irises), (INDEX, fingers)])
def test_a_scan_that_finds_every_pair_keeps_within_the_memory_that_is_counted(
    instance: Instance, make: Callable[[], ReferenceSet]
) -> None:
    references = make()
    count = len(references)
    made = part_of([{instance: [float(row)]} for row in range(count)])
    part = WithReferences(people=made.people, columns=made.columns, wanted=made.wanted, given=references)
    half = Block(part=0, first=0, last=count // 2)
    rest = Block(part=0, first=count // 2, last=count)
    comparing = Comparing(
        everybody=everybody_of([part]),
        policy=SumPolicy(),
        bars={instance: Bar(llr=-math.inf, similarity=0.0)},
        exact=True,
        strip_pairs=10**9,
    )
    tile = Tile(number=0, instance=instance, left=half, right=rest)
    (found,) = (len(pairs) for pairs in standing_out(tile, comparing))
    tracemalloc.start()
    list(standing_out(tile, comparing))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found > (count // 2) ** 2 // 3
    assert peak < PAIR_BYTES * (count // 2) ** 2 + CONSTANT
