"""Every entry of a probe's tables is what its description says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.code_strategies import GEOMETRIES, SEEDS, code_of

from biocapil.comparison import pack_codes, thin
from biocapil.comparison.code_probe import (
    PADDED_TO,
    code_words,
    sliding_words,
    thinned_table,
    turn_step,
)
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
@given(
    GEOMETRIES.filter(lambda geometry: geometry.columns >= 2),
    st.integers(0, 20),
    st.integers(2, 8),
    st.sampled_from([None, 1]),
    SEEDS,
)
def test_the_thinned_table_holds_the_kept_bits_of_turned_codes(
    geometry: CodeGeometry, turns: int, every: int, pairs_every: int | None, seed: int
) -> None:
    code = code_of(np.random.default_rng(seed), geometry)
    stage_one = thin(pack_codes([code]), every=min(every, geometry.columns), pairs_every=pairs_every)
    tables = thinned_table(code_words([code], geometry), stage_one, turns=turns)
    kept, step = stage_one.codes.geometry, turn_step(geometry)

    at = [step * r - step * (tables.rotations - 1) // 2 for r in range(tables.rotations)]
    assert all(min(abs(turn - place) for place in at) <= step // 2 for turn in range(-turns, turns + 1))
    for r, turn in enumerate(at):
        words = tables.code[0, r + tables.stride * np.arange(kept.words)]
        turned = thin(pack_codes([code.turned(turn)]), every=stage_one.every, pairs_every=pairs_every)
        assert kept.columns_of(words).tolist() == kept.columns_of(turned.codes.code(0).code).tolist()
    assert tables.code.shape[1] >= tables.stride * kept.words + PADDED_TO


@pytest.mark.parametrize(("columns", "step"), [(64, 1), (128, 1), (200, 2), (256, 2), (512, 5)])
def test_stage_one_turns_by_a_few_degrees(columns: int, step: int) -> None:
    assert turn_step(CodeGeometry(columns=columns, column_bits=64)) == step
