"""The rows of :mod:`biocapil_models.pelangi.structure` with their first weights."""

from __future__ import annotations

from typing import Any

from biocapil_models.pelangi.structure import GREY_MIDDLE, GREY_SCALE, STRUCTURE
from biocapil_models.rows.network import Network

GAIN = 2.0
"""First kernels have this variance over the number of values they read."""


def first_network(seed: int) -> Network:
    """The network before it has learnt; it answers four maps before their sigmoid.

    Args:
        seed: Same seed, same weights.
    """
    return Network(STRUCTURE, seed=seed, gain=GAIN, prepare=_scaled)


def _scaled(image: Any) -> Any:
    return (image - GREY_MIDDLE) / GREY_SCALE
