"""Rows as PyTorch runs them while they learn."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil_models.rows.structure import Row, Step

MOMENTUM = 0.05
"""Share of a batch in the running mean and variance."""
EPSILON = 1e-5


class Network:
    """Parameters and running statistics by name, and the pass through them."""

    def __init__(self, rows: Sequence[Row], *, seed: int, gain: float, prepare: Callable[[Any], Any]) -> None:
        """Draw the first weights.

        Args:
            rows: The structure; its last row unfolds two by two pixels from each place.
            seed: Same seed, same weights.
            gain: First kernels have this variance over the number of values they read.
            prepare: The network's own first step: grey values (batch, 1, height, width) made ready.
        """
        self._torch = importlib.import_module("torch")
        self._functional = importlib.import_module("torch.nn.functional")
        self.rows = tuple(rows)
        self._prepare = prepare
        source = self._torch.Generator().manual_seed(seed)
        self.parameters: dict[str, Any] = {}
        self.statistics: dict[str, Any] = {}
        for row in self.rows:
            if row.learnt:
                self._begin(row, source, gain)

    def _begin(self, row: Row, source: Any, gain: float) -> None:
        torch = self._torch
        outputs, inputs, side = row.shape
        deviation = (gain / (inputs * side * side)) ** 0.5
        kernel = torch.randn(outputs, inputs, side, side, generator=source) * deviation
        kernel = kernel.to(memory_format=torch.channels_last)
        self.parameters[f"{row.name}.kernel"] = kernel.requires_grad_()
        self.parameters[f"{row.name}.bias"] = torch.zeros(outputs).requires_grad_()
        if row.active:
            self.parameters[f"{row.name}.scale"] = torch.ones(outputs).requires_grad_()
            self.statistics[f"{row.name}.mean"] = torch.zeros(outputs)
            self.statistics[f"{row.name}.variance"] = torch.ones(outputs)

    def answer(self, image: Any) -> Any:
        """Maps of a batch in training; the running statistics follow it.

        Args:
            image: Grey values 0 to 255. Shape (batch, 1, height, width).

        Returns:
            Maps as the last row gives them. Shape (batch, maps, height, width).
        """
        values = {self.rows[0].reads[0]: image}
        for row in self.rows:
            values[row.name] = self._run(row, [values[name] for name in row.reads])
        return self._functional.pixel_shuffle(values[self.rows[-1].name], 2)

    def _run(self, row: Row, read: list[Any]) -> Any:
        functional = self._functional
        if row.step is Step.PREPARE:
            return self._prepare(read[0])
        if row.step is Step.HALVE:
            return functional.max_pool2d(read[0], 2)
        if row.step is Step.ADD_DOUBLED:
            return functional.relu(functional.interpolate(read[0], scale_factor=2) + read[1])
        kernel, bias = (self.parameters[f"{row.name}.{part}"] for part in ("kernel", "bias"))
        if not row.active:
            return functional.conv2d(read[0], kernel, bias)
        x = functional.conv2d(read[0], kernel, stride=row.stride, padding=row.shape[2] // 2)
        statistics = (self.statistics[f"{row.name}.{part}"] for part in ("mean", "variance"))
        scale = self.parameters[f"{row.name}.scale"]
        x = functional.batch_norm(x, *statistics, scale, bias, True, MOMENTUM, EPSILON)
        return functional.relu(x)


def folded_weights(
    rows: Sequence[Row],
    parameters: dict[str, NDArray[np.float32]],
    statistics: dict[str, NDArray[np.float32]],
) -> dict[str, NDArray[np.float32]]:
    """Kernels and biases with the running statistics folded in, as the recipe wants them.

    Args:
        rows: The structure.
        parameters: Those of a `Network`, as arrays.
        statistics: The same.

    Returns:
        ``<row>.kernel`` and ``<row>.bias`` of every row that has learnt.
    """
    folded: dict[str, NDArray[np.float32]] = {}
    for row in rows:
        if not row.learnt:
            continue
        kernel = parameters[f"{row.name}.kernel"].astype(np.float64)
        bias = parameters[f"{row.name}.bias"].astype(np.float64)
        if row.active:
            gain = parameters[f"{row.name}.scale"] / np.sqrt(statistics[f"{row.name}.variance"] + EPSILON)
            kernel, bias = kernel * gain[:, None, None, None], bias - statistics[f"{row.name}.mean"] * gain
        folded[f"{row.name}.kernel"] = np.ascontiguousarray(kernel, np.float32)
        folded[f"{row.name}.bias"] = bias.astype(np.float32)
    return folded
