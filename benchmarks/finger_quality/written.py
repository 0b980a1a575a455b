"""Numbers of fitted networks as they are written to files, short and the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.network import Layer

Floats = NDArray[np.float32]
DIGITS = 4


def significant(values: Floats | NDArray[np.float64]) -> Floats:
    """Values with five significant digits."""
    return np.array([float(f"{value:.5g}") for value in values], np.float32)


def numbers(values: Floats) -> list[float]:
    """Values as they are written."""
    return [float(f"{value:.5g}") for value in values.tolist()]


def layer_parts(layers: Sequence[Layer]) -> list[dict[str, Any]]:
    """Layers as they are written."""
    return [
        {"weights": [[round(value, DIGITS) for value in row] for row in each.weights.tolist()],
         "bias": [round(value, DIGITS) for value in each.bias.tolist()]}
        for each in layers
    ]  # fmt: skip
