"""Searching plain bits: equal to plain numpy, whatever the order, the threads and the blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.code_strategies import MODEL, OTHER_MODEL, SEEDS, strings_of

from biocapil.comparison import BitStrings, CodeCandidateList, pack_bits, search_bits, spans
from biocapil.comparison.kernels import compilation
from biocapil.comparison.reference import bits as twin
from biocapil.errors import IncompatibleTemplates


def pairs_of(answers: tuple[CodeCandidateList, ...]) -> list[list[tuple[int, int]]]:
    """Row and distance of the candidates."""
    return [[(found.row, found.differing_bits) for found in answer] for answer in answers]


@st.composite
def searches(draw: st.DrawFn) -> tuple[BitStrings, BitStrings, dict[str, Any]]:
    """Probes, references and what is asked; few bits or few distinct strings make ties."""
    bits = draw(st.sampled_from([1, 3, 64, 65, 200, 2048]))
    rng = np.random.default_rng(draw(SEEDS))
    count, probes = draw(st.integers(1, 60)), draw(st.integers(1, 40))
    references = strings_of(rng, count, bits, distinct=draw(st.sampled_from([None, 1, 5])))
    mated = np.concatenate([references.words, strings_of(rng, probes, bits).words])
    chosen = BitStrings(words=mated[rng.permutation(len(mated))[:probes]], bits=bits, model_id=MODEL)
    asked = {
        "limit": draw(st.sampled_from([None, 1, 3, 100])),
        "largest_distance": draw(st.sampled_from([0, bits // 3, bits // 2, bits])),
    }
    return chosen, references, asked


@settings(max_examples=150)
@given(searches(), st.booleans())
def test_the_search_equals_its_twin(
    search: tuple[BitStrings, BitStrings, dict[str, Any]],
    vectors: bool,  # noqa: FBT001
) -> None:
    probes, references, asked = search
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compilation, "has_wide_vectors", lambda: vectors)
        found = search_bits(probes, pack_bits(references), workers=1, **asked)

    assert pairs_of(found) == twin.search_plain(probes.words, references.words, **asked)
    assert {answer.searched for answer in found} == {len(references)}
    assert {c.compared_bits for answer in found for c in answer} <= {probes.bits}


@pytest.mark.parametrize("limit", [4, None])
def test_threads_and_spans_change_nothing(monkeypatch: pytest.MonkeyPatch, limit: int | None) -> None:
    rng = np.random.default_rng(1)
    references, probes = strings_of(rng, 3001, 64), strings_of(rng, 300, 64)
    packed = pack_bits(references)
    asked: dict[str, Any] = {"limit": limit, "largest_distance": 22}
    whole = pairs_of(search_bits(probes, packed, workers=1, **asked))
    monkeypatch.setattr(spans, "FEWEST_BLOCKS", 5)
    monkeypatch.setattr(spans, "WORK", 1)

    for workers in (1, 2, 3):
        assert pairs_of(search_bits(probes, packed, workers=workers, **asked)) == whole


def test_the_dissimilarity_is_the_share_of_bits_that_differ() -> None:
    words = np.array([[0b1011], [0b0001]], np.uint64)
    strings = BitStrings(words=words, bits=4, model_id=MODEL)
    (found, _) = search_bits(strings, pack_bits(strings))

    assert [(c.row, c.dissimilarity, c.turn) for c in found] == [(0, 0.0, 0), (1, 0.5, 0)]


def test_no_probe_has_no_list_and_no_reference_an_empty_one() -> None:
    some = strings_of(np.random.default_rng(2), 3, 100)
    none = BitStrings(words=some.words[:0], bits=100, model_id=MODEL)

    assert search_bits(none, pack_bits(some)) == ()
    assert [len(answer) for answer in search_bits(some, pack_bits(none), limit=None)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"limit": 0}, "limit must be at least 1, got 0"),
        ({"largest_distance": -1}, r"largest_distance must lie in 0..100, got -1"),
        ({"largest_distance": 101}, r"largest_distance must lie in 0..100, got 101"),
    ],
)
def test_numbers_outside_their_range_are_refused(changed: dict[str, int], message: str) -> None:
    some = strings_of(np.random.default_rng(3), 3, 100)
    with pytest.raises(ValueError, match=message):
        search_bits(some, pack_bits(some), **changed)


def test_strings_of_another_model_or_length_never_compare() -> None:
    some = strings_of(np.random.default_rng(4), 3, 100)
    other = BitStrings(words=some.words, bits=100, model_id=OTHER_MODEL)
    with pytest.raises(IncompatibleTemplates, match="the probes were made by other@2"):
        search_bits(other, pack_bits(some))
    with pytest.raises(ValueError, match="probes have 99 bits, the references 100"):
        search_bits(strings_of(np.random.default_rng(4), 3, 99), pack_bits(some))
