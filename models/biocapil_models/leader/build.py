"""The recipe: from the published weights to ``leader.onnx``, byte for byte the same each time.

    python -m biocapil_models.leader.build --wheel pyfing-0.7.3-py2.py3-none-any.whl --out leader.onnx
    python -m biocapil_models.leader.build --weights LEADER.weights.h5 --out leader.onnx

``requirements-weights.txt`` pins the wheel, ``requirements-build.txt`` the tools, among them neither Keras
nor TensorFlow. Users never run it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from biocapil_models.leader.blocks import BLOCKS
from biocapil_models.leader.structure import INPUT, OUTPUT, OUTPUT_CHANNELS, STRUCTURE
from biocapil_models.leader.weights import Weights, read_weights, weights_file_from_wheel
from biocapil_models.onnx_graph import Graph

FACTS = {
    "licence": "MIT",
    "copyright": "Copyright (c) 2023 Raffaele Cappelli (weights)",
    "source": "pyfing 0.7.3, LEADER.weights.h5",
}


def build_graph(weights: Weights) -> bytes:
    """Draw the network with its weights.

    Args:
        weights: Arrays of every layer.

    Returns:
        Bytes of the ONNX file.
    """
    graph = Graph()
    values = {INPUT: INPUT}
    for row in STRUCTURE:
        reads = [values[name] for name in row.reads]
        values[row.name] = BLOCKS[row.block](graph, weights, row.name, reads)
    return graph.serialize(
        name="LEADER",
        input_name=INPUT,
        output_name=OUTPUT,
        output_channels=len(OUTPUT_CHANNELS),
        facts=FACTS,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the file and print its checksum; the exit status is 0."""
    parser = argparse.ArgumentParser(description="Build leader.onnx from the published weights.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--wheel", type=Path, help="pyfing 0.7.3 wheel; its checksum is verified")
    source.add_argument("--weights", type=Path, help="LEADER.weights.h5 from that wheel")
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    options = parser.parse_args(arguments)
    file = weights_file_from_wheel(options.wheel) if options.wheel else options.weights.read_bytes()
    data = build_graph(read_weights(file))
    options.out.write_bytes(data)
    sys.stdout.write(f"{hashlib.sha256(data).hexdigest()}  {options.out.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
