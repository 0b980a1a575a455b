"""An ONNX graph under construction: nodes are appended, every value is named for the step that made it."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

OPSET = 20
"""First operator set that has Gelu."""
IR_VERSION = 10
FLOAT = 1
"""Single precision, as ONNX numbers its types."""
End = tuple[str, list[int | str]]
"""Name and shape of what a graph reads or delivers; a text stands for a side of any length."""


class Graph:
    """Nodes and constants in the order in which they were added, so that two builds are the same bytes."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def add(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        """Append one node with one output.

        Args:
            operator: ONNX operator.
            inputs: Names of the values it reads; an empty name leaves an optional input out.
            name: Name of the node and of its output, unique in the graph.
            **attributes: Attributes of the operator.

        Returns:
            The name of the output.
        """
        return self.add_split(operator, inputs, name, [name], **attributes)[0]

    def add_split(
        self, operator: str, inputs: Sequence[str], name: str, outputs: Sequence[str], **attributes: Any
    ) -> list[str]:
        """Append one node with several outputs and return their names."""
        helper = _onnx().helper
        self._nodes.append(helper.make_node(operator, list(inputs), list(outputs), name=name, **attributes))
        return list(outputs)

    def constant(self, name: str, values: NDArray[Any]) -> str:
        """Hold an array in the graph and return its name; the same name is held once."""
        if name not in self._constants:
            self._constants[name] = _onnx().numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def serialize(
        self, *, name: str, input_name: str, output_name: str, output_channels: int, facts: dict[str, str]
    ) -> bytes:
        """Check the graph and write it.

        Args:
            name: Name of the graph.
            input_name: Grey image, float32, (1, 1, height, width).
            output_name: Maps, float32, (1, channels, height, width).
            output_channels: Number of maps.
            facts: What the file says about itself, such as its licence.

        Returns:
            Bytes of the ONNX file: the same for the same graph.
        """
        return self.serialize_ends(
            name=name,
            reads=(input_name, [1, 1, "height", "width"]),
            delivers=(output_name, [1, output_channels, "height", "width"]),
            facts=facts,
        )

    def serialize_ends(self, *, name: str, reads: End, delivers: End, facts: dict[str, str]) -> bytes:
        """Check the graph and write it, whatever the shapes of its ends.

        Args:
            name: Name of the graph.
            reads: Name and shape of the input, float32; a text stands for a side of any length.
            delivers: The same of the output.
            facts: What the file says about itself, such as its licence.

        Returns:
            Bytes of the ONNX file: the same for the same graph.
        """
        onnx = _onnx()
        helper = onnx.helper
        tensor = helper.make_tensor_value_info
        graph = helper.make_graph(
            self._nodes,
            name,
            [tensor(reads[0], FLOAT, reads[1])],
            [tensor(delivers[0], FLOAT, delivers[1])],
            list(self._constants.values()),
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="biocapil"
        )
        model.ir_version = IR_VERSION
        helper.set_model_props(model, facts)
        onnx.checker.check_model(model, full_check=True)
        data: bytes = onnx.ModelProto.SerializeToString(model, deterministic=True)
        return data


def _onnx() -> Any:
    """The onnx package, which only the recipe needs: importing this module works without it."""
    return importlib.import_module("onnx")
