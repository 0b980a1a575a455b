"""`BitStrings` and `PackedBits` are checked, read-only, and hold the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.code_strategies import MODEL, SEEDS, strings_of

from biocapil.comparison import BitStrings, PackedBits, pack_bits


@settings(max_examples=40)
@given(st.integers(0, 30), st.integers(1, 300), SEEDS)
def test_eight_strings_stand_side_by_side_word_by_word(count: int, bits: int, seed: int) -> None:
    strings = strings_of(np.random.default_rng(seed), max(count, 1), bits)
    strings = BitStrings(words=strings.words[:count], bits=bits, model_id=MODEL)
    packed = pack_bits(strings)

    assert len(packed) == len(strings) == count
    for row in range(count):
        assert packed.blocks[row // 8, :, row % 8].tolist() == strings.words[row].tolist()


@pytest.mark.parametrize("bits", [0, 65_537])
def test_the_number_of_bits_is_bounded(bits: int) -> None:
    with pytest.raises(ValueError, match=rf"bits must lie in 1..65536, got {bits}"):
        BitStrings(words=np.zeros((1, 1), np.uint64), bits=bits, model_id=MODEL)


@pytest.mark.parametrize(
    "words", [np.zeros((3, 2), np.int64), np.zeros((3, 3), np.uint64), np.zeros(2, np.uint64)]
)
def test_words_of_another_type_or_shape_are_refused(words: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"words must be uint64 of shape \(N, 2\), got"):
        BitStrings(words=words, bits=100, model_id=MODEL)


def test_bits_past_the_last_are_zero() -> None:
    words = np.zeros((3, 2), np.uint64)
    words[1, 1] = np.uint64(1) << np.uint64(36)
    assert len(BitStrings(words=words, bits=101, model_id=MODEL)) == 3
    with pytest.raises(ValueError, match="the last 28 bits of words stand past the last bit"):
        BitStrings(words=words, bits=100, model_id=MODEL)


@pytest.mark.parametrize(
    "changed", [{"blocks": np.zeros((2, 2, 8), np.int64)}, {"count": 8}, {"bits": 200}, {"count": 17}]
)
def test_blocks_that_do_not_fit_are_refused(changed: dict[str, Any]) -> None:
    attributes: dict[str, Any] = {
        "blocks": np.zeros((2, 2, 8), np.uint64),
        "count": 10,
        "bits": 100,
        "model_id": MODEL,
    }
    assert len(PackedBits(**attributes)) == 10
    with pytest.raises(ValueError, match="blocks must be uint64 of shape"):
        PackedBits(**(attributes | changed))


def test_arrays_are_read_only_and_texts_show_no_bits() -> None:
    strings = strings_of(np.random.default_rng(1), 9, 100)
    packed = pack_bits(strings)
    for array in (strings.words, packed.blocks):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert repr(strings) == "BitStrings(9 strings of 100 bits, model made@1)"
    assert repr(packed) == "PackedBits(9 strings of 100 bits, 256 bytes, model made@1)"
