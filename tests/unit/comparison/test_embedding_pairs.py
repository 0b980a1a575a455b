from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.embedding_sets import mates_of, packed_rows, random_rows

from biocapil.comparison import EmbeddingPrecision, embedding_pairs_above, embedding_scan
from biocapil.comparison.embedding_pairs import ROWS_A_PART
from biocapil.comparison.reference import embeddings as twin

FLOAT32, INT8 = EmbeddingPrecision.FLOAT32, EmbeddingPrecision.INT8


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 230), dimensions=st.integers(1, 70))
def test_pairs_in_int8_equal_plain_numpy(seed: int, count: int, dimensions: int) -> None:
    rows = random_rows(seed, count, dimensions)
    packed = packed_rows(rows, INT8)
    products = twin.step_products(rows, rows, packed.scale)
    threshold = float(np.clip(np.quantile(products, 0.9) / packed.scale**2, -1, 1))

    found = embedding_pairs_above(packed, threshold=threshold)

    assert sorted((pair.first_row, pair.second_row) for pair in found) == (
        twin.pairs_from(products / packed.scale**2, threshold)
    )
    for pair in found:
        assert pair.similarity == products[pair.first_row, pair.second_row] / packed.scale**2


@pytest.mark.parametrize("precision", EmbeddingPrecision)
@pytest.mark.parametrize("exact", [True, False])
def test_planted_duplicates_are_found_across_parts_and_nothing_else(
    precision: EmbeddingPrecision, *, exact: bool
) -> None:
    rows = random_rows(1, 2 * ROWS_A_PART + 70, 128)
    first = [0, 1, ROWS_A_PART - 1, 5, ROWS_A_PART]
    second = [2, ROWS_A_PART + 1, 2 * ROWS_A_PART - 1, len(rows) - 1, len(rows) - 2]
    rows[second] = mates_of(rows[first], 2, noise=0.3)

    found = embedding_pairs_above(packed_rows(rows, precision), threshold=0.8, exact=exact)

    assert {(pair.first_row, pair.second_row) for pair in found} == set(zip(first, second, strict=True))
    assert len(found) == 5
    alike = [pair.similarity for pair in found]
    assert alike == sorted(alike, reverse=True)
    assert alike[0] == pytest.approx(1 / np.sqrt(1 + 0.3**2), abs=0.03)


@pytest.mark.parametrize("exact", [True, False])
def test_pairs_do_not_depend_on_threads(*, exact: bool) -> None:
    packed = packed_rows(random_rows(3, 3 * ROWS_A_PART, 32), FLOAT32)

    alone = embedding_pairs_above(packed, threshold=0.5, exact=exact, workers=1)

    assert len(alone) > 50
    assert embedding_pairs_above(packed, threshold=0.5, exact=exact, workers=3) == alone


@pytest.mark.parametrize("precision", EmbeddingPrecision)
def test_more_pairs_than_there_was_room_for_are_all_found(
    precision: EmbeddingPrecision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_scan, "FIRST_ROOM", 10)
    packed = packed_rows(random_rows(4, 60, 20), precision)

    assert len(embedding_pairs_above(packed, threshold=-1.0)) == 60 * 59 // 2


def test_equal_pairs_come_in_order_of_their_rows() -> None:
    packed = packed_rows(np.repeat(random_rows(5, 1, 16), 4, axis=0), INT8)

    pairs = [(pair.first_row, pair.second_row) for pair in embedding_pairs_above(packed, threshold=0.9)]

    assert pairs == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


@pytest.mark.parametrize("threshold", [1.5, np.nan])
def test_a_threshold_that_is_no_cosine_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold must be a similarity"):
        embedding_pairs_above(packed_rows(random_rows(6, 3, 8), INT8), threshold=threshold)
