from __future__ import annotations

import numpy as np
import pytest

from biocapil_models.pelangi import build
from biocapil_models.pelangi.structure import INPUT, OUTPUT_CHANNELS, STRIDE_PX, STRUCTURE

MOST_PARAMETERS = 200_000


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    """Arrays of the right shapes."""
    rng = np.random.default_rng(3)
    drawn: dict[str, np.ndarray] = {}
    for row in STRUCTURE:
        if row.learnt:
            outputs, inputs, side = row.shape
            size = (2 / (inputs * side * side)) ** 0.5
            drawn[f"{row.name}.kernel"] = rng.normal(0, size, (outputs, inputs, side, side)).astype(
                np.float32
            )
            drawn[f"{row.name}.bias"] = rng.normal(0, 0.1, outputs).astype(np.float32)
    return drawn


@pytest.fixture(scope="module")
def graph(weights: dict[str, np.ndarray]) -> bytes:
    pytest.importorskip("onnx", reason="the recipe's tools are not installed")
    return build.build_graph(weights)


def answer(graph: bytes, image: np.ndarray) -> np.ndarray:
    runtime = pytest.importorskip("onnxruntime", reason="the extra extract is not installed")
    session = runtime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    (maps,) = session.run(None, {INPUT: image})
    return np.asarray(maps)


def test_every_row_reads_what_an_earlier_row_delivers() -> None:
    known = {INPUT}
    for row in STRUCTURE:
        assert set(row.reads) <= known
        assert row.name not in known
        known.add(row.name)


def test_there_are_at_most_200_000_parameters(weights: dict[str, np.ndarray]) -> None:
    assert sum(array.size for array in weights.values()) <= MOST_PARAMETERS


def test_two_builds_are_the_same_bytes(graph: bytes, weights: dict[str, np.ndarray]) -> None:
    assert build.build_graph(weights) == graph


@pytest.mark.parametrize("shape", [(64, 96), (112, 48)])
def test_maps_have_the_size_of_the_image(graph: bytes, shape: tuple[int, int]) -> None:
    image = np.random.default_rng(1).uniform(0, 255, (1, 1, *shape)).astype(np.float32)
    maps = answer(graph, image)
    assert maps.shape == (1, len(OUTPUT_CHANNELS), *shape)
    assert 0 <= maps.min() <= maps.max() <= 1


def test_a_shift_by_the_stride_shifts_the_answers(graph: bytes) -> None:
    """No pixel of the head lands in a neighbour's place."""
    image = np.random.default_rng(5).uniform(0, 255, (1, 1, 160, 160)).astype(np.float32)
    shifted = np.roll(image, STRIDE_PX, axis=3)
    middle = slice(64, 96)
    here = answer(graph, image)[0, :, middle, middle]
    there = answer(graph, shifted)[0, :, middle, 64 + STRIDE_PX : 96 + STRIDE_PX]
    assert np.abs(here - there).mean() < 0.02 * np.abs(here).mean() + 0.02
