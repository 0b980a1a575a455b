"""From learnt weights to ``sidik.onnx``: the network as ONNX, normalisation folded into the convolutions.

What follows the network stands in the graph too: scores are blurred a little and kept only where they are the
largest around, so that whoever runs the file finds minutiae where the score is not 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from biocapil_models.onnx_graph import FLOAT, Graph
from biocapil_models.sidik.structure import (
    CONTRAST_BLOCK_PX,
    CONTRAST_BLOCKS,
    CONTRAST_FLOOR,
    GREY_MIDDLE,
    INPUT,
    OUTPUT,
    OUTPUT_CHANNELS,
    STRUCTURE,
    Row,
    Step,
)

Weights = Mapping[str, NDArray[np.float32]]
"""``<row>.kernel`` (out, in, side, side) and ``<row>.bias`` (out,) of each row that has learnt."""

BLUR = np.array([0.0625, 0.25, 0.375, 0.25, 0.0625], np.float32)
"""Binomial blur of the score, along each axis."""
PEAK_WINDOW_PX = 9
"""A pixel is a peak where its blurred score is the largest of this square around it."""
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
    for row in STRUCTURE:
        _STEPS[row.step](graph, weights, row)
    unfolded = graph.add("DepthToSpace", [STRUCTURE[-1].name], "unfolded", blocksize=2, mode="CRD")
    names = ["position", "direction", "kind"]
    sizes = graph.constant("map_sizes", np.array([1, 2, 1], np.int64))
    graph.add_split("Split", [unfolded, sizes], "split", names, axis=1)
    score = _peaks(graph, graph.add("Sigmoid", ["position"], "probability"))
    ending = graph.add("Sigmoid", ["kind"], "ending")
    graph.add("Concat", [score, "direction", ending], OUTPUT, axis=1)
    return graph.serialize(
        name="Sidik",
        input_name=INPUT,
        output_name=OUTPUT,
        output_channels=len(OUTPUT_CHANNELS),
        facts=FACTS,
    )


def _normalise(graph: Graph, _weights: Weights, row: Row) -> None:
    """Grey values less their local mean, over their local deviation."""
    grey = graph.add("Sub", [row.reads[0], _number(graph, "grey_middle", GREY_MIDDLE)], "grey_shifted")
    grey = graph.add("Div", [grey, _number(graph, "grey_middle", GREY_MIDDLE)], "grey")
    mean = _local_mean(graph, "mean", grey)
    square = _local_mean(graph, "square", graph.add("Mul", [grey, grey], "grey_squared"))
    spread = graph.add("Sub", [square, graph.add("Mul", [mean, mean], "mean_squared")], "variance")
    spread = graph.add("Max", [spread, _number(graph, "zero", 0.0)], "variance_positive")
    spread = graph.add("Add", [spread, _number(graph, "contrast_floor", CONTRAST_FLOOR)], "variance_floored")
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


def _peaks(graph: Graph, probability: str) -> str:
    """Blurred probability where it is the largest around, 0 elsewhere; two equal ones both stay."""
    reach = len(BLUR) // 2
    x = probability
    for name, shape, pads in (
        ("blurred_down", (1, 1, len(BLUR), 1), [reach, 0, reach, 0]),
        ("blurred", (1, 1, 1, len(BLUR)), [0, reach, 0, reach]),
    ):
        x = graph.add("Conv", [x, graph.constant(f"{name}.kernel", BLUR.reshape(shape))], name, pads=pads)
    blurred, reach = x, PEAK_WINDOW_PX // 2
    down = graph.add(
        "MaxPool", [blurred], "largest_down", kernel_shape=[PEAK_WINDOW_PX, 1], pads=[reach, 0, reach, 0]
    )
    largest = graph.add(
        "MaxPool", [down], "largest", kernel_shape=[1, PEAK_WINDOW_PX], pads=[0, reach, 0, reach]
    )
    equal = graph.add("Equal", [largest, blurred], "is_peak")
    return graph.add("Mul", [blurred, graph.add("Cast", [equal], "peak_mask", to=FLOAT)], "score")


def _number(graph: Graph, name: str, value: float) -> str:
    return graph.constant(name, np.array(value, np.float32))
