"""From learnt weights to ``sidik.onnx``: the network as ONNX, normalisation folded into the convolutions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil_models.onnx_graph import Graph
from biocapil_models.rows.graph import Weights, draw_rows, number
from biocapil_models.rows.structure import UNFOLDED, Row
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
)

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
    draw_rows(graph, network, weights, prepare=_normalise)
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


def _normalise(graph: Graph, row: Row) -> None:
    """Grey values less their local mean, over their local deviation."""
    grey = row.reads[0]
    mean = _local_mean(graph, "mean", grey)
    square = _local_mean(graph, "square", graph.add("Mul", [grey, grey], "grey_squared"))
    spread = graph.add("Sub", [square, graph.add("Mul", [mean, mean], "mean_squared")], "variance")
    spread = graph.add("Max", [spread, number(graph, "zero", 0.0)], "variance_positive")
    spread = graph.add(
        "Add", [spread, number(graph, "contrast_floor", CONTRAST_FLOOR * GREY_MIDDLE**2)], "variance_floored"
    )
    deviation = _grown(graph, "deviation_full", graph.add("Sqrt", [spread], "deviation"))
    centred = graph.add("Sub", [grey, _grown(graph, "mean_full", mean)], "centred")
    graph.add("Div", [centred, deviation], row.name)


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
