"""The rows of :mod:`biocapil_models.sidik.structure` with their first weights."""

from __future__ import annotations

import importlib
from typing import Any

from biocapil_models.rows.network import Network
from biocapil_models.rows.structure import UNFOLDED
from biocapil_models.sidik.structure import (
    CONTRAST_BLOCK_PX,
    CONTRAST_BLOCKS,
    CONTRAST_FLOOR,
    GREY_MIDDLE,
    STRUCTURE,
)

GAIN = 1 / 3
"""First kernels have this variance times the inverse of what they read."""
RARE = -4.0
"""First bias of the position: minutiae are rare."""


def first_network(seed: int) -> Network:
    """The network before it has learnt; it answers position before its sigmoid, cos and sin.

    Args:
        seed: Same seed, same weights.
    """
    network = Network(STRUCTURE, seed=seed, gain=GAIN, prepare=_normalised)
    network.parameters[f"{STRUCTURE[-1].name}.bias"].data[:UNFOLDED] = RARE
    return network


def _normalised(image: Any) -> Any:
    torch = importlib.import_module("torch")
    functional, block = importlib.import_module("torch.nn.functional"), CONTRAST_BLOCK_PX
    grey = (image - GREY_MIDDLE) / GREY_MIDDLE

    def local_mean(values: Any) -> Any:
        values = functional.avg_pool2d(values, block)
        reach = CONTRAST_BLOCKS // 2
        return functional.avg_pool2d(values, CONTRAST_BLOCKS, 1, reach, count_include_pad=False)

    def grown(values: Any) -> Any:
        return functional.interpolate(values, scale_factor=block, mode="bilinear")

    mean = local_mean(grey)
    variance = torch.clamp(local_mean(grey * grey) - mean * mean, min=0) + CONTRAST_FLOOR
    return (grey - grown(mean)) / grown(torch.sqrt(variance))
