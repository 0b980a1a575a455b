from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from tests.unit.comparison.embedding_sets import (
    Rows,
    embeddings_of,
    mates_of,
    packed_rows,
    probes_and_references,
    random_rows,
)

from biocapil.candidates import Candidate, CandidateList
from biocapil.comparison import EmbeddingPrecision, embedding_scan, search_embeddings
from biocapil.comparison.embedding_search import MAX_LIMIT
from biocapil.comparison.reference import embeddings as twin
from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import ModelId

FLOAT32, INT8 = EmbeddingPrecision.FLOAT32, EmbeddingPrecision.INT8
TOLERANCE = 2e-6


def rows_of(lists: tuple[CandidateList, ...]) -> list[list[int]]:
    return [[candidate.row for candidate in found] for found in lists]


def pairs_of(lists: tuple[CandidateList, ...]) -> dict[tuple[int, int], float]:
    return {(one, found.row): found.similarity for one, own in enumerate(lists) for found in own}


def require_equal_up_to_ties(found: CandidateList, expected: np.ndarray, tolerance: float) -> None:
    """Similarities are those of the best rows, and each row has its own, both up to a tolerance."""
    alike = [candidate.similarity for candidate in found]
    rows = [candidate.row for candidate in found]
    assert len(set(rows)) == len(rows)
    assert alike == sorted(alike, reverse=True)
    assert alike == pytest.approx(np.sort(expected)[::-1][: len(rows)].tolist(), abs=tolerance)
    assert alike == pytest.approx(expected[rows].tolist(), abs=tolerance)


def of_similarities(*pairs: tuple[int, float]) -> CandidateList:
    candidates = tuple(Candidate(row=row, similarity=alike) for row, alike in pairs)
    return CandidateList(candidates=candidates, searched=4, passed_gates=(0, 0))


def test_the_comparison_up_to_ties_lets_ties_swap_and_nothing_else() -> None:
    expected = np.array([0.5, 0.9, 0.9 + 1e-7, 0.1])

    require_equal_up_to_ties(of_similarities((1, 0.9), (2, 0.9)), expected, TOLERANCE)
    require_equal_up_to_ties(of_similarities((2, 0.9), (1, 0.9)), expected, TOLERANCE)
    for wrong in ([(1, 0.9), (0, 0.5)], [(1, 0.9), (1, 0.9)], [(0, 0.9), (2, 0.9)], [(1, 0.8), (2, 0.9)]):
        with pytest.raises(AssertionError):
            require_equal_up_to_ties(of_similarities(*wrong), expected, TOLERANCE)


@settings(max_examples=60)
@given(drawn=probes_and_references())
def test_a_search_in_int8_equals_plain_numpy(drawn: tuple[Rows, Rows]) -> None:
    probes, references = drawn
    packed = packed_rows(references, INT8)
    products = twin.step_products(probes, references, packed.scale)
    smallest = int(np.median(products))
    threshold = float(np.clip(smallest / packed.scale**2, -1, 1))

    found = search_embeddings(embeddings_of(probes), packed, limit=200, threshold=threshold)

    assert rows_of(found) == twin.best_rows(products / packed.scale**2, limit=200, smallest=threshold)
    for (one, row), alike in pairs_of(found).items():
        assert alike == products[one, row] / packed.scale**2


@settings(max_examples=60)
@given(drawn=probes_and_references())
def test_a_search_in_float32_equals_plain_numpy_up_to_ties(drawn: tuple[Rows, Rows]) -> None:
    probes, references = drawn
    found = search_embeddings(embeddings_of(probes), packed_rows(references, FLOAT32), limit=5)

    for own, expected in zip(found, twin.inner_products(probes, references), strict=True):
        assert len(own) == min(5, len(references))
        assert own.searched == len(references)
        assert own.passed_gates == (0, 0)
        require_equal_up_to_ties(own, expected, TOLERANCE)


@pytest.mark.parametrize(
    ("precision", "largest"), [(EmbeddingPrecision.FLOAT16, 1e-4), (EmbeddingPrecision.BFLOAT16, 1e-3)]
)
def test_16_bits_a_value_move_a_similarity_by_little(precision: EmbeddingPrecision, largest: float) -> None:
    references = random_rows(25, 300, 512)
    probes = mates_of(references[:12], 26, noise=0.8)
    found = pairs_of(search_embeddings(embeddings_of(probes), packed_rows(references, precision), limit=300))
    expected = twin.inner_products(probes, references)

    off = [abs(alike - expected[place]) for place, alike in found.items()]
    assert len(off) == 12 * 300
    assert 0 < max(off) < largest


@pytest.mark.parametrize("precision", EmbeddingPrecision)
def test_a_similarity_at_the_threshold_is_a_candidate(precision: EmbeddingPrecision) -> None:
    packed = packed_rows(random_rows(1, 40, 24), precision)
    probe = embeddings_of(random_rows(2, 1, 24))
    (every,) = search_embeddings(probe, packed, limit=40)
    seventh = every.candidates[6].similarity

    (found,) = search_embeddings(probe, packed, limit=40, threshold=seventh)
    (fewer,) = search_embeddings(probe, packed, limit=40, threshold=np.nextafter(seventh, 1))

    assert found.candidates == every.candidates[:7]
    assert fewer.candidates == every.candidates[:6]


@pytest.mark.parametrize("precision", EmbeddingPrecision)
def test_ties_come_in_order_of_rows_also_where_the_list_is_cut(precision: EmbeddingPrecision) -> None:
    packed = packed_rows(np.repeat(random_rows(3, 5, 30), 30, axis=0), precision)

    lists = search_embeddings(embeddings_of(random_rows(3, 5, 30)), packed, limit=7)

    assert rows_of(lists) == [list(range(first, first + 7)) for first in range(0, 150, 30)]


@pytest.mark.parametrize("precision", EmbeddingPrecision)
@pytest.mark.parametrize("exact", [True, False])
def test_the_answer_does_not_depend_on_threads_or_company(
    precision: EmbeddingPrecision, *, exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_scan, "PAIRS_A_THREAD", 500)
    references = np.concatenate([random_rows(4, 700, 64), random_rows(4, 700, 64)[300:420]])
    packed = packed_rows(references, precision)
    probes = embeddings_of(mates_of(references[::60], 5, noise=0.6))

    def ask(workers: int, number: int = len(probes)) -> tuple[CandidateList, ...]:
        return search_embeddings(
            probes[:number], packed, limit=6, threshold=0.33, exact=exact, workers=workers
        )

    alone = ask(1)
    assert len({len(found) for found in alone}) > 1
    assert ask(2) == ask(3) == ask(7) == alone
    assert ask(3, number=1) == alone[:1]


@pytest.mark.parametrize("precision", EmbeddingPrecision)
def test_the_order_of_the_references_does_not_matter(precision: EmbeddingPrecision) -> None:
    references = random_rows(6, 130, 40)
    order = np.random.default_rng(7).permutation(130)
    probes = embeddings_of(random_rows(8, 9, 40))

    straight = search_embeddings(probes, packed_rows(references, precision), limit=8)
    shuffled = search_embeddings(probes, packed_rows(references[order], precision), limit=8)

    assert [[int(order[row]) for row in own] for own in rows_of(shuffled)] == rows_of(straight)


@pytest.mark.parametrize("precision", EmbeddingPrecision)
@pytest.mark.parametrize("threshold", [0.5, -0.2, -1.0, 1.0])
def test_the_cascade_finds_what_the_exact_scan_finds_with_the_same_similarities(
    precision: EmbeddingPrecision, threshold: float
) -> None:
    references = random_rows(9, 900, 256)
    packed = packed_rows(references, precision)
    probes = embeddings_of(mates_of(references[:40], 10, noise=0.9))

    exact = search_embeddings(probes, packed, limit=MAX_LIMIT, threshold=threshold)
    gated = search_embeddings(probes, packed, limit=MAX_LIMIT, threshold=threshold, exact=False)

    assert pairs_of(gated) == pairs_of(exact)
    assert rows_of(gated) == rows_of(exact)
    expected = 40 if threshold == 0.5 else 0 if threshold == 1.0 else 40 * 800
    assert len(pairs_of(exact)) >= expected


def test_the_cascade_tells_how_many_reached_its_later_stages() -> None:
    references = random_rows(11, 2000, 512)
    probes = embeddings_of(mates_of(references[:3], 12, noise=0.5))

    gated = search_embeddings(probes, packed_rows(references, FLOAT32), threshold=0.7, exact=False)
    open_gate = search_embeddings(probes, packed_rows(references, INT8), threshold=0.05, exact=False)

    assert all(found.passed_gates == (1, 1) for found in gated)
    assert [found.passed_gates[0] for found in open_gate] == [2000] * 3


@pytest.mark.parametrize("freedom", [60, 150, 512])
def test_the_cascade_keeps_at_least_99_percent_at_the_threshold_itself(freedom: int) -> None:
    references = random_rows(13, 4000, 512, freedom=freedom)
    probes = embeddings_of(mates_of(references[:400], 14, noise=1.3))
    packed = packed_rows(references, FLOAT32)
    mated = twin.inner_products(np.stack([probe.values for probe in probes]), references[:400]).diagonal()
    threshold = float(np.quantile(mated, 0.02))

    exact = pairs_of(search_embeddings(probes, packed, threshold=threshold))
    gated = pairs_of(search_embeddings(probes, packed, threshold=threshold, exact=False))

    assert len(exact) >= 392
    assert set(gated) <= set(exact)
    assert len(gated) >= 0.99 * len(exact)


def test_a_memory_mapped_gallery_gives_the_same_answer(tmp_path: Path) -> None:
    packed = packed_rows(random_rows(15, 200, 48), FLOAT32)
    mapped = {}
    for name in ("signs", "octets", "values"):
        np.save(tmp_path / name, getattr(packed, name))
        mapped[name] = np.load(tmp_path / f"{name}.npy", mmap_mode="r")
    probes = embeddings_of(random_rows(16, 5, 48))

    assert search_embeddings(probes, dataclasses.replace(packed, **mapped)) == (
        search_embeddings(probes, packed)
    )


def test_no_probe_finds_nothing() -> None:
    assert search_embeddings([], packed_rows(random_rows(17, 3, 8), INT8)) == ()


@pytest.mark.parametrize("limit", [0, MAX_LIMIT + 1])
def test_a_limit_outside_its_range_is_refused(limit: int) -> None:
    packed = packed_rows(random_rows(18, 3, 8), INT8)
    with pytest.raises(ValueError, match=f"limit must be 1 to {MAX_LIMIT}, got {limit}"):
        search_embeddings([], packed, limit=limit)


@pytest.mark.parametrize("threshold", [1.01, -1.01, np.nan])
def test_a_threshold_that_is_no_cosine_is_refused(threshold: float) -> None:
    packed = packed_rows(random_rows(19, 3, 8), INT8)
    with pytest.raises(ValueError, match="threshold must be a similarity from -1 to 1"):
        search_embeddings([], packed, threshold=threshold)


def test_the_cascade_wants_a_threshold() -> None:
    packed = packed_rows(random_rows(20, 3, 8), INT8)
    with pytest.raises(ValueError, match="exact=False needs a threshold"):
        search_embeddings(embeddings_of(random_rows(21, 1, 8)), packed, exact=False)


def test_a_probe_of_another_model_or_length_is_refused() -> None:
    packed = packed_rows(random_rows(22, 3, 8), INT8)
    with pytest.raises(IncompatibleTemplates, match=r"embedding 0 was made by other@1"):
        search_embeddings(embeddings_of(random_rows(23, 1, 8), model=ModelId("other@1")), packed)
    with pytest.raises(ValueError, match="embedding 0 has 9 dimensions"):
        search_embeddings(embeddings_of(random_rows(24, 1, 9)), packed)
