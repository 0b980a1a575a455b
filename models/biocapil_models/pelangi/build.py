"""From learnt weights to ``pelangi.onnx``: the network as ONNX, normalisation folded in."""

from __future__ import annotations

from biocapil_models.onnx_graph import Graph
from biocapil_models.pelangi.structure import (
    GREY_MIDDLE,
    GREY_SCALE,
    INPUT,
    OUTPUT,
    OUTPUT_CHANNELS,
    STRUCTURE,
)
from biocapil_models.rows.graph import Weights, draw_rows, number
from biocapil_models.rows.structure import Row

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
    draw_rows(graph, STRUCTURE, weights, prepare=_scale)
    shares = graph.add("Sigmoid", [STRUCTURE[-1].name], "shares")
    graph.add("DepthToSpace", [shares], OUTPUT, blocksize=2, mode="CRD")
    return graph.serialize(
        name="Pelangi",
        input_name=INPUT,
        output_name=OUTPUT,
        output_channels=len(OUTPUT_CHANNELS),
        facts=FACTS,
    )


def _scale(graph: Graph, row: Row) -> None:
    """Grey values around 0."""
    centred = graph.add("Sub", [row.reads[0], number(graph, "grey_middle", GREY_MIDDLE)], "centred")
    graph.add("Mul", [centred, number(graph, "grey_scale", 1 / GREY_SCALE)], row.name)
