"""Searching iris codes: equal to plain numpy in every count, whatever order, threads and blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.code_strategies import (
    LARGE,
    MODEL,
    OTHER_MODEL,
    SMALL,
    code_of,
    correlated_codes,
    galleries,
    noisy,
)

from biocapil.comparison import pack_codes, search_codes, spans, thin
from biocapil.comparison.code_candidates import CodeCandidateList
from biocapil.comparison.code_scan import choose_tile, default_margin
from biocapil.comparison.kernels import bits as kernel
from biocapil.comparison.kernels import compilation
from biocapil.comparison.reference import bits as twin
from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import CodeGeometry, IrisCode
from biocapil.uncertainty import rate_with_interval, single_clusters

Gallery = tuple[list[IrisCode], list[IrisCode], int]


def geometry_of(gallery: Gallery) -> dict[str, Any]:
    """What packing needs where there is no code."""
    return {"geometry": gallery[0][0].geometry, "model_id": MODEL}


def population(rng: np.random.Generator, size: int, geometry: CodeGeometry = SMALL) -> list[IrisCode]:
    """Strangers, and mates of the first one at rising noise."""
    first = code_of(rng, geometry)
    mates = [noisy(first, rng, flipped=flip, turn=turn) for flip, turn in ((0.1, 2), (0.2, -3), (0.3, 0))]
    return [first, *mates, *(code_of(rng, geometry) for _ in range(size - 4))]


@settings(max_examples=120)
@given(
    galleries(),
    st.sampled_from([0.0, 0.2, 0.4, 0.5, 1.0]),
    st.sampled_from([None, 1, 3, 100]),
    st.sampled_from([1, 20, None]),
)
def test_the_search_equals_its_twin(
    gallery: Gallery, threshold: float, limit: int | None, fewest: int | None
) -> None:
    probes, codes, turns = gallery
    found = search_codes(
        probes,
        pack_codes(codes, **geometry_of(gallery)),
        turns=turns,
        threshold=threshold,
        limit=limit,
        fewest_bits=fewest,
        workers=1,
    )

    for probe, answer in zip(probes, found, strict=True):
        bits = probe.geometry.bits
        said, not_comparable = twin.search(
            probe,
            codes,
            turns=turns,
            threshold=threshold,
            limit=limit,
            fewest_bits=fewest or max(1, bits // 8),
        )
        assert list(answer) == said
        assert answer.not_comparable == not_comparable
        assert answer.searched == len(codes)


@settings(max_examples=60)
@given(galleries(largest=25), st.sampled_from([0.3, 1.0]), st.sampled_from([None, 3]))
def test_the_plain_kernels_give_the_same(gallery: Gallery, threshold: float, limit: int | None) -> None:
    probes, codes, turns = gallery
    packed = pack_codes(codes, **geometry_of(gallery))
    asked: dict[str, Any] = {"turns": turns, "threshold": threshold, "limit": limit, "workers": 1}
    found = search_codes(probes, packed, **asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compilation, "has_wide_vectors", lambda: False)
        plain = search_codes(probes, packed, **asked)

    assert [list(answer) for answer in plain] == [list(answer) for answer in found]
    assert [answer.not_comparable for answer in plain] == [answer.not_comparable for answer in found]


def test_a_threshold_that_is_met_exactly_is_within() -> None:
    rng = np.random.default_rng(3)
    probe, other = code_of(rng, SMALL), code_of(rng, SMALL)
    packed = pack_codes([other])
    best = next(iter(search_codes([probe], packed, turns=7)[0]))

    assert len(search_codes([probe], packed, turns=7, threshold=best.dissimilarity)[0]) == 1
    below = np.nextafter(best.dissimilarity, 0)
    assert len(search_codes([probe], packed, turns=7, threshold=below)[0]) == 0


@pytest.mark.parametrize("threshold", [1 / 3, 0.3, 0.37, 2 / 7])
def test_fractions_that_equal_the_threshold_are_found(threshold: float) -> None:
    shape = (8, 64)
    codes = []
    for compared in range(1, 500):
        mask = np.arange(512).reshape(shape) < compared
        codes += [
            IrisCode.from_bits(np.arange(512).reshape(shape) < differing, mask, model_id=MODEL)
            for differing in (int(threshold * compared), int(threshold * compared) + 1)
        ]
    probe = IrisCode.from_bits(np.zeros(shape, np.bool_), np.ones(shape, np.bool_), model_id=MODEL)
    (found,) = search_codes(
        [probe], pack_codes(codes), turns=0, threshold=threshold, limit=None, fewest_bits=1
    )

    said, _ = twin.search(probe, codes, turns=0, threshold=threshold, limit=None, fewest_bits=1)
    assert list(found) == said
    assert 0 < len(said) < len(codes)


@pytest.mark.parametrize("geometry", [SMALL, LARGE], ids=["2048 bits", "12800 bits"])
def test_a_turned_probe_finds_the_same_at_a_turn_that_is_off_by_as_much(geometry: CodeGeometry) -> None:
    rng = np.random.default_rng(4)
    codes = population(rng, 40, geometry)
    packed = pack_codes(codes)
    straight = search_codes([codes[0]], packed, turns=9, threshold=0.4)[0]
    turned = search_codes([codes[0].turned(-4)], packed, turns=9, threshold=0.4)[0]

    assert [found.turn for found in straight] == [0, 2, -3, 0]
    assert [found.turn for found in turned] == [4, 6, 1, 4]
    assert [found.row for found in turned] == [found.row for found in straight]
    assert [found.dissimilarity for found in turned] == [found.dissimilarity for found in straight]


def test_probe_and_reference_may_change_places() -> None:
    rng = np.random.default_rng(5)
    codes = population(rng, 12)
    forth = search_codes(codes, pack_codes(codes), turns=7, limit=None)
    seen = {(p, found.row): found for p, answer in enumerate(forth) for found in answer}

    for (p, row), found in seen.items():
        assert (found.differing_bits * seen[row, p].compared_bits) == (
            seen[row, p].differing_bits * found.compared_bits
        )


@given(st.integers(0, 2**31), st.sampled_from([None, 4]))
@settings(max_examples=15)
def test_the_order_of_the_rows_only_renames_them(seed: int, limit: int | None) -> None:
    rng = np.random.default_rng(seed)
    codes = population(rng, 37)
    order = rng.permutation(len(codes))
    asked: dict[str, Any] = {"turns": 5, "limit": limit, "workers": 1}
    (found,) = search_codes([codes[0]], pack_codes(codes), **asked)
    (moved,) = search_codes([codes[0]], pack_codes([codes[k] for k in order]), **asked)

    assert {(c.row, c.differing_bits, c.compared_bits, c.turn) for c in found} == {
        (int(order[c.row]), c.differing_bits, c.compared_bits, c.turn) for c in moved
    }


def test_ties_come_in_order_of_rows() -> None:
    rng = np.random.default_rng(6)
    codes = [code_of(rng, SMALL) for _ in range(5)]
    (found,) = search_codes([codes[2]], pack_codes(codes * 9), turns=3, limit=7)

    assert [candidate.row for candidate in found] == [2, 7, 12, 17, 22, 27, 32]


@pytest.mark.parametrize(("limit", "two_stage"), [(5, False), (None, False), (5, True), (None, True)])
def test_threads_and_spans_change_nothing(
    monkeypatch: pytest.MonkeyPatch, limit: int | None, *, two_stage: bool
) -> None:
    rng = np.random.default_rng(7)
    codes = population(rng, 700)
    packed = pack_codes(codes)
    asked: dict[str, Any] = {"turns": 7, "threshold": 0.46, "limit": limit}
    if two_stage:
        asked |= {"stage_one": thin(packed), "margin": 0.05}
    whole = search_codes(codes[:40], packed, workers=1, **asked)
    monkeypatch.setattr(spans, "FEWEST_BLOCKS", 3)
    monkeypatch.setattr(spans, "WORK", 1)
    cut = [search_codes(codes[:40], packed, workers=workers, **asked) for workers in (1, 2, 3)]

    for answers in cut:
        assert [list(answer) for answer in answers] == [list(answer) for answer in whole]
        assert [a.not_comparable for a in answers] == [a.not_comparable for a in whole]
        assert [a.settled for a in answers] == [a.settled for a in cut[0]]


def test_one_probe_after_the_other_finds_what_all_together_find() -> None:
    rng = np.random.default_rng(8)
    codes = population(rng, 50)
    packed = pack_codes(codes)
    together = search_codes(codes, packed, turns=4, threshold=0.45)

    assert [list(answer) for answer in together] == [
        list(search_codes([code], packed, turns=4, threshold=0.45)[0]) for code in codes
    ]


def test_codes_that_share_too_few_valid_bits_are_counted_not_compared() -> None:
    rng = np.random.default_rng(9)
    codes = [code_of(rng, SMALL, valid=share) for share in (0.9, 0.02, 0.9, 0.0)]
    (found,) = search_codes([codes[0]], pack_codes(codes), turns=2, fewest_bits=200)

    assert [candidate.row for candidate in found] == [0, 2]
    assert found.not_comparable == 2
    (found,) = search_codes([codes[1]], pack_codes(codes), turns=2, fewest_bits=200)
    assert (len(found), found.not_comparable) == (0, 4)


@pytest.mark.parametrize(("geometry", "every"), [(LARGE, 4), (LARGE, 8)])
def test_two_stages_find_nearly_all_that_the_exact_search_finds(geometry: CodeGeometry, every: int) -> None:
    rng = np.random.default_rng(20_261_124 + every)
    enrolled, probes = correlated_codes(rng, 400, geometry, noise=2.2, largest_turn=12)
    packed = pack_codes(enrolled)
    asked: dict[str, Any] = {"turns": 15, "threshold": 0.37, "limit": None, "workers": 1}
    exact = pairs_of(search_codes(probes, packed, **asked))
    quick_lists = search_codes(probes, packed, stage_one=thin(packed, every=every), **asked)
    quick = pairs_of(quick_lists)

    assert len(exact) > 300
    assert quick <= exact
    pairs = sorted(exact)
    eyes = single_clusters(np.array([pair[0] for pair in pairs], np.int32), len(probes))
    lost = rate_with_interval(np.array([pair not in quick for pair in pairs]), eyes)
    assert lost.interval.high <= 0.015, lost
    assert sum(answer.settled for answer in quick_lists) < 0.05 * len(probes) * len(enrolled)


def pairs_of(answers: tuple[CodeCandidateList, ...]) -> set[tuple[int, ...]]:
    """All found pairs with their counts."""
    return {
        (p, found.row, found.differing_bits, found.compared_bits, found.turn)
        for p, answer in enumerate(answers)
        for found in answer
    }


@given(galleries(largest=30), st.sampled_from([2, 3, 4]))
@settings(max_examples=40)
def test_two_stages_with_an_open_margin_are_the_exact_search(gallery: Gallery, every: int) -> None:
    probes, codes, turns = gallery
    packed = pack_codes(codes, **geometry_of(gallery))
    if packed.geometry.columns < every:
        return
    asked: dict[str, Any] = {"turns": turns, "threshold": 1.0, "limit": None, "fewest_bits": 1, "workers": 1}
    exact = search_codes(probes, packed, **asked)
    quick = search_codes(probes, packed, stage_one=thin(packed, every=every), margin=1.0, **asked)

    for whole, thinned in zip(exact, quick, strict=True):
        assert set(thinned) <= set(whole)
        assert len(whole) - len(thinned) <= thinned.not_comparable


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"turns": -1}, r"turns must lie in 0..64, half of the columns, got -1"),
        ({"turns": 65}, r"turns must lie in 0..64"),
        ({"threshold": 1.5}, "threshold must be a dissimilarity from 0 to 1, got 1.5"),
        ({"threshold": float("nan")}, "threshold must be a dissimilarity"),
        ({"limit": 0}, "limit must be at least 1, got 0"),
        ({"fewest_bits": 0}, "fewest_bits must be at least 1, got 0"),
    ],
)
def test_numbers_outside_their_range_are_refused(changed: dict[str, Any], message: str) -> None:
    codes = population(np.random.default_rng(10), 5)
    with pytest.raises(ValueError, match=message):
        search_codes(codes, pack_codes(codes), **({"turns": 7} | changed))


@pytest.mark.parametrize("margin", [-0.1, float("nan")])
def test_a_margin_below_zero_is_refused(margin: float) -> None:
    packed = pack_codes(population(np.random.default_rng(10), 5))
    with pytest.raises(ValueError, match="margin must be at least 0"):
        search_codes([packed.code(0)], packed, turns=7, stage_one=thin(packed), margin=margin)


def test_stage_one_must_be_made_of_the_references() -> None:
    rng = np.random.default_rng(11)
    packed, fewer = pack_codes(population(rng, 9)), pack_codes(population(rng, 8))
    with pytest.raises(ValueError, match=r"stage_one must be made of the references by thin: it holds 8"):
        search_codes([packed.code(0)], packed, turns=7, stage_one=thin(fewer))
    other = pack_codes([code_of(rng, SMALL, model=OTHER_MODEL)])
    with pytest.raises(IncompatibleTemplates, match="stage_one was made by other@2"):
        search_codes([packed.code(0)], packed, turns=7, stage_one=thin(other))


def test_codes_of_another_model_or_geometry_never_compare() -> None:
    rng = np.random.default_rng(12)
    packed = pack_codes(population(rng, 9))
    for stranger in (code_of(rng, SMALL, model=OTHER_MODEL), code_of(rng, LARGE)):
        with pytest.raises(IncompatibleTemplates, match="code 1 was made by"):
            search_codes([packed.code(0), stranger], packed, turns=7)


def test_no_probe_has_no_list_and_no_reference_an_empty_one() -> None:
    rng = np.random.default_rng(13)
    probe = code_of(rng, SMALL)
    assert search_codes([], pack_codes([probe]), turns=7) == ()
    (found,) = search_codes([probe], pack_codes([], geometry=SMALL, model_id=MODEL), turns=7)
    assert (len(found), found.searched, found.not_comparable, found.settled) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("rotations", "tile"), [(1, 1), (3, 3), (5, 5), (11, 11), (15, 5), (25, 5), (31, 8), (33, 11)]
)
def test_rotations_are_counted_in_few_large_tiles(rotations: int, tile: int) -> None:
    assert choose_tile(rotations) == tile


@pytest.mark.parametrize(
    ("bits", "step", "margin"), [(512, 1, 0.03), (800, 2, 0.06), (256, 1, 0.06), (511, 2, 0.09)]
)
def test_the_fewer_bits_and_turns_stage_one_sees_the_wider_is_its_margin(
    bits: int, step: int, margin: float
) -> None:
    assert default_margin(bits, step) == pytest.approx(margin)


def test_the_bound_changes_nothing_that_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(14)
    enrolled, probes = correlated_codes(rng, 300, LARGE, noise=2.2, largest_turn=3)
    sparse = [code_of(rng, LARGE, valid=0.6) for _ in range(300)]
    packed = pack_codes([*enrolled, *sparse])
    asked: dict[str, Any] = {"turns": 3, "threshold": 0.38, "limit": None, "workers": 1}
    bounded = search_codes(probes[:20], packed, **asked)
    with_rules = kernel.Rule
    monkeypatch.setattr(kernel, "Rule", lambda **fields: with_rules(**(fields | {"bounding": False})))
    plain = search_codes(probes[:20], packed, **asked)

    assert [list(answer) for answer in bounded] == [list(answer) for answer in plain]
    assert [a.not_comparable for a in bounded] == [a.not_comparable for a in plain]
    assert sum(len(answer) for answer in bounded) > 10
    assert sum(a.settled for a in bounded) > sum(a.settled for a in plain)
