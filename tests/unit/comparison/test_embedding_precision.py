from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.comparison.embedding_sets import random_rows

from biocapil.comparison import EmbeddingPrecision
from biocapil.comparison import embedding_precision as precisions
from biocapil.comparison.reference import embeddings as twin

FLOAT32, INT8 = EmbeddingPrecision.FLOAT32, EmbeddingPrecision.INT8
FLOAT16, BFLOAT16 = EmbeddingPrecision.FLOAT16, EmbeddingPrecision.BFLOAT16
SMALL = {FLOAT16: (10, -14), BFLOAT16: (7, -126)}


@pytest.mark.parametrize("precision", [FLOAT16, BFLOAT16])
@given(values=st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=40))
def test_values_are_rounded_to_the_nearest_ties_to_even(
    values: list[float], precision: EmbeddingPrecision
) -> None:
    rows = np.array([values], np.float32)
    fraction_bits, smallest_exponent = SMALL[precision]

    expected = twin.rounded_to(rows, fraction_bits=fraction_bits, smallest_exponent=smallest_exponent)

    assert precisions.rounded(rows, precision).tolist() == expected.tolist()


def test_a_tie_goes_to_the_even_neighbour() -> None:
    rows = np.array([[1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-11, 1 + 3 * 2**-11]], np.float32)

    assert precisions.rounded(rows, BFLOAT16)[0, :2].tolist() == [1.0, 1 + 2**-6]
    assert precisions.rounded(rows, FLOAT16)[0, 2:].tolist() == [1.0, 1 + 2**-9]


@pytest.mark.parametrize("precision", [FLOAT16, BFLOAT16])
def test_rounding_twice_changes_nothing_and_once_as_little_as_is_said(precision: EmbeddingPrecision) -> None:
    rows = random_rows(1, 50, 96)
    once = precisions.rounded(rows, precision)

    assert np.array_equal(precisions.rounded(once, precision), once)
    assert not np.array_equal(once, rows)
    lengths = np.linalg.norm(once.astype(np.float64), axis=1)
    assert np.abs(lengths - 1).max() <= precisions.LARGEST_ROUNDING[precision]


def test_float32_and_int8_are_not_rounded_before() -> None:
    rows = random_rows(2, 3, 5)

    assert precisions.rounded(rows, FLOAT32) is rows
    assert precisions.rounded(rows, INT8) is rows


def test_bfloat16_stands_in_pairs_and_float16_alone() -> None:
    rows = precisions.rounded(random_rows(3, 2, 21), BFLOAT16)
    words = precisions.gallery_values(rows, BFLOAT16)
    assert words is not None
    assert words.shape == (2, 16, 2)
    back = (words.reshape(2, 32).astype(np.uint32) << 16).view(np.float32)
    assert np.array_equal(back[:, :21], rows)
    assert not back[:, 21:].any()

    rows = precisions.rounded(random_rows(3, 2, 21), FLOAT16)
    words = precisions.gallery_values(rows, FLOAT16)
    assert words is not None
    assert words.shape == (2, 32, 1)
    assert np.array_equal(words.view(np.float16)[:, :21, 0], rows)


@pytest.mark.parametrize("precision", [FLOAT32, FLOAT16, BFLOAT16])
def test_words_of_references_as_probes_are_those_of_the_probes(precision: EmbeddingPrecision) -> None:
    rows = precisions.rounded(random_rows(4, 3, 40), precision)
    words = precisions.gallery_values(rows, precision)
    assert words is not None
    own = precisions.as_probes(words, precision)

    expected = precisions.probe_values(rows, precision)
    assert expected is not None
    assert own.dtype == expected.dtype
    assert np.array_equal(own, expected)


@pytest.mark.parametrize("precision", EmbeddingPrecision)
def test_values_tell_their_precision(precision: EmbeddingPrecision) -> None:
    values = precisions.gallery_values(random_rows(5, 2, 16), precision)

    assert precisions.precision_of(values) is precision
    assert (values is None) == (precision is INT8)
    assert (precisions.probe_values(random_rows(5, 2, 16), precision) is None) == (precision is INT8)
