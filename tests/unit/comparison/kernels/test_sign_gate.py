"""The gate on signs is held to plain numpy, in vectors and in loops; nothing may differ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.comparison.embedding_sets import Rows, packed_rows, probes_and_references, random_rows

from biocapil.comparison import EmbeddingPrecision, PackedEmbeddings
from biocapil.comparison import embedding_layout as layout
from biocapil.comparison.embedding_gate import steps_of_signs
from biocapil.comparison.embedding_scan import words_of
from biocapil.comparison.kernels import sign_gate as kernel
from biocapil.comparison.reference import embeddings as twin

WAYS = (kernel.VECTOR, kernel.PLAIN)


def passed(
    probes: Rows, packed: PackedEmbeddings, *, words: int, first: int, most: int, least: int, way: int,
    after: int = -1000, room: int | None = None,
) -> tuple[int, list[tuple[int, int]]]:  # fmt: skip
    """How many pairs pass by the kernel, and those that there was room for."""
    own = words_of(probes, packed)
    tiles = layout.probe_tiles(own.signs)
    starts = np.zeros((len(tiles), tiles.shape[2]), np.int64)
    starts.reshape(-1)[: len(probes)] = -first - 1
    size = len(probes) * len(packed) if room is None else room
    found = np.full(size, -9), np.full(size, -9)
    number = kernel.gate_pairs(
        packed.signs, tiles, starts, words, most, steps_of_signs(own), np.full(len(probes), least),
        *found, 0, len(packed.signs), len(packed), after, way,
    )  # fmt: skip
    pairs = list(zip(*(array[:number].tolist() for array in found), strict=True))
    return number, pairs


def expected(
    probes: Rows, references: Rows, *, words: int, first: int, most: int, least: int, scale: float
) -> set[tuple[int, int]]:
    """The same by plain numpy."""
    dimensions = probes.shape[1]
    looked_at = min(64 * words, dimensions)
    early = looked_at - twin.equal_signs(probes[:, :looked_at], references[:, :looked_at]) <= first
    every = dimensions - twin.equal_signs(probes, references) <= most
    weighed = twin.sums_where_positive(twin.steps_of(probes, scale), references) >= least
    return set(zip(*(places.tolist() for places in np.nonzero(early & every & weighed)), strict=True))


def test_the_numbers_of_the_layout_are_those_of_the_kernel() -> None:
    assert (kernel.LANES, kernel.TILE) == (layout.LANES, layout.TILE)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=40)
@given(drawn=probes_and_references(), share=st.floats(0.2, 1.0), data=st.data())
def test_what_passes_is_what_passes_in_plain_numpy(
    drawn: tuple[Rows, Rows], share: float, data: st.DataObject, way: int
) -> None:
    probes, references = drawn
    packed = packed_rows(references, EmbeddingPrecision.INT8)
    sums = twin.sums_where_positive(twin.steps_of(probes, packed.scale), references)
    words = data.draw(st.integers(1, -(-probes.shape[1] // 64)))
    gate = {
        "words": words,
        "first": int(share * min(64 * words, probes.shape[1])),
        "most": data.draw(st.integers(0, probes.shape[1])),
        "least": int(np.quantile(sums, data.draw(st.floats(0, 1)))),
    }

    number, pairs = passed(probes, packed, **gate, way=way)

    assert number == len(pairs) == len(set(pairs))
    assert set(pairs) == expected(probes, references, **gate, scale=packed.scale)


@pytest.mark.parametrize("way", WAYS)
def test_closed_gates_let_nothing_pass_and_open_ones_everything_once(way: int) -> None:
    probes, references = random_rows(1, 11, 130), random_rows(2, 90, 130)
    packed = packed_rows(references, EmbeddingPrecision.INT8)
    gates = {"words": 2, "first": 128, "most": 130, "least": -(10**9), "way": way}

    assert passed(probes, packed, **gates)[0] == 11 * 90
    for closed in ({"first": -1}, {"most": -1}, {"least": 10**9}):
        assert passed(probes, packed, **{**gates, **closed}) == (0, [])


@pytest.mark.parametrize("way", WAYS)
def test_pairs_may_be_kept_to_rows_after_that_of_the_probe_and_are_counted_beyond_the_room(way: int) -> None:
    rows = random_rows(3, 60, 70)
    packed = packed_rows(rows, EmbeddingPrecision.INT8)
    gates = {"words": 1, "first": 64, "most": 70, "least": -(10**9), "way": way}

    number, pairs = passed(rows[5:25], packed, **gates, after=5)
    assert set(pairs) == {(one, row) for one in range(20) for row in range(6 + one, 60)}
    assert number == len(pairs)
    assert passed(rows[5:25], packed, **gates, after=5, room=7)[0] == number


def test_a_gallery_of_several_chunks_is_gated_to_its_end() -> None:
    rows = random_rows(4, 2500, 256)
    packed = packed_rows(rows, EmbeddingPrecision.INT8)
    own = [0, 1000, 1023, 1024, 2047, 2048, 2499]
    assert len(packed.signs) > 2 * kernel.CHUNK_BLOCKS

    for chosen in (own, own[-1:]):
        _, pairs = passed(rows[chosen], packed, words=2, first=9, most=9, least=-(10**9), way=kernel.VECTOR)
        assert pairs == list(enumerate(chosen))
