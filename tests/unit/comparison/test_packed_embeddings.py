from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from tests.unit.comparison.embedding_sets import MODEL, embeddings_of, packed_rows, random_rows

from biocapil.comparison import EmbeddingPrecision, pack_embedding_rows, pack_embeddings
from biocapil.comparison import embedding_layout as layout
from biocapil.comparison.packed_embeddings import ROWS_AT_ONCE
from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import ModelId

FLOAT32, INT8 = EmbeddingPrecision.FLOAT32, EmbeddingPrecision.INT8


def test_packing_keeps_every_value_in_its_lane() -> None:
    rows = random_rows(1, 50, 21)
    packed = pack_embeddings(embeddings_of(rows))

    assert packed.values is not None
    assert packed.values.shape == (6, 32, 16, 1)
    kept = layout.rows_of_blocks(packed.values, np.arange(0, 50))
    assert np.array_equal(kept[:, :21, 0], rows)
    assert not kept[:, 21:].any()
    assert packed.values[2, 7, 3, 0] == rows[35, 7]


def test_bytes_are_steps_plus_128_and_fillings_stand_for_0() -> None:
    rows = random_rows(2, 17, 10)
    packed = packed_rows(rows, INT8)
    steps = layout.signed_bytes(layout.rows_of_blocks(packed.octets, np.arange(0, 17))).reshape(17, 16)

    assert packed.values is None
    assert np.array_equal(steps[:, :10], np.clip(np.rint(rows * np.float32(packed.scale)), -127, 127))
    assert not steps[:, 10:].any()
    assert (layout.rows_of_blocks(packed.octets, np.arange(17, 48)) == 128).all()


def test_signs_fill_words_from_the_lowest_bit() -> None:
    rows = random_rows(3, 3, 70)
    words = layout.rows_of_blocks(packed_rows(rows, INT8).signs, np.arange(0, 3))[:, :, 0]

    for row, own in zip(rows, words, strict=True):
        bits = sum(1 << place for place in np.flatnonzero(row > 0).tolist())
        assert int(own[0]) | int(own[1]) << 64 == bits


def test_the_largest_value_of_nearly_all_rows_stands_at_127_and_an_odd_row_is_cut_off() -> None:
    rows = random_rows(4, 300, 128)
    rows[7] = 0
    rows[7, 0] = -1
    packed = packed_rows(rows, INT8)

    ordinary = np.sort(np.abs(rows).max(axis=1))
    assert packed.scale == pytest.approx(127 / ordinary[-4], rel=0.05)
    assert layout.signed_bytes(layout.rows_of_blocks(packed.octets, np.arange(7, 8))).min() == -127
    assert packed.rounding > 0.5


def test_rows_beyond_what_is_packed_at_a_time_are_packed_as_well() -> None:
    rows = random_rows(5, ROWS_AT_ONCE + 20, 8)
    packed = packed_rows(rows, FLOAT32)

    assert packed.values is not None
    assert np.array_equal(layout.rows_of_blocks(packed.values, np.arange(0, len(rows)))[:, :8, 0], rows)
    assert len(packed.values) == layout.gallery_blocks(len(rows))


def test_blocks_begin_at_a_cache_line() -> None:
    packed = packed_rows(random_rows(6, 5, 16), FLOAT32)

    assert packed.values is not None
    assert not any(array.ctypes.data % 64 for array in (packed.signs, packed.octets, packed.values))


@pytest.mark.parametrize(
    ("precision", "dtype", "shape"),
    [
        (EmbeddingPrecision.FLOAT16, np.uint16, (6, 32, 16, 1)),
        (EmbeddingPrecision.BFLOAT16, np.uint16, (6, 16, 16, 2)),
    ],
)
def test_16_bit_values_take_two_bytes_a_dimension(
    precision: EmbeddingPrecision, dtype: type[np.generic], shape: tuple[int, ...]
) -> None:
    packed = packed_rows(random_rows(13, 50, 21), precision)

    assert packed.values is not None
    assert packed.values.dtype == dtype
    assert packed.values.shape == shape


@pytest.mark.parametrize(("precision", "name"), [(one, one.value) for one in EmbeddingPrecision])
def test_a_packed_set_knows_its_precision_and_hides_its_values(
    precision: EmbeddingPrecision, name: str
) -> None:
    packed = packed_rows(random_rows(7, 5, 16), precision)

    assert packed.precision is precision
    assert len(packed) == 5
    assert repr(packed) == f"PackedEmbeddings(5 of 16 dimensions, {name}, model made@1)"
    assert not packed.octets.flags.writeable


def test_embeddings_of_different_models_or_lengths_are_not_packed_together() -> None:
    rows = random_rows(8, 3, 16)
    with pytest.raises(IncompatibleTemplates, match="embedding 1 was made by other@1, the others by made@1"):
        pack_embeddings([*embeddings_of(rows[:1]), *embeddings_of(rows, model=ModelId("other@1"))])
    with pytest.raises(ValueError, match="embedding 3 has 8 dimensions, the others 16"):
        pack_embeddings([*embeddings_of(rows), *embeddings_of(random_rows(9, 1, 8))])


def test_there_must_be_something_to_pack() -> None:
    with pytest.raises(ValueError, match="at least one embedding"):
        pack_embeddings([])
    with pytest.raises(ValueError, match=re.escape("got float32 of shape (0, 4)")):
        pack_embedding_rows(np.empty((0, 4), np.float32), model_id=MODEL)


@pytest.mark.parametrize("rows", [np.ones(4, np.float32), np.ones((4, 1), np.float64)])
def test_a_matrix_of_another_type_is_refused(rows: np.ndarray) -> None:
    with pytest.raises(ValueError, match="rows must be float32"):
        pack_embedding_rows(rows, model_id=MODEL)


@pytest.mark.parametrize("value", [np.nan, 2.0])
def test_a_row_of_another_length_is_refused(value: float) -> None:
    rows = random_rows(10, 4, 6)
    rows[2, 3] = value

    with pytest.raises(ValueError, match="in row 2"):
        pack_embedding_rows(rows, model_id=MODEL)


@pytest.mark.parametrize("name", ["signs", "octets", "values"])
def test_arrays_of_another_shape_are_refused(name: str) -> None:
    packed = packed_rows(random_rows(11, 20, 16), FLOAT32)

    with pytest.raises(ValueError, match=f"{name} must be"):
        dataclasses.replace(packed, **{name: getattr(packed, name)[:1]})


def test_bytes_may_not_be_missing() -> None:
    with pytest.raises(ValueError, match="octets must be uint8"):
        dataclasses.replace(packed_rows(random_rows(12, 20, 16), FLOAT32), octets=None)
