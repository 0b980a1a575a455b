from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.strategies import (
    OTHER_MODEL,
    SEEDS,
    finger,
    gallery,
    impression,
    moved,
    templates,
)

from biocapil.comparison import (
    CylinderIndex,
    IndexSettings,
    PackedTemplates,
    build_index,
    pack,
    prepare_probe,
    search,
    search_indexed,
    strongest_rows,
)
from biocapil.comparison import cylinder_index as module
from biocapil.comparison.cylinder_index import BITS_LOOKED_AT, LEAST_EXPECTED, bucket_numbers
from biocapil.comparison.kernels.cylinder_hash import (
    MOST,
    add_rarities,
    expect_scores,
    fill_buckets,
    hash_cylinders,
    rarity,
)
from biocapil.comparison.layout import POSE_WORD
from biocapil.comparison.probe import Probe
from biocapil.comparison.reference import cylinder_hash as twin
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate

PEOPLE = 300
SMALL = IndexSettings(tables=4, hashes=3, common=4)


@pytest.fixture(scope="module")
def sources() -> PackedTemplates:
    return pack([finger(seed, minutiae=30) for seed in range(PEOPLE)])


@pytest.fixture(scope="module")
def index(sources: PackedTemplates) -> CylinderIndex:
    return build_index(sources, SMALL)


def plain_scores(index: CylinderIndex, probe: Probe) -> np.ndarray:
    """The scores as the module's docstring says them, in plain numpy."""
    buckets = index.offsets.shape[1] - 1
    turns = range(-index.settings.turned, index.settings.turned + 1)
    by_turn = [
        sum(
            twin.scores(
                numbers,
                index.offsets[table].astype(np.int64),
                index.entries[table],
                common=index.settings.common,
                references=len(index),
            )
            for table, numbers in enumerate(bucket_numbers(probe.rows, index.settings, buckets, turned=turn))
        )
        for turn in turns
    ]
    padded = [np.zeros(len(index), np.int64), *by_turn]
    best = np.max([first + second for first, second in pairwise(padded)], axis=0)
    expected = np.zeros(len(index))
    for offsets, entries in zip(index.offsets, index.entries, strict=True):
        expected += twin.expected(
            offsets.astype(np.int64), entries, common=index.settings.common, references=len(index)
        )
    return best / np.sqrt(expected + LEAST_EXPECTED)


def test_a_finger_turned_and_shaken_scores_above_all_others(index: CylinderIndex) -> None:
    firsts = 0
    for seed in range(0, PEOPLE, 15):
        again = impression(finger(seed, minutiae=30), seed + 1)
        firsts += int(index.scores(prepare_probe(again)).argmax()) == seed
    assert firsts >= 18


def test_the_scores_are_those_of_the_plain_twin(index: CylinderIndex) -> None:
    for seed in (3, 77, 500):
        probe = prepare_probe(impression(finger(seed, minutiae=30), 5))
        np.testing.assert_allclose(index.scores(probe), plain_scores(index, probe), rtol=1e-5)


@given(template=templates(), seed=SEEDS)
@settings(max_examples=40, deadline=None)
def test_hashes_are_those_of_the_plain_twin(template: FingerprintTemplate, seed: int) -> None:
    rows = pack([template]).words
    orders = np.random.default_rng(seed).permuted(np.tile(np.arange(384), (6, 1)), axis=1)[:, :BITS_LOOKED_AT]
    hashes = np.empty((len(rows), 6), np.uint8)
    hash_cylinders(rows, orders, hashes)
    np.testing.assert_array_equal(hashes, twin.hashes(rows, orders))
    empty = np.zeros((1, 8), np.uint64)
    hash_cylinders(empty, orders, hashes[:1])
    assert (hashes[:1] == twin.NOTHING).all() or not len(rows)


@given(
    numbers=st.lists(st.integers(0, 15), max_size=60),
    probes=st.lists(st.integers(0, 15), max_size=30),
    common=st.integers(1, 6),
)
@settings(max_examples=80, deadline=None)
def test_buckets_and_sums_are_those_of_the_plain_twin(
    numbers: list[int], probes: list[int], common: int
) -> None:
    buckets = np.array(numbers, np.uint32)
    owners = (np.arange(len(buckets)) // 3).astype(np.uint32)
    offsets, entries = np.zeros(17, np.uint32), np.empty(len(buckets), np.uint32)
    fill_buckets(buckets, owners, offsets, entries)
    plain_offsets, plain_entries = twin.filled(buckets, owners, 16)
    np.testing.assert_array_equal(offsets, plain_offsets)
    np.testing.assert_array_equal(entries, plain_entries)
    sums, asked = np.zeros(25, np.uint16), np.array(probes, np.uint32)
    read = add_rarities(asked, offsets, entries, common, sums)
    np.testing.assert_array_equal(
        sums, twin.scores(asked, plain_offsets, entries, common=common, references=25)
    )
    worth = twin.rarities(plain_offsets, common=common)
    assert read == sum(int(np.diff(plain_offsets)[each]) for each in probes if worth[each])
    expected = np.zeros(25)
    expect_scores(offsets, entries, common, expected)
    if numbers:
        np.testing.assert_allclose(
            expected, twin.expected(plain_offsets, entries, common=common, references=25)
        )


def test_rarity_counts_halvings_beyond_what_is_common() -> None:
    assert [rarity(size, 1024, 2) for size in (1, 2, 3, 128, 255, 256, 1024)] == [8, 7, 6, 1, 0, 0, 0]


def test_sums_do_not_run_over() -> None:
    offsets = np.array([0, 1, 1 << 12], np.uint32)
    entries = np.zeros(1 << 12, np.uint32)
    sums = np.array([MOST - 3], np.uint16)
    add_rarities(np.zeros(2, np.uint32), offsets, entries, 1, sums)
    assert sums.tolist() == [MOST]


def test_a_turned_probe_asks_for_the_sectors_around_its_own() -> None:
    source = finger(9, minutiae=30)
    still = build_index(pack([source]), IndexSettings(turned=0, common=1))
    turned = build_index(pack([source]), IndexSettings(turned=3, common=1))
    probe = prepare_probe(moved(source, turn_rad=np.radians(50), shift_um=(0, 0))[0])
    assert turned.scores(probe)[0] > 2 * still.scores(probe)[0]


def test_a_larger_turn_moves_the_sector_and_nothing_else() -> None:
    rows = gallery().words
    numbers = bucket_numbers(rows, SMALL, 64, turned=2)
    moved_rows = rows.copy()
    turns = ((rows[:, POSE_WORD] >> np.uint64(32)) + np.uint64(2 * 256 // SMALL.sectors)) & np.uint64(255)
    moved_rows[:, POSE_WORD] = turns << np.uint64(32)
    np.testing.assert_array_equal(numbers, bucket_numbers(moved_rows, SMALL, 64))


def test_an_indexed_search_ranks_as_an_exact_one_does(sources: PackedTemplates, index: CylinderIndex) -> None:
    probe = prepare_probe(impression(finger(40, minutiae=30), 2))
    everybody = search_indexed(probe, sources, index, compared=PEOPLE, limit=5)
    exact = search(probe, sources, exact=True, limit=PEOPLE)
    assert [c for c in exact if c.row in {each.row for each in everybody}][:5] == list(everybody)
    few = search_indexed(impression(finger(40, minutiae=30), 2), sources, index, compared=10)
    assert few.searched == 10
    assert next(iter(few)).row == 40
    above = search_indexed(probe, sources, index, compared=10, threshold=8.0)
    assert [each.row for each in above] == [40]


def test_fewer_rows_make_a_smaller_index(sources: PackedTemplates) -> None:
    full, part = build_index(sources), build_index(sources, IndexSettings(rows=10))
    assert part.entries.shape == (8, 10 * PEOPLE)
    assert full.nbytes > 2.5 * part.nbytes
    np.testing.assert_array_equal(np.bincount(part.entries[0]), np.full(PEOPLE, 10))


def test_empty_galleries_and_templates_are_indexed() -> None:
    nobody = build_index(pack([], model_id=finger(1).model_id))
    assert nobody.scores(prepare_probe(finger(1))).shape == (0,)
    with_empty = build_index(pack([finger(1), finger(2, minutiae=0)]), IndexSettings(common=1))
    scores = with_empty.scores(prepare_probe(finger(1)))
    assert scores[0] > scores[1] == 0
    assert with_empty.scores(prepare_probe(finger(2, minutiae=0))).tolist() == [0, 0]


def test_the_strongest_rows_are_those_of_a_sort() -> None:
    scores = np.array([0, 3, 1, 3, 0, 2, 3], np.float32)
    assert strongest_rows(scores, limit=9).tolist() == [1, 2, 3, 5, 6]
    assert strongest_rows(scores, limit=2).tolist() == [1, 3]
    assert strongest_rows(scores, limit=4).tolist() == [1, 3, 5, 6]
    with pytest.raises(ValueError, match="limit must be at least 1, got 0"):
        strongest_rows(scores, limit=0)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("tables", 0, r"1\.\.64"),
        ("hashes", 17, r"1\.\.16"),
        ("rows", 38, r"1\.\.37"),
        ("sectors", 7, r"8\.\.64"),
        ("turned", 8, r"0\.\.7"),
        ("common", 31, r"1\.\.30"),
        ("seed", -1, r"0\.\."),
    ],
)
def test_settings_out_of_range_are_refused(field: str, value: int, text: str) -> None:
    with pytest.raises(ValueError, match=f"{field} must lie in {text}.*got {value}"):
        IndexSettings(**{field: value})


def test_what_does_not_fit_is_refused(
    sources: PackedTemplates, index: CylinderIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(IncompatibleTemplates, match="other@2"):
        index.scores(prepare_probe(finger(1, model=OTHER_MODEL)))
    with pytest.raises(ValueError, match="the index is of 300 references, the gallery has 5"):
        search_indexed(finger(1), sources.stretch(0, 5), index, compared=3)
    monkeypatch.setattr(module, "MOST_ENTRIES", 100)
    with pytest.raises(ValueError, match="at most 100 minutiae, got 8961"):
        build_index(sources, SMALL)


def test_nothing_of_a_finger_is_shown(index: CylinderIndex) -> None:
    assert repr(index) == f"CylinderIndex(300 references, {index.nbytes} bytes, model made@1)"
