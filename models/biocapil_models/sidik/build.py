"""From learnt weights to ``sidik.onnx``: the network as ONNX, normalisation folded into the convolutions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from biocapil_models.onnx_graph import Graph
from biocapil_models.sidik.structure import (
    CONTRAST_BLOCK_PX,
    CONTRAST_BLOCKS,
    CONTRAST_FLOOR,
    GREY_MIDDLE,
    INPUT,
    LEARNT_MAPS,
    OUTPUT,
    OUTPUT_CHANNELS,
    STRUCTURE,
    UNFOLDED,
    Row,
    Step,
)

Weights = Mapping[str, NDArray[np.float32]]
"""``<row>.kernel`` (out, in, side, side) and ``<row>.bias`` (out,) of each row that has learnt."""

FACTS = {
    "licence": "Apache-2.0",
    "source": "BioCapil, trained on synthetic prints alone",
}


def build_graph(weights: Weights) -> bytes:
    """Draw the network with its weights.

    Args:
        weights: Kernels and biases, normalisation already folded in.

    Returns:
        Bytes of the ONNX file: the same for the same weights.
    """
    graph = Graph()
    *network, answers = STRUCTURE
    for row in network:
        _STEPS[row.step](graph, weights, row)
    position, direction = _shared_out(weights[f"{answers.name}.kernel"], weights[f"{answers.name}.bias"])
    score = graph.add("Sigmoid", [_plain(graph, "position", answers.reads[0], *position)], "score")
    turned = _plain(graph, "direction", answers.reads[0], *direction)
    folded = graph.add("Concat", [score, turned], "folded", axis=1)
    graph.add("DepthToSpace", [folded], OUTPUT, blocksize=2, mode="CRD")
    return graph.serialize(
        name="Sidik",
        input_name=INPUT,
        output_name=OUTPUT,
        output_channels=len(OUTPUT_CHANNELS),
        facts=FACTS,
    )


def _shared_out(
    kernel: NDArray[np.float32], bias: NDArray[np.float32]
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Kernel and bias of the position, and of the direction, whose four answers become their mean.

    The direction hardly changes within 2×2 pixels, and four answers are steadier than one.
    """
    maps = (LEARNT_MAPS - 1, UNFOLDED)
    steady = (
        kernel[UNFOLDED:].reshape(*maps, *kernel.shape[1:]).mean(axis=1).repeat(UNFOLDED, axis=0),
        bias[UNFOLDED:].reshape(maps).mean(axis=1).repeat(UNFOLDED),
    )
    return (kernel[:UNFOLDED], bias[:UNFOLDED]), steady


def _normalise(graph: Graph, _weights: Weights, row: Row) -> None:
    """Grey values less their local mean, over their local deviation."""
    grey = row.reads[0]
    mean = _local_mean(graph, "mean", grey)
    square = _local_mean(graph, "square", graph.add("Mul", [grey, grey], "grey_squared"))
    spread = graph.add("Sub", [square, graph.add("Mul", [mean, mean], "mean_squared")], "variance")
    spread = graph.add("Max", [spread, _number(graph, "zero", 0.0)], "variance_positive")
    spread = graph.add(
        "Add", [spread, _number(graph, "contrast_floor", CONTRAST_FLOOR * GREY_MIDDLE**2)], "variance_floored"
    )
    deviation = _grown(graph, "deviation_full", graph.add("Sqrt", [spread], "deviation"))
    centred = graph.add("Sub", [grey, _grown(graph, "mean_full", mean)], "centred")
    graph.add("Div", [centred, deviation], row.name)


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
    Step.NORMALISE: _normalise,
    Step.CONVOLVE: _convolve,
    Step.HALVE: _halve,
    Step.ADD_DOUBLED: _add_doubled,
}


def _plain(graph: Graph, name: str, x: str, kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
    """Convolution of single pixels."""
    constants = [graph.constant(f"{name}.kernel", kernel), graph.constant(f"{name}.bias", bias)]
    return graph.add("Conv", [x, *constants], name)


def _local_mean(graph: Graph, name: str, x: str) -> str:
    block, blocks = CONTRAST_BLOCK_PX, CONTRAST_BLOCKS
    x = graph.add("AveragePool", [x], f"{name}_blocks", kernel_shape=[block] * 2, strides=[block] * 2)
    return graph.add(
        "AveragePool", [x], name, kernel_shape=[blocks] * 2, pads=[blocks // 2] * 4, count_include_pad=0
    )


def _grown(graph: Graph, name: str, x: str) -> str:
    scale = graph.constant("block", np.array([1, 1, CONTRAST_BLOCK_PX, CONTRAST_BLOCK_PX], np.float32))
    return graph.add(
        "Resize", [x, "", scale], name, mode="linear", coordinate_transformation_mode="half_pixel"
    )


def _number(graph: Graph, name: str, value: float) -> str:
    return graph.constant(name, np.array(value, np.float32))
