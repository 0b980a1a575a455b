"""The compiled tiles are held to the loops and to plain numpy.

Integers may not differ at all; float32 scores in the last bits, so that candidate lists compare with ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from tests.unit.comparison.embedding_sets import (
    Rows,
    mates_of,
    packed_rows,
    probes_and_references,
    random_rows,
)

from biocapil.comparison import EmbeddingPrecision, PackedEmbeddings
from biocapil.comparison import embedding_layout as layout
from biocapil.comparison.embedding_scan import (
    Stage,
    byte_stage,
    just_below,
    limits_of,
    tiles_of,
    value_stage,
    words_of,
)
from biocapil.comparison.kernels import embeddings as kernel
from biocapil.comparison.reference import embeddings as twin

TOLERANCE = 2e-6
"""How far two sums of up to a few hundred products of unit vectors may differ in float32."""

WAYS = (kernel.VECTOR, kernel.PLAIN)


FLOATS = {
    EmbeddingPrecision.FLOAT32: lambda rows: rows,
    EmbeddingPrecision.FLOAT16: lambda rows: twin.rounded_to(rows, fraction_bits=10, smallest_exponent=-14),
    EmbeddingPrecision.BFLOAT16: lambda rows: twin.rounded_to(rows, fraction_bits=7, smallest_exponent=-126),
}
"""What the plain twin rounds embeddings with."""


def float_stage(probes: Rows, references: Rows, precision: EmbeddingPrecision) -> tuple[Stage, np.ndarray]:
    """The stage of the values with the scores that it must give."""
    packed = packed_rows(references, precision)
    stage = value_stage(packed, words_of(probes, packed))
    assert stage is not None
    kept = FLOATS[precision]
    return stage, twin.inner_products(kept(probes), kept(references))


def stages_of(probes: Rows, references: Rows) -> dict[str, tuple[Stage, np.ndarray]]:
    """Each stage with the scores that it must give."""
    packed = packed_rows(references, EmbeddingPrecision.FLOAT32)
    words = words_of(probes, packed)
    values = value_stage(packed, words)
    assert values is not None
    return {
        "values": (values, twin.inner_products(probes, references)),
        "bytes": (byte_stage(packed, words), twin.step_products(probes, references, packed.scale)),
        "float16": float_stage(probes, references, EmbeddingPrecision.FLOAT16),
        "bfloat16": float_stage(probes, references, EmbeddingPrecision.BFLOAT16),
    }


def best(stage: Stage, limit: int, bound: Any, tiles: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores and rows by the kernel."""
    scores = np.empty((len(stage.words), limit), stage.starts.dtype)
    rows = np.empty(scores.shape, np.int64)
    probes = tiles_of(stage)
    limits = limits_of(stage, bound, probes.shape[2])
    kernel.search_blocks(
        stage.gallery, probes, limits, scores, rows, 0, len(stage.gallery), stage.count, tiles
    )
    return scores, rows


def pairs(stage: Stage, bound: Any, tiles: int, *, after: int = -1000) -> dict[tuple[int, int], Any]:
    """Pairs and their scores by the kernel."""
    room = len(stage.words) * stage.count
    found = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, stage.starts.dtype)
    probes = tiles_of(stage)
    limits = limits_of(stage, bound, probes.shape[2])
    count = kernel.collect_blocks(
        stage.gallery, probes, limits, *found, 0, len(stage.gallery), stage.count, after, tiles
    )
    ones, rows, scores = (array[:count].tolist() for array in found)
    return dict(zip(zip(ones, rows, strict=True), scores, strict=True))


def test_the_numbers_of_the_layout_are_those_of_the_kernels() -> None:
    own = (kernel.LANES, kernel.GROUP, kernel.TILE)
    assert own == (layout.LANES, layout.GROUP, layout.TILE)


@pytest.mark.parametrize("tiles", WAYS)
@settings(max_examples=40)
@given(drawn=probes_and_references())
def test_integer_scores_and_rows_equal_those_of_plain_numpy(drawn: tuple[Rows, Rows], tiles: int) -> None:
    for stage, expected in stages_of(*drawn).values():
        if stage.starts.dtype == np.float32:
            continue
        limit = min(10, stage.count)
        scores, rows = best(stage, limit, just_below(stage, None), tiles)

        assert rows.tolist() == twin.best_rows(expected, limit=limit)
        assert scores.tolist() == np.take_along_axis(expected, rows, axis=1).tolist()


@pytest.mark.parametrize("precision", FLOATS)
@pytest.mark.parametrize("tiles", WAYS)
@settings(max_examples=40)
@given(drawn=probes_and_references())
def test_float_scores_equal_those_of_plain_numpy_up_to_rounding(
    drawn: tuple[Rows, Rows], tiles: int, precision: EmbeddingPrecision
) -> None:
    stage, expected = float_stage(*drawn, precision)
    limit = min(10, stage.count)
    scores, rows = best(stage, limit, just_below(stage, None), tiles)

    assert (np.diff(scores, axis=1) <= 0).all()
    assert scores == pytest.approx(np.take_along_axis(expected, rows, axis=1), abs=TOLERANCE)
    assert scores == pytest.approx(-np.sort(-expected, axis=1)[:, :limit], abs=TOLERANCE)
    assert all(len(set(own)) == limit for own in rows.tolist())
    tied = scores[:, 1:] == scores[:, :-1]
    assert (np.diff(rows, axis=1)[tied] > 0).all()


@pytest.mark.parametrize("tiles", WAYS)
@settings(max_examples=40)
@given(drawn=probes_and_references())
def test_pairs_from_a_score_that_occurs_equal_those_of_plain_numpy(
    drawn: tuple[Rows, Rows], tiles: int
) -> None:
    for stage, expected in stages_of(*drawn).values():
        if stage.starts.dtype == np.float32:
            continue
        smallest = int(np.median(expected))
        found = pairs(stage, just_below(stage, smallest), tiles)

        ones, rows = np.nonzero(expected >= smallest)
        assert found == {
            (one, row): expected[one, row] for one, row in zip(ones.tolist(), rows.tolist(), strict=True)
        }


@pytest.mark.parametrize("tiles", WAYS)
def test_pairs_may_be_kept_to_rows_after_that_of_the_probe(tiles: int) -> None:
    rows = random_rows(1, 60, 20)
    stage, expected = stages_of(rows[5:25], rows)["bytes"]

    found = pairs(stage, just_below(stage, None), tiles, after=5)

    assert set(found) == {(one, row) for one in range(20) for row in range(6 + one, 60)}
    assert all(expected[place] == score for place, score in found.items())


@pytest.mark.parametrize("tiles", WAYS)
def test_where_there_is_not_room_for_all_pairs_their_number_is_told(tiles: int) -> None:
    stage, _ = stages_of(random_rows(2, 9, 8), random_rows(3, 50, 8))["bytes"]
    probes = tiles_of(stage)
    few = np.full(7, -9), np.full(7, -9), np.full(7, -9, np.int32)

    count = kernel.collect_blocks(
        stage.gallery,
        probes,
        limits_of(stage, just_below(stage, None), 8),
        *few,
        0,
        len(stage.gallery),
        50,
        -10,
        tiles,
    )

    assert count == 9 * 50
    assert (few[1] >= 0).all()


@pytest.mark.parametrize("tiles", WAYS)
def test_chosen_pairs_get_the_scores_of_a_search_bit_by_bit(tiles: int) -> None:
    probes, references = random_rows(4, 11, 77), random_rows(5, 90, 77)
    for stage, _ in stages_of(probes, references).values():
        found = pairs(stage, just_below(stage, None), tiles)
        ones, rows = (np.array(column) for column in zip(*found, strict=True))
        scores = np.empty(len(rows), stage.starts.dtype)
        single = np.ascontiguousarray(stage.words[:, :, None, :])
        limits = limits_of(stage, just_below(stage, None), 1)
        kernel.score_pairs(stage.gallery, single, limits, ones, rows, scores, tiles)

        assert scores.tolist() == list(found.values())


def test_one_probe_alone_gets_the_same_bits_as_among_others() -> None:
    probes, references = random_rows(6, 9, 130), random_rows(7, 200, 130)
    for name, (together, _) in stages_of(probes, references).items():
        alone, _ = stages_of(probes[3:4], references)[name]
        bound = just_below(together, None)

        assert best(alone, 20, bound, kernel.VECTOR)[0][0].tolist() == (
            best(together, 20, bound, kernel.VECTOR)[0][3].tolist()
        )


@pytest.mark.parametrize("precision", FLOATS)
def test_a_similarity_does_not_depend_on_which_side_is_the_probe(precision: EmbeddingPrecision) -> None:
    one, other = random_rows(10, 9, 75), random_rows(11, 30, 75)
    there, back = float_stage(one, other, precision)[0], float_stage(other, one, precision)[0]
    bound = just_below(there, None)

    straight = pairs(there, bound, kernel.VECTOR)
    turned = pairs(back, bound, kernel.VECTOR)

    assert straight == {(row, probe): score for (probe, row), score in turned.items()}


@pytest.mark.parametrize("tiles", WAYS)
@pytest.mark.parametrize("precision", [EmbeddingPrecision.FLOAT16, EmbeddingPrecision.BFLOAT16])
def test_signs_and_the_smallest_values_are_widened_as_well(precision: EmbeddingPrecision, tiles: int) -> None:
    rows = np.zeros((3, 16), np.float32)
    rows[:, 0] = 1, -1, 1
    rows[1, 1:5] = 2.0**-14, -(2.0**-15), 2.0**-24, -3 * 2.0**-24
    probe = np.zeros((1, 16), np.float32)
    probe[0, 2:5] = 0.5
    probe[0, 5] = np.sqrt(0.25)
    stage, expected = float_stage(probe, rows, precision)
    found = pairs(stage, just_below(stage, None), tiles)

    assert found == {(0, row): expected[0, row] for row in range(3)}
    assert found[0, 1] == -(2.0**-16) - 2.0**-24


def test_a_gallery_of_several_chunks_is_searched_to_its_end() -> None:
    references = random_rows(8, 2500, 512)
    probes = mates_of(references[[0, 1000, 1023, 1024, 1055, 1056, 2399, 2400, 2499]], 9, noise=0.3)
    for stage, expected in stages_of(probes, references).values():
        chunk = kernel.blocks_a_chunk(stage.gallery)
        assert chunk % kernel.GROUP == 0
        assert stage.starts.dtype != np.float32 or 0 < chunk < len(stage.gallery)
        _, rows = best(stage, 3, just_below(stage, None), kernel.VECTOR)

        assert rows[:, 0].tolist() == [0, 1000, 1023, 1024, 1055, 1056, 2399, 2400, 2499]
        assert rows.tolist() == twin.best_rows(expected, limit=3)


def test_the_largest_sums_of_bytes_do_not_saturate() -> None:
    rows = np.zeros((2, 512), np.float32)
    rows[0] = 1 / np.sqrt(512)
    rows[1] = -rows[0]
    packed: PackedEmbeddings = packed_rows(rows, EmbeddingPrecision.INT8)
    for tiles in WAYS:
        for probes in (rows[:1], rows):
            stage = byte_stage(packed, words_of(probes, packed))
            scores, _ = best(stage, 2, just_below(stage, None), tiles)

            assert scores[0].tolist() == [512 * 127**2, -512 * 127**2]
