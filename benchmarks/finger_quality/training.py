"""Training of the small networks, in plain numpy: Adam on mini-batches, weights shrunk, seeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.network import Layer, run_network

Floats = NDArray[np.float32]
MOMENTS = (0.9, 0.999)
TINY = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How a network is trained.

    Attributes:
        hidden: Units of each hidden layer.
        is_logistic: Whether the outputs are logits of labels; else they are values, by least squares.
        with_bias: Without bias a network is odd: turned inputs give the negative output.
        epochs: Times that every sample is seen.
        batch: Samples of a step.
        rate: Size of the first steps; it falls to nothing along half a cosine.
        decay: Share of the weights that a step of that size takes away.
        noise: Deviation of the noise that is added to the inputs.
        networks: Networks trained from different starts, whose outputs are averaged into one wider network.
    """

    hidden: tuple[int, ...]
    is_logistic: bool
    with_bias: bool = True
    epochs: int = 60
    batch: int = 128
    rate: float = 3e-3
    decay: float = 1e-3
    noise: float = 0.0
    networks: int = 1


def train_network(
    rng: np.random.Generator,
    inputs: Floats,
    targets: Floats,
    training: Training,
    *,
    weights: Floats | None = None,
) -> tuple[Layer, ...]:
    """Train a network.

    Args:
        rng: Source of randomness.
        inputs: Shape (N, inputs), float32.
        targets: Shape (N, outputs), float32: 0 or 1 for logits, else values; NaN counts for nothing.
        training: How.
        weights: Weight of each target. Shape of the targets; None for 1.

    Returns:
        Its layers.
    """
    if training.networks > 1:
        alone = replace(training, networks=1)
        found = [
            train_network(rng, inputs, targets, alone, weights=weights) for _ in range(training.networks)
        ]
        return side_by_side(found)
    known = ~np.isnan(targets)
    weight = known.astype(np.float32) if weights is None else np.where(known, weights, 0).astype(np.float32)
    target = np.nan_to_num(targets)
    sizes = (inputs.shape[1], *training.hidden, targets.shape[1])
    values = [_start(rng, sizes[at], sizes[at + 1]) for at in range(len(sizes) - 1)]
    parameters: list[Floats] = [each for pair in values for each in pair]
    first = [np.zeros_like(each) for each in parameters]
    second = [np.zeros_like(each) for each in parameters]
    steps_all = training.epochs * (len(inputs) // training.batch)
    step = 0
    for _ in range(training.epochs):
        order = rng.permutation(len(inputs))
        for start in range(0, len(order) - training.batch + 1, training.batch):
            rows = order[start : start + training.batch]
            seen = inputs[rows]
            if training.noise:
                seen = seen + rng.normal(0, training.noise, seen.shape).astype(np.float32)
            slopes = _slopes(parameters, seen, target[rows], weight[rows], is_logistic=training.is_logistic)
            step += 1
            rate = training.rate * 0.5 * (1 + np.cos(np.pi * step / steps_all))
            for at, slope in enumerate(slopes):
                if at % 2 and not training.with_bias:
                    continue
                first[at] = MOMENTS[0] * first[at] + (1 - MOMENTS[0]) * slope
                second[at] = MOMENTS[1] * second[at] + (1 - MOMENTS[1]) * slope**2
                move = (first[at] / (1 - MOMENTS[0] ** step)) / (
                    np.sqrt(second[at] / (1 - MOMENTS[1] ** step)) + TINY
                )
                shrink = training.decay * parameters[at] if at % 2 == 0 else 0
                parameters[at] = (parameters[at] - rate * (move + shrink)).astype(np.float32)
    return tuple(
        Layer(weights=parameters[at], bias=parameters[at + 1]) for at in range(0, len(parameters), 2)
    )


def side_by_side(networks: Sequence[tuple[Layer, ...]]) -> tuple[Layer, ...]:
    """One network whose output is the mean of several of the same shape."""
    layers: list[Layer] = []
    depth, count = len(networks[0]), len(networks)
    for at in range(depth):
        blocks = [network[at] for network in networks]
        if at == 0:
            weights = np.concatenate([each.weights for each in blocks], axis=1)
            bias = np.concatenate([each.bias for each in blocks])
        elif at < depth - 1:
            weights = _diagonal([each.weights for each in blocks])
            bias = np.concatenate([each.bias for each in blocks])
        else:
            weights = np.concatenate([each.weights for each in blocks]) / count
            bias = np.mean([each.bias for each in blocks], axis=0)
        layers.append(Layer(weights=weights.astype(np.float32), bias=bias.astype(np.float32)))
    return tuple(layers)


def rounded(layers: Sequence[Layer], digits: int) -> tuple[Layer, ...]:
    """Layers with so many decimals, as they are kept."""
    return tuple(
        Layer(weights=np.round(each.weights, digits), bias=np.round(each.bias, digits)) for each in layers
    )


def outputs(layers: Sequence[Layer], inputs: Floats) -> Floats:
    """Outputs of a network for many inputs."""
    return run_network(layers, inputs)


def _start(rng: np.random.Generator, count_in: int, count_out: int) -> tuple[Floats, Floats]:
    deviation = 1 / np.sqrt(count_in)
    return (
        rng.normal(0, deviation, (count_in, count_out)).astype(np.float32),
        np.zeros(count_out, np.float32),
    )


def _diagonal(blocks: Sequence[Floats]) -> Floats:
    rows, columns = (sum(each.shape[axis] for each in blocks) for axis in (0, 1))
    found = np.zeros((rows, columns), np.float32)
    row = column = 0
    for each in blocks:
        found[row : row + each.shape[0], column : column + each.shape[1]] = each
        row, column = row + each.shape[0], column + each.shape[1]
    return found


def _slopes(
    parameters: Sequence[Floats], inputs: Floats, targets: Floats, weight: Floats, *, is_logistic: bool
) -> list[Floats]:
    """Gradient of the mean loss."""
    values = [inputs]
    depth = len(parameters) // 2
    for at in range(depth):
        raw = values[-1] @ parameters[2 * at] + parameters[2 * at + 1]
        values.append(np.tanh(raw) if at < depth - 1 else raw)
    output = 1 / (1 + np.exp(-np.clip(values[-1], -30, 30))) if is_logistic else values[-1]
    error: Floats = ((output - targets) * weight / len(inputs)).astype(np.float32)
    found: list[Floats] = []
    for at in reversed(range(depth)):
        found[:0] = [values[at].T @ error, error.sum(axis=0)]
        error = ((error @ parameters[2 * at].T) * (1 - values[at] ** 2)).astype(np.float32)
    return found
