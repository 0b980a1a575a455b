"""All tiles together find what a loop over all pairs of people finds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.deduplication.registry.made_people import (
    EYE,
    FACE,
    INDEX,
    THUMB,
    MadePart,
    Person,
    SumPolicy,
    everybody_among,
    naive,
    part_of,
)

from biocapil.comparison import GRAIN
from biocapil.deduplication.registry import tiles as cutting
from biocapil.deduplication.registry.people import Everybody, everybody_of
from biocapil.deduplication.registry.second_look import OUTCOMES, joined
from biocapil.deduplication.registry.tile_scan import Comparing, TileResult, compare_tile
from biocapil.deduplication.registry.tiles import all_comparisons, tiles_of
from biocapil.errors import FormatError
from biocapil.vocabulary import Decision, Instance, Modality

POLICY = SumPolicy()
ALL = (THUMB, INDEX, EYE, FACE)


def compared(
    everybody: Everybody, scanned: Sequence[Instance] = ALL, *, exact: bool = True, strip_pairs: int = 1 << 20
) -> list[TileResult]:
    there = [each for each in scanned if each in everybody.instances]
    comparing = Comparing(
        everybody=everybody,
        policy=POLICY,
        bars={each: POLICY.bar(each, "", "") for each in there},  # type: ignore[arg-type] # it asks for none
        exact=exact,
        strip_pairs=strip_pairs,
    )
    return [compare_tile(tile, comparing) for tile in tiles_of(there, everybody)]


def found(results: Sequence[TileResult]) -> dict[tuple[int, int], tuple[float, Decision]]:
    return {
        (min(first, second), max(first, second)): (llr, OUTCOMES[outcome])
        for first, second, llr, outcome in joined([each.found for each in results]).tolist()
    }


def people(rng: np.random.Generator, count: int) -> list[Person]:
    """People, some near each other; some lack instances, have several templates, or empty ones."""
    made: list[Person] = []
    for _ in range(count):
        near = rng.integers(0, max(count, 2)) * 15.0
        person = {}
        for instance in ALL:
            values = near + rng.uniform(0, 12, int(rng.choice([0, 1, 1, 2, 3])))
            if len(values):
                values[rng.random(len(values)) < 0.1] = math.nan
                person[instance] = values.tolist()
        made.append(person)
    return made


@st.composite
def registries(draw: st.DrawFn, largest: int = 70) -> tuple[list[MadePart], list[tuple[int, int]]]:
    """Parts with people who are gone, and people who are old."""
    rng = np.random.default_rng(draw(st.integers(0, 1 << 30)))
    sizes = draw(st.lists(st.integers(1, largest), min_size=1, max_size=3))
    share_gone, share_old = draw(st.sampled_from([0.0, 0.2])), draw(st.sampled_from([0.0, 0.4, 0.9, 1.0]))
    parts: list[MadePart] = []
    old: list[tuple[int, int]] = []
    for number, size in enumerate(sizes):
        gone = np.flatnonzero(rng.random(size) < share_gone).tolist()
        parts.append(part_of(people(rng, size), first_id=1000 * number, gone=gone))
        old += [(number, row) for row in np.flatnonzero(rng.random(size) < share_old).tolist()]
    return parts, old


def test_the_registries_of_these_tests_have_something_to_find() -> None:
    rng = np.random.default_rng(1)
    parts = [part_of(people(rng, 60)), part_of(people(rng, 60), first_id=1000)]
    outcomes = {outcome for _, outcome in naive(parts, ALL, POLICY).values()}

    assert outcomes == {Decision.REVIEW, Decision.DUPLICATE}
    assert len(naive(parts, ALL, POLICY, exact=False)) < len(naive(parts, ALL, POLICY))


@settings(max_examples=15, deadline=None)
@given(registries(), st.sampled_from([1, 700, 1 << 20]), st.sampled_from(["exact", "gated"]))
def test_tiles_find_what_a_loop_over_all_pairs_finds(
    registry: tuple[list[MadePart], list[tuple[int, int]]], strip_pairs: int, scan: str
) -> None:
    parts, _ = registry
    expected = naive(parts, ALL, POLICY, exact=scan == "exact")

    answer = found(compared(everybody_of(parts), exact=scan == "exact", strip_pairs=strip_pairs))

    assert answer.keys() == expected.keys()
    for pair, (llr, outcome) in answer.items():
        assert llr == pytest.approx(expected[pair][0])
        assert outcome is expected[pair][1]


@settings(max_examples=15, deadline=None)
@given(registries(), st.sampled_from([1, 1 << 20]))
def test_with_old_people_only_pairs_with_somebody_new_are_found(
    registry: tuple[list[MadePart], list[tuple[int, int]]], strip_pairs: int
) -> None:
    parts, old = registry
    known = {part << 32 | row for part, row in old}
    expected = {pair for pair in naive(parts, ALL, POLICY) if not set(pair) <= known}

    assert found(compared(everybody_among(parts, old), strip_pairs=strip_pairs)).keys() == expected


@settings(max_examples=15, deadline=None)
@given(registries(largest=40), st.sampled_from([(FACE,), (THUMB, EYE)]))
def test_only_what_is_scanned_makes_people_stand_out(
    registry: tuple[list[MadePart], list[tuple[int, int]]], scanned: tuple[Instance, ...]
) -> None:
    parts, _ = registry

    assert found(compared(everybody_of(parts), scanned)).keys() == naive(parts, scanned, POLICY).keys()


@settings(max_examples=15, deadline=None)
@given(registries())
def test_the_comparisons_of_all_tiles_are_all_comparisons(
    registry: tuple[list[MadePart], list[tuple[int, int]]],
) -> None:
    parts, old = registry
    everybody = everybody_among(parts, old)
    results = compared(everybody)

    expected = sum(all_comparisons(each, everybody, new_only=True) for each in everybody.instances)
    assert sum(each.compared for each in results) == expected
    owners = [
        (part.owners(instance) + 1000 * number)[part.wanted[part.owners(instance)]]
        for instance in everybody.instances[:1]
        for number, part in enumerate(parts)
    ]
    people_of = np.concatenate(owners)
    pairs = np.count_nonzero(np.triu(people_of[:, None] != people_of[None], 1))
    assert all_comparisons(everybody.instances[0], everybody, new_only=False) == pairs


def test_the_cut_leaves_work_for_all_threads_and_rows_on_the_grain() -> None:
    everybody = everybody_of([part_of([{FACE: [float(row)]} for row in range(2000)])])
    blocks = cutting.blocks_of(FACE, everybody)

    assert len(blocks) >= cutting.LEAST_BLOCKS
    assert all(block.first % GRAIN == 0 for block in blocks)
    assert [block.last for block in blocks[:-1]] == [block.first for block in blocks[1:]]
    assert blocks[-1].last == 2000


def test_a_block_has_so_many_rows_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "BLOCK_ROWS", {Modality.FACE: GRAIN})
    everybody = everybody_of([part_of([{FACE: [float(row)]} for row in range(2000)])])

    assert len(cutting.blocks_of(FACE, everybody)) == -(-2000 // GRAIN)


def test_tiles_in_which_nobody_is_new_are_left_out() -> None:
    part = part_of([{FACE: [float(row)]} for row in range(3 * GRAIN)])
    everybody = everybody_among([part], [(0, row) for row in range(2 * GRAIN)])

    tiles = list(tiles_of([FACE], everybody))

    assert [(tile.left.first, tile.right.first) for tile in tiles] == [
        (0, 2 * GRAIN),
        (GRAIN, 2 * GRAIN),
        (2 * GRAIN, 2 * GRAIN),
    ]
    assert [tile.number for tile in tiles] == [0, 1, 2]


def test_templates_out_of_order_are_refused() -> None:
    part = part_of([{FACE: [1.0]}, {FACE: [2.0]}])
    backwards = np.array([1, 0], np.int32)

    class Turned(MadePart):
        def owners(self, instance: Instance) -> np.ndarray:  # type: ignore[type-arg]
            del instance
            return backwards

    turned = Turned(people=part.people, columns=part.columns, wanted=part.wanted)
    with pytest.raises(FormatError, match="order of people"):
        everybody_of([turned])
