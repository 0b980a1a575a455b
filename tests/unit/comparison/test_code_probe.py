"""Every entry of a probe's tables is what its description says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.code_strategies import GEOMETRIES, SEEDS, code_of

from biocapil.comparison.code_probe import code_words, sliding_words, thinned_table
from biocapil.iris_code import CodeGeometry


@settings(max_examples=60)
@given(GEOMETRIES, st.integers(0, 20), SEEDS)
def test_a_rotation_is_a_place_among_the_sliding_words(geometry: CodeGeometry, turns: int, seed: int) -> None:
    codes = [code_of(np.random.default_rng(seed + k), geometry) for k in range(2)]
    tables = sliding_words(code_words(codes, geometry), geometry, turns=turns)

    assert tables.rotations == 2 * turns + 1
    whole = geometry.columns // geometry.columns_per_word
    for index, code in enumerate(codes):
        counts = []
        for r in range(tables.rotations):
            turned = code.turned(r - turns)
            at = r + tables.stride * np.arange(geometry.words)
            assert tables.code[index, at][:whole].tolist() == turned.code[:whole].tolist()
            assert tables.mask[index, at][:whole].tolist() == turned.mask[:whole].tolist()
            counts.append(int(np.bitwise_count(tables.mask[index, at]).sum()))
        assert tables.valid_bits[index].tolist() == [min(counts), max(counts)]


@settings(max_examples=60)
@given(GEOMETRIES, st.integers(0, 20), st.integers(2, 8), SEEDS)
def test_the_thinned_table_holds_the_kept_columns_of_turned_codes(
    geometry: CodeGeometry, turns: int, every: int, seed: int
) -> None:
    code = code_of(np.random.default_rng(seed), geometry)
    tables = thinned_table(code_words([code], geometry), geometry, turns=turns, every=every)
    kept = CodeGeometry(columns=-(-geometry.columns // every), column_bits=geometry.column_bits)

    at = [3 * r - 3 * (tables.rotations - 1) // 2 for r in range(tables.rotations)]
    assert all(min(abs(turn - place) for place in at) <= 1 for turn in range(-turns, turns + 1))
    for r, turn in enumerate(at):
        words = tables.code[0, r + tables.stride * np.arange(kept.words)]
        columns = geometry.columns_of(code.turned(turn).code)[::every]
        assert kept.columns_of(words).tolist() == columns.tolist()
