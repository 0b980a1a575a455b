from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.strategies import (
    MODEL,
    OTHER_MODEL,
    SEEDS,
    finger,
    gallery,
    impression,
    population,
    template_of,
    template_pairs,
)

from biocapil.comparison import compare, explain, pack, pairs_above, prepare_probe, search
from biocapil.comparison.kernels import cascade
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate

SMALL_BLOCK = 5
SEARCH = sys.modules[search.__module__]  # the package shows the function under the module's name


@pytest.fixture
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that a gallery of a test is spread over several threads."""
    monkeypatch.setattr(SEARCH, "BLOCK", SMALL_BLOCK)


def listed(found: object) -> list[tuple[int, float]]:
    return [(candidate.row, candidate.similarity) for candidate in found]  # type: ignore[attr-defined]


def everything(
    probe: FingerprintTemplate, *, exact: bool = True, **options: object
) -> list[tuple[int, float]]:
    return listed(search(probe, gallery(), limit=1000, exact=exact, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("exact", [True, False])
def test_the_probe_finds_itself_first(*, exact: bool) -> None:
    prints = population()
    packed = pack(prints)
    for row, probe in enumerate(prints):
        assert search(probe, packed, exact=exact).candidates[0].row == row


def test_the_other_impressions_of_the_finger_come_next() -> None:
    packed = gallery(fingers=8, impressions=3)
    for row, probe in enumerate(population(fingers=8, impressions=3)):
        found = [candidate.row // 3 for candidate in search(probe, packed, limit=3)]

        assert found == [row // 3] * 3


def test_a_prepared_probe_gives_what_its_template_gives() -> None:
    probe = finger(1)

    assert search(prepare_probe(probe), gallery()) == search(probe, gallery())


@settings(max_examples=25)
@given(template_pairs())
def test_an_exact_search_gives_the_similarity_of_compare(
    pair: tuple[FingerprintTemplate, FingerprintTemplate],
) -> None:
    references = [pair[1], *population(fingers=3, impressions=1)]
    similarities = [compare(pair[0], reference) for reference in references]

    found = search(pair[0], pack(references), limit=10, exact=True)

    assert dict(listed(found)) == {row: s for row, s in enumerate(similarities) if s > 0}


@settings(max_examples=25)
@given(SEEDS)
def test_gates_only_leave_out_and_never_change_a_score(seed: int) -> None:
    probe = impression(finger(1000 + seed % 8), seed)
    exact, gated = everything(probe), everything(probe, exact=False)

    assert set(gated) <= set(exact)
    assert gated[:1] == exact[:1]


def test_gates_leave_most_of_a_gallery_out_and_count_what_they_passed() -> None:
    packed = gallery(fingers=20)

    gated, exact = search(population()[0], packed), search(population()[0], packed, exact=True)

    assert 3 <= gated.passed_gates[1] <= gated.passed_gates[0] < len(packed)
    assert exact.passed_gates == (0, 0)
    assert gated.searched == exact.searched == len(packed)


@pytest.mark.usefixtures("_small_blocks")
@pytest.mark.parametrize("exact", [True, False])
def test_the_answer_is_the_same_for_any_number_of_threads(*, exact: bool) -> None:
    packed = gallery()
    for probe in population()[::5]:
        answers = [search(probe, packed, limit=30, exact=exact, workers=workers) for workers in (1, 2, 3, 4)]

        assert all(answer == answers[0] for answer in answers)
        assert answers[0].searched == len(packed) > 4 * SMALL_BLOCK


def test_small_blocks_give_what_one_block_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = everything(finger(1001))
    monkeypatch.setattr(SEARCH, "BLOCK", SMALL_BLOCK)

    assert everything(finger(1001)) == whole


@settings(max_examples=10)
@given(st.permutations(range(24)))
def test_the_order_of_the_gallery_only_renames_rows(order: list[int]) -> None:
    probe = finger(1003)
    packed = gallery()

    renamed = search(probe, packed.take(np.array(order)), limit=100, exact=True)

    assert [(order[row], s) for row, s in listed(renamed)] == listed(
        search(probe, packed, limit=100, exact=True)
    )


def test_ties_stand_in_order_of_rising_row() -> None:
    twins = pack([finger(1), finger(2), finger(1), finger(1)])

    found = search(finger(1), twins, limit=3)

    assert [candidate.row for candidate in found] == [0, 2, 3]
    assert len({candidate.similarity for candidate in found}) == 1
    assert [candidate.row for candidate in search(finger(1), twins, limit=2)] == [0, 2]


def test_candidates_fall_in_similarity_and_the_limit_cuts_the_list() -> None:
    scores = [s for _, s in everything(finger(1001))]

    assert scores == sorted(scores, reverse=True)
    assert listed(search(finger(1001), gallery(), limit=4, exact=True)) == everything(finger(1001))[:4]


def test_the_threshold_is_the_smallest_similarity_that_stays() -> None:
    complete = everything(finger(1001))
    third = complete[2][1]

    assert everything(finger(1001), threshold=third) == complete[:3]
    assert everything(finger(1001), threshold=np.nextafter(third, np.inf)) == complete[:2]


def test_a_similarity_of_zero_is_never_a_candidate() -> None:
    alone = template_of(np.array([[20_000.0, 20_000.0]]), np.zeros(1))

    found = search(alone, pack([alone, finger(1)]), exact=True)

    assert len(found) == 0
    assert found.searched == 2


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("minutiae", [0, 1, 255])
def test_a_probe_or_reference_of_any_size_crashes_nothing(minutiae: int, *, exact: bool) -> None:
    odd = finger(5, minutiae=minutiae)
    packed = pack([finger(1), odd, finger(2)])

    rows = [candidate.row for candidate in search(odd, packed, exact=exact)]

    assert rows[:1] == ([1] if minutiae == 255 else [])
    assert search(finger(1), packed, exact=exact).candidates[0].row == 0


def test_an_empty_gallery_has_no_candidates() -> None:
    found = search(finger(1), pack([], model_id=MODEL))

    assert (found.candidates, found.searched, found.passed_gates) == ((), 0, (0, 0))


@pytest.mark.parametrize("limit", [0, -3])
def test_a_limit_below_one_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match=f"limit must be at least 1, got {limit}"):
        search(finger(1), gallery(), limit=limit)


@pytest.mark.parametrize("threshold", [-0.5, float("nan")])
def test_a_threshold_that_is_no_similarity_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match=f"threshold must be a similarity of at least 0, got {threshold}"):
        search(finger(1), gallery(), threshold=threshold)


def test_a_gallery_of_another_model_is_refused() -> None:
    with pytest.raises(IncompatibleTemplates, match="probe was made by other@2, the gallery by made@1"):
        search(finger(1, model=OTHER_MODEL), gallery())


def test_all_ways_to_compare_share_one_compilation() -> None:
    probe, packed = finger(1), gallery(fingers=2)
    compare(probe, finger(2))
    explain(probe, finger(2))
    search(probe, packed)
    pairs_above(packed, threshold=1.0)

    for kernel in (cascade.search_block, cascade.compare_rows, cascade.explain_rows):
        assert len(kernel.signatures) == 1
