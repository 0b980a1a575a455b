"""`PackedCodes` interleaves eight codes and gives each back; `thin` keeps every n-th column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.code_strategies import GEOMETRIES, LARGE, MODEL, OTHER_MODEL, SEEDS, SMALL, code_of

from biocapil.comparison import PackedCodes, pack_codes, packed_codes, thin
from biocapil.errors import IncompatibleTemplates
from biocapil.iris_code import CodeGeometry


def packed(size: int = 11, **changed: Any) -> PackedCodes:
    """Sound packed codes, with some attributes changed."""
    rng = np.random.default_rng(1)
    made = pack_codes([code_of(rng, SMALL) for _ in range(size)])
    attributes = {name: getattr(made, name) for name in made.__slots__}
    return PackedCodes(**(attributes | changed))


@settings(max_examples=40)
@given(GEOMETRIES, st.integers(1, 30), SEEDS)
def test_every_code_comes_back(geometry: CodeGeometry, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = [code_of(rng, geometry) for _ in range(count)]
    made = pack_codes(codes)

    assert len(made) == count
    for row, code in enumerate(codes):
        assert made.code(row).code.tolist() == code.code.tolist()
        assert made.code(row).mask.tolist() == code.mask.tolist()
        assert made.valid_bits[row // 8, row % 8] == code.valid_bits


def test_eight_codes_stand_side_by_side_word_by_word() -> None:
    rng = np.random.default_rng(2)
    codes = [code_of(rng, SMALL) for _ in range(9)]
    made = pack_codes(codes)

    assert made.blocks.shape == (2, 32, 2, 8)
    assert made.blocks[0, 5, 0].tolist() == [int(code.code[5]) for code in codes[:8]]
    assert made.blocks[0, 5, 1].tolist() == [int(code.mask[5]) for code in codes[:8]]
    assert not made.blocks[1, :, :, 1:].any()


def test_packing_piece_by_piece_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    codes = [code_of(rng, SMALL) for _ in range(45)]
    whole = pack_codes(codes)
    monkeypatch.setattr(packed_codes, "PACKED_AT_ONCE", 16)

    assert np.array_equal(pack_codes(codes).blocks, whole.blocks)
    assert np.array_equal(thin(pack_codes(codes)).codes.blocks, thin(whole).codes.blocks)


@settings(max_examples=40)
@given(GEOMETRIES.filter(lambda geometry: geometry.columns >= 3), st.integers(2, 9), SEEDS)
def test_thinning_keeps_every_nth_column_of_code_and_mask(
    geometry: CodeGeometry, every: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    every = min(every, geometry.columns)
    codes = [code_of(rng, geometry) for _ in range(10)]
    thinned = thin(pack_codes(codes), every=every, pairs_every=1)

    kept = thinned.codes.geometry
    assert kept == CodeGeometry(
        columns=len(range(0, geometry.columns, every)), column_bits=geometry.column_bits
    )
    for row, code in enumerate(codes):
        found = thinned.codes.code(row)
        for words, whole in ((found.code, code.code), (found.mask, code.mask)):
            assert kept.columns_of(words).tolist() == geometry.columns_of(whole)[::every].tolist()


@pytest.mark.parametrize("every", [1, 129])
def test_thinning_keeps_some_columns_and_leaves_some(every: int) -> None:
    with pytest.raises(ValueError, match=rf"every must lie in 2..128, the columns of a code, got {every}"):
        thin(packed(), every=every)


@settings(max_examples=40)
@given(SEEDS, st.sampled_from([(64, 4), (64, 2), (64, 8), (32, 2), (16, 2)]))
def test_thinning_keeps_pairs_of_bits(seed: int, sizes: tuple[int, int]) -> None:
    bits, by = sizes
    geometry = CodeGeometry(columns=9, column_bits=bits)
    code = code_of(np.random.default_rng(seed), geometry)
    found = thin(pack_codes([code]), every=2, pairs_every=by).codes
    kept = found.geometry

    assert kept == CodeGeometry(columns=5, column_bits=bits // by)
    for words, whole in ((found.code(0).code, code.code), (found.code(0).mask, code.mask)):
        columns = np.unpackbits(
            geometry.columns_of(whole)[::2, None].view(np.uint8), axis=1, bitorder="little"
        )
        pairs = columns.reshape(5, -1, 2)[:, (by - 1) // 2 :: by].reshape(5, -1)
        narrow = kept.columns_of(words)[:, None].view(np.uint8)
        assert np.unpackbits(narrow, axis=1, bitorder="little").tolist() == pairs.tolist()


def test_by_default_sixteen_bits_of_a_column_are_kept() -> None:
    for bits, by in ((8, 1), (16, 1), (32, 2), (64, 4)):
        codes = [code_of(np.random.default_rng(1), CodeGeometry(columns=8, column_bits=bits))]
        assert thin(pack_codes(codes)).pairs_every == by


@pytest.mark.parametrize("pairs_every", [0, 3, 4])
def test_thinning_leaves_whole_columns(pairs_every: int) -> None:
    with pytest.raises(
        ValueError, match=rf"pairs_every must leave one of .* of the 16 bits .* {pairs_every}"
    ):
        thin(packed(), pairs_every=pairs_every)


def test_blocks_are_read_only_and_those_of_a_file_stay_there(tmp_path: Any) -> None:
    made = packed()
    path = tmp_path / "blocks"
    made.blocks.tofile(path)
    mapped = np.memmap(path, np.uint64, "r", shape=made.blocks.shape)
    again = PackedCodes.from_blocks(mapped, count=11, geometry=SMALL, model_id=MODEL)

    assert np.shares_memory(again.blocks, mapped)
    assert type(again.blocks) is np.ndarray
    assert np.array_equal(again.valid_bits, made.valid_bits)
    with pytest.raises(ValueError, match="read-only"):
        made.blocks[0, 0, 0, 0] = 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"blocks": np.zeros((2, 32, 2, 8), np.int64)}, r"blocks must be uint64 of shape \(2, 32, 2, 8\)"),
        ({"count": 17}, r"blocks must be uint64 of shape \(3, 32, 2, 8\)"),
        ({"geometry": LARGE}, r"blocks must be uint64 of shape \(2, 200, 2, 8\)"),
        (
            {"valid_bits": np.zeros((2, 8), np.int32)},
            r"valid_bits must be int64 of shape \(2, 8\), got int32",
        ),
        ({"valid_bits": np.ones((2, 8), np.int64)}, "the last 5 lanes hold no code"),
        ({"count": 9}, "the last 7 lanes hold no code, so that their masks must be 0"),
    ],
)
def test_what_does_not_fit_together_is_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        packed(**changed)


@pytest.mark.parametrize("row", [-1, 11])
def test_a_row_that_is_not_there_is_refused(row: int) -> None:
    with pytest.raises(ValueError, match=rf"row must lie in 0..10, got {row}"):
        packed().code(row)


def test_codes_of_two_models_are_never_packed_together() -> None:
    rng = np.random.default_rng(4)
    codes = [code_of(rng, SMALL), code_of(rng, SMALL, model=OTHER_MODEL)]
    with pytest.raises(IncompatibleTemplates, match=r"code 1 was made by other@2 .* the others by made@1"):
        pack_codes(codes)


@pytest.mark.parametrize("known", [{}, {"geometry": SMALL}, {"model_id": MODEL}])
def test_packing_nothing_needs_geometry_and_model(known: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="needs geometry and model_id"):
        pack_codes([], **known)


def test_its_text_shows_no_bits() -> None:
    assert repr(packed()) == "PackedCodes(11 codes of 2048 bits, 8192 bytes, model made@1)"
