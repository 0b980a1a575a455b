from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from tests.unit.comparison.strategies import MODEL, OTHER_MODEL, SEEDS, finger, gallery, population

from biocapil.comparison import compare, pack, pairs_above, search, similarity_matrix
from biocapil.comparison.all_pairs import BIN_EDGES
from biocapil.errors import IncompatibleTemplates

SMALLEST = 1e-6


def test_pairs_are_those_that_compare_puts_at_or_above_the_threshold() -> None:
    prints = population(fingers=4)
    expected = {(i, k): compare(prints[i], prints[k]) for i, k in combinations(range(12), 2)}
    threshold = sorted(expected.values())[-5]

    found = pairs_above(pack(prints), threshold=threshold)

    assert {(pair.first_row, pair.second_row): pair.similarity for pair in found.pairs} == {
        rows: similarity for rows, similarity in expected.items() if similarity >= threshold
    }
    assert len(found.pairs) == 5


@settings(max_examples=5)
@given(SEEDS)
def test_pairs_agree_with_the_matrix_and_the_histogram_counts_them_all(seed: int) -> None:
    packed = gallery(fingers=4, seed=seed % 1000)
    matrix = similarity_matrix(packed, packed)

    found = pairs_above(packed, threshold=SMALLEST)

    upper = matrix[np.triu_indices(12, k=1)]
    assert (matrix == matrix.T).all()
    assert all(matrix[pair.first_row, pair.second_row] == pair.similarity for pair in found.pairs)
    assert len(found.pairs) == (upper >= SMALLEST).sum()
    assert found.histogram.sum() == found.compared == 66
    assert (found.histogram == np.histogram(upper, BIN_EDGES)[0]).all()


def test_pairs_stand_most_alike_first_and_ties_in_order_of_the_rows() -> None:
    found = pairs_above(pack([finger(1), finger(2), finger(1), finger(1)]), threshold=10.0)

    assert [(pair.first_row, pair.second_row) for pair in found.pairs] == [(0, 2), (0, 3), (2, 3)]
    similarities = [pair.similarity for pair in pairs_above(gallery(), threshold=SMALLEST).pairs]
    assert similarities == sorted(similarities, reverse=True)


def test_gates_take_pairs_away_and_change_none() -> None:
    packed = gallery()
    exact, gated = pairs_above(packed, threshold=1.0), pairs_above(packed, threshold=1.0, exact=False)

    assert set(gated.pairs) <= set(exact.pairs)
    assert gated.histogram.sum() == exact.histogram.sum() == exact.compared
    assert gated.histogram[0] > exact.histogram[0]
    assert (similarity_matrix(packed, packed, exact=False) <= similarity_matrix(packed, packed)).all()


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_answer_is_the_same_for_any_number_of_threads(workers: int) -> None:
    packed = gallery(fingers=5)

    found, alone = (
        pairs_above(packed, threshold=SMALLEST, workers=workers),
        pairs_above(packed, threshold=SMALLEST),
    )

    assert found.pairs == alone.pairs
    assert (found.histogram == alone.histogram).all()
    assert (similarity_matrix(packed, packed, workers=workers) == similarity_matrix(packed, packed)).all()


@pytest.mark.parametrize("exact", [True, False])
def test_a_row_of_the_matrix_is_what_a_search_gives(*, exact: bool) -> None:
    probes, references = population(fingers=2), gallery(fingers=3, seed=1)

    matrix = similarity_matrix(pack(probes), references, exact=exact)

    assert matrix.shape == (6, 9)
    assert matrix.dtype == np.float32
    for row, probe in enumerate(probes):
        for candidate in search(probe, references, limit=9, exact=exact):
            assert matrix[row, candidate.row] == candidate.similarity


def test_a_matrix_of_a_set_with_itself_equals_that_with_its_copy() -> None:
    packed = gallery(fingers=3)

    assert (similarity_matrix(packed, packed) == similarity_matrix(packed, gallery(fingers=3))).all()


def test_progress_ends_at_the_number_of_comparisons() -> None:
    packed, told = gallery(fingers=2), list[tuple[int, int]]()

    def note(done: int, total: int) -> None:
        told.append((done, total))

    pairs_above(packed, threshold=1.0, on_progress=note)
    assert told == [(5, 15), (9, 15), (12, 15), (14, 15), (15, 15), (15, 15)]

    told.clear()
    similarity_matrix(packed, packed, on_progress=note)
    assert told == [(6, 21), (11, 21), (15, 21), (18, 21), (20, 21), (21, 21)]

    told.clear()
    similarity_matrix(pack([finger(1), finger(2)]), packed, on_progress=note)
    assert told == [(6, 12), (12, 12)]


@pytest.mark.parametrize("count", [0, 1])
def test_a_set_without_pairs_has_none(count: int) -> None:
    packed = pack([finger(1)][:count], model_id=MODEL)

    found = pairs_above(packed, threshold=1.0)

    assert (found.pairs, found.compared, found.histogram.sum()) == ((), 0, 0)
    assert similarity_matrix(packed, packed).shape == (count, count)


def test_templates_with_hardly_a_minutia_count_as_compared() -> None:
    packed = pack([finger(1, minutiae=n) for n in (0, 1, 30)])

    found = pairs_above(packed, threshold=SMALLEST)

    assert found.pairs == ()
    assert found.histogram.tolist() == [3, *[0] * (len(BIN_EDGES) - 2)]


def test_the_last_bin_has_no_upper_border() -> None:
    assert BIN_EDGES[0] == 0
    assert BIN_EDGES[-1] == np.inf
    assert (np.diff(BIN_EDGES) > 0).all()


@pytest.mark.parametrize("threshold", [0.0, -1.0, float("nan")])
def test_a_threshold_that_every_pair_reaches_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match=f"threshold must be above 0, got {threshold}"):
        pairs_above(gallery(fingers=1), threshold=threshold)


def test_a_matrix_of_two_models_is_refused() -> None:
    with pytest.raises(IncompatibleTemplates, match="templates of different models never compare"):
        similarity_matrix(gallery(fingers=1), pack([finger(1, model=OTHER_MODEL)]))


def test_pairs_of_two_kinds_have_a_threshold_of_their_own() -> None:
    packed = gallery()
    kinds = np.arange(len(packed)) % 2
    every = {
        (pair.first_row, pair.second_row): pair.similarity
        for pair in pairs_above(packed, threshold=SMALLEST).pairs
    }
    found = pairs_above(packed, threshold=1.0, kinds=kinds, threshold_across=20.0)
    wanted = {
        rows
        for rows, similarity in every.items()
        if similarity >= (1.0 if kinds[rows[0]] == kinds[rows[1]] else 20.0)
    }
    assert {(pair.first_row, pair.second_row) for pair in found.pairs} == wanted
    assert wanted


def test_a_kind_is_needed_for_every_template() -> None:
    with pytest.raises(ValueError, match="kinds must have the shape"):
        pairs_above(gallery(fingers=1), threshold=1.0, kinds=np.zeros(1, np.int64))
    with pytest.raises(ValueError, match="threshold must be above 0, got 0"):
        pairs_above(gallery(fingers=1), threshold=1.0, threshold_across=0)
