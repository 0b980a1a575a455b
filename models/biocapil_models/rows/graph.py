"""Rows with their weights as nodes of an ONNX graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil_models.onnx_graph import Graph
from biocapil_models.rows.structure import Row, Step

Weights = Mapping[str, NDArray[np.float32]]
"""``<row>.kernel`` (out, in, side, side) and ``<row>.bias`` (out,) of each row that has learnt."""


def draw_rows(
    graph: Graph, rows: Sequence[Row], weights: Weights, *, prepare: Callable[[Graph, Row], None]
) -> None:
    """Append rows to a graph.

    Args:
        graph: Graph that already has what the first row reads.
        rows: Rows in the order in which they run.
        weights: Kernels and biases, normalisation already folded in.
        prepare: Draws the network's own first step.
    """
    for row in rows:
        if row.step is Step.PREPARE:
            prepare(graph, row)
        elif row.step is Step.CONVOLVE:
            _convolve(graph, weights, row)
        elif row.step is Step.HALVE:
            graph.add("MaxPool", [row.reads[0]], row.name, kernel_shape=[2, 2], strides=[2, 2])
        else:
            _add_doubled(graph, row)


def number(graph: Graph, name: str, value: float) -> str:
    """Hold one number in a graph and return its name."""
    return graph.constant(name, np.array(value, np.float32))


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


def _add_doubled(graph: Graph, row: Row) -> None:
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
