"""Ridge flow of fingers: which way ridges run, from cores and deltas.

Reference: Sherlock and Monro 1993, doi:10.1016/0031-3203(93)90006-I.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from population.draws import Floats, Rows

PATTERN_SHARES = (0.07, 0.31, 0.31, 0.31)
"""Arches, loops to the left, loops to the right, whorls."""

WHORL = 3
AWAY = 1e4 + 0j
"""Where the second core and delta of fingers lie that have one each: far off, one on the other."""

REACH_MM = 8.0
"""Half the size of a finger, the unit of what bends its flow."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flow:
    """Ridge flows of some fingers.

    Attributes:
        cores: Complex, mm from the middle of the finger, y up. Shape (N, 2), complex64.
        deltas: The same.
        bends: Weights of a polynomial of second degree that is added. Shape (N, 6), float32.
    """

    cores: NDArray[np.complex64]
    deltas: NDArray[np.complex64]
    bends: Floats


def flow_of(chance: Floats, shape: Floats, bends: Floats) -> Flow:
    """Ridge flows of fingers.

    Args:
        chance: Uniform, chooses the pattern. Shape (N,).
        shape: Normal, moves cores and deltas. Shape (N, 8).
        bends: Weights of the polynomial. Shape (N, 6).
    """
    pattern = np.searchsorted(np.cumsum(PATTERN_SHARES)[:-1], chance)
    core = 0.8 * shape[:, 0] + 1j * (1.5 + 0.8 * shape[:, 1])
    across = np.array([0.0, -4.5, 4.5, -5.5])[pattern] + shape[:, 2]
    down = np.array([2.5, 6.5, 6.5, 7.0])[pattern] + shape[:, 3]
    second_core = core - 1j * np.abs(2.0 + 1.2 * shape[:, 4]) + 0.3 * shape[:, 5]
    second_delta = core + 5.5 + shape[:, 6] - 1j * (7.0 + shape[:, 7])
    whorl = pattern == WHORL
    return Flow(
        cores=np.stack([core, np.where(whorl, second_core, AWAY)], axis=1).astype(np.complex64),
        deltas=np.stack([core + across - 1j * down, np.where(whorl, second_delta, AWAY)], axis=1).astype(
            np.complex64
        ),
        bends=bends.astype(np.float32),
    )


def ridge_directions(x: Floats, y: Floats, flow: Flow, owner: Rows) -> Floats:
    """Which way ridges run at places of fingers, radians, modulo π.

    Args:
        x: Millimetres to the right. Shape (M,).
        y: Millimetres up. Shape (M,).
        flow: Of the fingers.
        owner: Finger of each place. Shape (M,).
    """
    place = (x + 1j * y).astype(np.complex64)
    turned = np.ones_like(place)
    for k in range(flow.cores.shape[1]):
        turned *= (place - flow.cores[owner, k]) * np.conj(place - flow.deltas[owner, k])
        turned /= np.abs(turned) + np.float32(1e-9)
    bends, right, up = flow.bends[owner], x / np.float32(REACH_MM), y / np.float32(REACH_MM)
    straight = bends[:, 0] + bends[:, 1] * right + bends[:, 2] * up
    curved = bends[:, 3] * right * up + bends[:, 4] * (right**2 - 0.3) + bends[:, 5] * (up**2 - 0.3)
    directions: Floats = (0.5 * np.angle(turned) + straight + curved).astype(np.float32)
    return directions
