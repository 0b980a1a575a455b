from __future__ import annotations

import numpy as np
import pytest

from biocapil.embedding import LENGTH_TOLERANCE, MAX_DIMENSIONS, Embedding, require_unit_rows
from biocapil.vocabulary import ModelId

MODEL = ModelId("made@1")


def unit(*values: float) -> np.ndarray:
    array = np.array(values, np.float32)
    return array / np.linalg.norm(array)


def test_an_embedding_holds_its_values_read_only_and_hides_them() -> None:
    embedding = Embedding(values=unit(3, 4), model_id=MODEL)

    assert len(embedding) == 2
    assert not embedding.values.flags.writeable
    assert repr(embedding) == "Embedding(2 dimensions, model made@1)"


@pytest.mark.parametrize(
    "values", [unit(1, 2).astype(np.float64), unit(1, 2).reshape(1, 2), np.float32(1).reshape(())]
)
def test_another_type_or_shape_is_refused(values: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"float32 of shape \(D,\)"):
        Embedding(values=values, model_id=MODEL)


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 1 + 2 * LENGTH_TOLERANCE, 1 - 2 * LENGTH_TOLERANCE])
def test_a_vector_that_has_not_length_1_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="must have length 1"):
        Embedding(values=np.array([value, 0], np.float32), model_id=MODEL)


def test_rounding_of_the_length_is_borne() -> None:
    assert len(Embedding(values=np.array([1 + LENGTH_TOLERANCE / 2], np.float32), model_id=MODEL)) == 1


@pytest.mark.parametrize("dimensions", [0, MAX_DIMENSIONS + 1])
def test_too_few_or_too_many_dimensions_are_refused(dimensions: int) -> None:
    with pytest.raises(ValueError, match=f"has 1 to {MAX_DIMENSIONS} dimensions, got {dimensions}"):
        Embedding(values=np.zeros(dimensions, np.float32), model_id=MODEL)


def test_the_row_that_is_wrong_is_named() -> None:
    rows = np.stack([unit(1, 1), np.zeros(2, np.float32), unit(1, 2)])

    with pytest.raises(ValueError, match="got 0 in row 1"):
        require_unit_rows(rows)
