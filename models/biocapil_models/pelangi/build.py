"""From learnt weights to ``pelangi.onnx``: the network as ONNX, normalisation folded in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from biocapil_models.onnx_graph import Graph
from biocapil_models.pelangi.structure import (
    GREY_MIDDLE,
    GREY_SCALE,
    INPUT,
    OUTPUT,
    OUTPUT_CHANNELS,
    STRUCTURE,
    Row,
    Step,
)

Weights = Mapping[str, NDArray[np.float32]]
"""``<row>.kernel`` (out, in, side, side) and ``<row>.bias`` (out,) of each row that has learnt."""

FACTS = {
    "licence": "Apache-2.0",
    "source": "BioCapil, trained on synthetic eyes alone",
}


def build_graph(weights: Weights) -> bytes:
    """Draw the network with its weights.

    Args:
        weights: Kernels and biases, normalisation already folded in.

    Returns:
        Bytes of the ONNX file: the same for the same weights.
    """
    graph = Graph()
    for row in STRUCTURE:
        _STEPS[row.step](graph, weights, row)
    shares = graph.add("Sigmoid", [STRUCTURE[-1].name], "shares")
    graph.add("DepthToSpace", [shares], OUTPUT, blocksize=2, mode="CRD")
    return graph.serialize(
        name="Pelangi",
        input_name=INPUT,
        output_name=OUTPUT,
        output_channels=len(OUTPUT_CHANNELS),
        facts=FACTS,
    )


def _scale(graph: Graph, _weights: Weights, row: Row) -> None:
    """Grey values around 0."""
    centred = graph.add("Sub", [row.reads[0], _number(graph, "grey_middle", GREY_MIDDLE)], "centred")
    graph.add("Mul", [centred, _number(graph, "grey_scale", 1 / GREY_SCALE)], row.name)


def _convolve(graph: Graph, weights: Weights, row: Row) -> None:
    side = row.shape[2]
    inputs = [row.reads[0]]
    inputs += [
        graph.constant(f"{row.name}.{part}", weights[f"{row.name}.{part}"]) for part in ("kernel", "bias")
    ]
    name = f"{row.name}_linear" if row.active else row.name
    graph.add("Conv", inputs, name, kernel_shape=[side] * 2, pads=[side // 2] * 4, strides=[row.stride] * 2)
    if row.active:
        graph.add("Relu", [name], row.name)


def _halve(graph: Graph, _weights: Weights, row: Row) -> None:
    graph.add("MaxPool", [row.reads[0]], row.name, kernel_shape=[2, 2], strides=[2, 2])


def _add_doubled(graph: Graph, _weights: Weights, row: Row) -> None:
    below, beside = row.reads
    doubled = graph.add(
        "Resize",
        [below, "", graph.constant("twice", np.array([1, 1, 2, 2], np.float32))],
        f"{row.name}_doubled",
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )
    graph.add("Relu", [graph.add("Add", [doubled, beside], f"{row.name}_linear")], row.name)


_STEPS = {
    Step.SCALE: _scale,
    Step.CONVOLVE: _convolve,
    Step.HALVE: _halve,
    Step.ADD_DOUBLED: _add_doubled,
}


def _number(graph: Graph, name: str, value: float) -> str:
    return graph.constant(name, np.array(value, np.float32))
