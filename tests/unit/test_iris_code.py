"""`IrisCode` holds sound bits, read-only, and shows none of them; turning it shifts whole columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil import CodeGeometry, IrisCode, ModelId

MODEL = ModelId("made@1")
GEOMETRIES = st.builds(CodeGeometry, columns=st.integers(1, 70), column_bits=st.sampled_from([8, 16, 32, 64]))


def bits_of(geometry: CodeGeometry, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Random code and mask, one truth value a bit."""
    rng = np.random.default_rng(seed)
    shape = (geometry.columns, geometry.column_bits)
    return rng.random(shape) < 0.5, rng.random(shape) < 0.8


def iris_code(geometry: CodeGeometry | None = None, **changed: Any) -> IrisCode:
    """A sound code, with some attributes changed."""
    geometry = geometry or CodeGeometry(columns=10, column_bits=16)
    made = IrisCode.from_bits(*bits_of(geometry), model_id=MODEL)
    attributes = {"code": made.code, "mask": made.mask, "geometry": geometry, "model_id": MODEL}
    return IrisCode(**(attributes | changed))


def test_a_geometry_counts_bits_and_words() -> None:
    large = CodeGeometry(columns=200, column_bits=64)
    assert (large.bits, large.words, large.columns_per_word) == (12_800, 200, 1)
    small = CodeGeometry(columns=10, column_bits=16)
    assert (small.bits, small.words, small.columns_per_word) == (160, 3, 4)


@pytest.mark.parametrize("columns", [0, 1025])
def test_a_geometry_has_some_columns_but_not_too_many(columns: int) -> None:
    with pytest.raises(ValueError, match=rf"columns must lie in 1..1024, got {columns}"):
        CodeGeometry(columns=columns, column_bits=64)


def test_columns_must_fill_words_without_a_rest() -> None:
    with pytest.raises(ValueError, match=r"column_bits must be one of \(8, 16, 32, 64\), got 12"):
        CodeGeometry(columns=10, column_bits=12)


@given(GEOMETRIES, st.integers(0, 2**31))
def test_bit_b_is_bit_b_mod_64_of_its_word(geometry: CodeGeometry, seed: int) -> None:
    code, mask = bits_of(geometry, seed)
    made = IrisCode.from_bits(code, mask, model_id=MODEL)
    for words, bits in ((made.code, code), (made.mask, mask)):
        unpacked = [(int(words[b // 64]) >> (b % 64)) & 1 for b in range(geometry.bits)]
        assert unpacked == bits.ravel().astype(int).tolist()
    assert made.valid_bits == mask.sum()


@given(GEOMETRIES, st.integers(-100, 100))
def test_turning_shifts_columns_around_the_eye(geometry: CodeGeometry, turn: int) -> None:
    code, mask = bits_of(geometry)
    turned = IrisCode.from_bits(code, mask, model_id=MODEL).turned(turn)
    expected = IrisCode.from_bits(np.roll(code, -turn, axis=0), np.roll(mask, -turn, axis=0), model_id=MODEL)
    assert turned.code.tolist() == expected.code.tolist()
    assert turned.mask.tolist() == expected.mask.tolist()


@given(GEOMETRIES)
def test_words_of_columns_are_the_way_back(geometry: CodeGeometry) -> None:
    made = IrisCode.from_bits(*bits_of(geometry), model_id=MODEL)
    assert geometry.words_of(geometry.columns_of(made.code)).tolist() == made.code.tolist()


@pytest.mark.parametrize("name", ["code", "mask"])
def test_arrays_are_read_only_and_the_callers_stay_writable(name: str) -> None:
    array = np.zeros(3, np.uint64)
    made = iris_code(**{name: array})
    with pytest.raises(ValueError, match="read-only"):
        getattr(made, name)[0] = 1
    array[0] = 1


@pytest.mark.parametrize("name", ["code", "mask"])
@pytest.mark.parametrize("array", [np.zeros(3, np.int64), np.zeros(4, np.uint64)])
def test_words_of_another_type_or_shape_are_refused_by_name(name: str, array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=rf"{name} must be uint64 of shape \(3,\), got"):
        iris_code(**{name: array})


def test_bits_past_the_last_column_are_never_valid() -> None:
    mask = np.zeros(3, np.uint64)
    mask[2] = np.uint64(1) << np.uint64(32)
    with pytest.raises(ValueError, match="the last 32 bits of mask stand past the last column"):
        iris_code(mask=mask)


def test_a_whole_last_word_may_be_valid() -> None:
    geometry = CodeGeometry(columns=4, column_bits=16)
    assert iris_code(geometry, mask=np.full(1, 2**64 - 1, np.uint64)).valid_bits == 64


@pytest.mark.parametrize(
    ("code", "mask"),
    [
        (np.zeros((4, 8), np.uint8), np.zeros((4, 8), np.bool_)),
        (np.zeros((4, 8), np.bool_), np.zeros((4, 8), np.uint8)),
        (np.zeros(32, np.bool_), np.zeros(32, np.bool_)),
        (np.zeros((4, 8), np.bool_), np.zeros((8, 4), np.bool_)),
    ],
)
def test_bits_of_another_type_or_shape_are_refused(code: np.ndarray, mask: np.ndarray) -> None:
    with pytest.raises(ValueError, match="code and mask must be bool of one shape"):
        IrisCode.from_bits(code, mask, model_id=MODEL)


def test_its_text_shows_no_bits() -> None:
    assert repr(iris_code(mask=np.zeros(3, np.uint64))) == "IrisCode(160 bits, 0% valid, model made@1)"
