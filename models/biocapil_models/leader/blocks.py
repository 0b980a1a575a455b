"""The blocks that LEADER is made of, each drawn into an ONNX graph.

Third step of the recipe (see :mod:`biocapil_models.leader.build`). Arrays of Keras have the axes (rows,
columns, in, out); ONNX wants (out, in, rows, columns). Every block takes the graph, the weights, its own
name and the names of what it reads, and returns the name of what it delivers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from biocapil_models.leader.weights import Weights
from biocapil_models.onnx_graph import FLOAT, Graph

Block: TypeAlias = Callable[[Graph, Weights, str, Sequence[str]], str]

LAYER_NORM_EPSILON = 1e-3
STEM_DILATION = 2
"""Spread of the taps of each stem's second kernel."""
ATTENTION_DILATIONS = (1, 3, 6)
PEAK_WINDOW_PX = 7
"""A pixel is a peak where its blurred probability is the largest of this square around it."""


def separable(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Each channel by itself, then all channels at each pixel; normalised, GELU."""
    each, across, bias = weights[f"{name}_conv"]
    x = _depthwise(graph, f"{name}_each", reads[0], each)
    x = _convolve(graph, f"{name}_across", x, across, bias)
    return _gelu(graph, name, _normalise(graph, weights, f"{name}_ln", x))


def bottleneck(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Inverse bottleneck: depthwise, widen fourfold, narrow, add to the input, adjust the channels."""
    x = _depthwise(graph, f"{name}_each", reads[0], weights[f"{name}_depthwise_conv"][0])
    x = _normalise(graph, weights, f"{name}_ln", x)
    x = _gelu(graph, f"{name}_wide", convolution(graph, weights, f"{name}_conv_exp", [x]))
    x = convolution(graph, weights, f"{name}_conv_red", [x])
    x = graph.add("Add", [reads[0], x], f"{name}_sum")
    return convolution(graph, weights, f"{name}_conv_adj", [x])


def head(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Few features of one question, at the size of the image."""
    x = bottleneck(graph, weights, f"{name}_ibc", reads)
    x = double(graph, weights, f"{name}_full", [x])
    x = convolution(graph, weights, f"{name}_conv1", [x])
    x = _normalise(graph, weights, f"{name}_ln", x)
    return _gelu(graph, name, convolution(graph, weights, f"{name}_conv2", [x]))


def attention(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Three reaches of context, weighed into a gate between 0 and 1 a channel."""
    views = [
        _gelu(
            graph,
            f"{name}_d{dilation}",
            convolution(graph, weights, f"{name}_conv_d{dilation}", reads, dilation=dilation),
        )
        for dilation in ATTENTION_DILATIONS
    ]
    x = graph.add("Concat", views, f"{name}_views", axis=1)
    return probability(graph, weights, f"{name}_s", [x])


def stem_strongest(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    """First look at the image; of each 2×2 pixels the strongest."""
    return _pool(graph, name, _look(graph, weights, name, reads), "MaxPool")


def stem_mean(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    """First look at the image; of each 2×2 pixels the mean."""
    return _pool(graph, name, _look(graph, weights, name, reads), "AveragePool")


def halve(graph: Graph, _weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Half the size: the first half of the channels by their strongest, the second by their mean."""
    first, second = graph.add_split(
        "Split", reads, f"{name}_split", [f"{name}_first", f"{name}_second"], axis=1, num_outputs=2
    )
    strongest = _pool(graph, f"{name}_strongest", first, "MaxPool")
    mean = _pool(graph, f"{name}_mean", second, "AveragePool")
    return graph.add("Concat", [strongest, mean], name, axis=1)


def double(graph: Graph, _weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Twice the size by repeating pixels, beside what the encoder saw at that size, if it is given."""
    scales = graph.constant("twice", np.array([1, 1, 2, 2], np.float32))
    x = graph.add(
        "Resize",
        [reads[0], "", scales],
        f"{name}_twice",
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )
    return graph.add("Concat", [x, *reads[1:]], name, axis=1)


def gate(graph: Graph, _weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Features times their gate."""
    return graph.add("Mul", reads, name)


def join(graph: Graph, _weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Channels side by side."""
    return graph.add("Concat", reads, name, axis=1)


def peaks(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Blurred probability where it is the largest around, 0 elsewhere; two equal ones both stay."""
    window = {"window": PEAK_WINDOW_PX, "stride": 1, "margin": PEAK_WINDOW_PX // 2}
    blurred = convolution(graph, weights, name, reads)
    largest = _pool(graph, f"{name}_largest", blurred, "MaxPool", **window)
    equal = graph.add("Equal", [largest, blurred], f"{name}_equal")
    mask = graph.add("Cast", [equal], f"{name}_mask", to=FLOAT)
    return graph.add("Mul", [blurred, mask], f"{name}_peaks")


def probability(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    """Convolution, squeezed between 0 and 1."""
    return graph.add("Sigmoid", [convolution(graph, weights, name, reads)], f"{name}_probability")


def convolution(graph: Graph, weights: Weights, name: str, reads: Sequence[str], *, dilation: int = 1) -> str:
    """Plain convolution, output as large as the input; the bias may be absent."""
    kernel, *bias = weights[name]
    return _convolve(graph, name, reads[0], kernel, *bias, dilation=dilation)


def _look(graph: Graph, weights: Weights, name: str, reads: Sequence[str]) -> str:
    near = convolution(graph, weights, f"{name}_conv", reads)
    far = convolution(graph, weights, f"{name}_dilated_conv", reads, dilation=STEM_DILATION)
    x = graph.add("Concat", [near, far], f"{name}_both", axis=1)
    return _gelu(graph, f"{name}_look", _normalise(graph, weights, f"{name}_ln", x))


def _convolve(
    graph: Graph,
    name: str,
    x: str,
    kernel: NDArray[np.float32],
    bias: NDArray[np.float32] | None = None,
    *,
    dilation: int = 1,
    groups: int = 1,
) -> str:
    size = kernel.shape[0]
    inputs = [x, graph.constant(f"{name}.kernel", kernel.transpose(3, 2, 0, 1))]
    if bias is not None:
        inputs.append(graph.constant(f"{name}.bias", bias))
    return graph.add(
        "Conv",
        inputs,
        name,
        kernel_shape=[size, size],
        pads=[dilation * (size // 2)] * 4,
        dilations=[dilation] * 2,
        group=groups,
    )


def _depthwise(graph: Graph, name: str, x: str, kernel: NDArray[np.float32]) -> str:
    """Keras keeps the channels of a depthwise kernel on the third axis, ONNX on the first."""
    return _convolve(graph, name, x, kernel.transpose(0, 1, 3, 2), groups=kernel.shape[2])


def _normalise(graph: Graph, weights: Weights, name: str, x: str) -> str:
    """Layer normalisation over the channels of each pixel; the operator wants them on the last axis."""
    scale, shift = weights[name]
    x = graph.add("Transpose", [x], f"{name}_last", perm=[0, 2, 3, 1])
    constants = [graph.constant(f"{name}.scale", scale), graph.constant(f"{name}.shift", shift)]
    x = graph.add("LayerNormalization", [x, *constants], name, axis=-1, epsilon=LAYER_NORM_EPSILON)
    return graph.add("Transpose", [x], f"{name}_first", perm=[0, 3, 1, 2])


def _gelu(graph: Graph, name: str, x: str) -> str:
    """Exact GELU (erf), as Keras computes it."""
    return graph.add("Gelu", [x], name, approximate="none")


def _pool(
    graph: Graph, name: str, x: str, operator: str, *, window: int = 2, stride: int = 2, margin: int = 0
) -> str:
    return graph.add(operator, [x], name, kernel_shape=[window] * 2, strides=[stride] * 2, pads=[margin] * 4)


BLOCKS: dict[str, Block] = {
    "attention": attention,
    "bottleneck": bottleneck,
    "convolution": convolution,
    "double": double,
    "gate": gate,
    "halve": halve,
    "head": head,
    "join": join,
    "peaks": peaks,
    "probability": probability,
    "separable": separable,
    "stem_mean": stem_mean,
    "stem_strongest": stem_strongest,
}
