"""A small fully connected network in plain numpy: it turns measures into scores of reasons and of quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """Weights of one layer.

    Attributes:
        weights: Shape (inputs, outputs), float32.
        bias: Shape (outputs,), float32.
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.weights.ndim != 2 or self.bias.shape != self.weights.shape[1:]:
            raise ValueError(
                f"weights of shape {self.weights.shape} do not fit a bias of shape {self.bias.shape}"
            )


def run_network(layers: Sequence[Layer], inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Outputs of a network whose hidden units are hyperbolic tangents and whose outputs are linear.

    Args:
        layers: First to last.
        inputs: Shape (inputs,) or (N, inputs), float32.

    Returns:
        Shape (outputs,) or (N, outputs), float32.
    """
    *hidden, last = layers
    values = inputs
    for layer in hidden:
        values = np.tanh(values @ layer.weights + layer.bias)
    outputs: NDArray[np.float32] = values @ last.weights + last.bias
    return outputs


def layers_of(parts: Sequence[Mapping[str, Any]]) -> tuple[Layer, ...]:
    """Layers as a file of ours writes them: rows of weights, and the bias, of each.

    Raises:
        KeyError: A part is missing.
        ValueError: Weights and bias do not fit each other.
    """
    return tuple(
        Layer(weights=np.array(each["weights"], np.float32), bias=np.array(each["bias"], np.float32))
        for each in parts
    )
