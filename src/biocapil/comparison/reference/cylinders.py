"""Packed cylinder words in plain numpy: the twin that `kernels.cylinders` is held to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import (
    ANGULAR_SIGMA_RAD,
    BIT_THRESHOLD,
    GRID,
    HULL_MARGIN_UM,
    LAYERS,
    RADIUS_UM,
    SPATIAL_SIGMA_UM,
    WORDS,
)


def contributions(
    points: NDArray[np.float64], angles: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What every cell of every cylinder accumulates, and which cells are valid.

    Args:
        points: x and y in micrometres, y up. Shape (N, 2).
        angles: Directions in radians. Shape (N,).

    Returns:
        Contributions of shape (N, 6, 64) and validity of shape (N, 64).
    """
    half = (GRID - 1) / 2.0
    cell = 2.0 * RADIUS_UM / GRID
    row, column = np.divmod(np.arange(GRID * GRID), GRID)
    u, v = (row - half) * cell, (column - half) * cell
    c, s = np.cos(angles)[:, None], np.sin(angles)[:, None]
    x = points[:, :1] + c * u - s * v
    y = points[:, 1:] + s * u + c * v

    distance2 = (points[None, None, :, 0] - x[:, :, None]) ** 2
    distance2 += (points[None, None, :, 1] - y[:, :, None]) ** 2
    spatial = np.exp(-distance2 / (2.0 * SPATIAL_SIGMA_UM**2))
    spatial[distance2 > 9.0 * SPATIAL_SIGMA_UM**2] = 0.0
    own = np.arange(len(angles))
    spatial[own, :, own] = 0.0

    centres = -np.pi + (np.arange(LAYERS) + 0.5) * 2.0 * np.pi / LAYERS
    off = centres - (angles[:, None] - angles[None, :])[:, :, None]
    off -= 2.0 * np.pi * np.floor((off + np.pi) / (2.0 * np.pi))
    directional = np.exp(-(off**2) / (2.0 * ANGULAR_SIGMA_RAD**2))

    valid = (u * u + v * v <= RADIUS_UM**2) & near_hull(points, x, y)
    return np.einsum("mct,mtl->mlc", spatial, directional), valid


def near_hull(
    points: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether places lie inside the convex hull of the points, widened by the margin.

    A line through two points is a hull edge where no other point lies to its right.
    """
    near = np.ones(x.shape, np.bool_)
    if len(points) < 3:
        return near
    for a in points:
        for b in points:
            edge = b - a
            length = np.hypot(*edge)
            side = edge[0] * (points[:, 1] - a[1]) - edge[1] * (points[:, 0] - a[0])
            if length > 0 and (side >= 0).all() and (side > 0).any():
                cross = edge[0] * (y - a[1]) - edge[1] * (x - a[0])
                near &= cross >= -HULL_MARGIN_UM * length
    return near


def build_cylinders(
    points: NDArray[np.float64], angles: NDArray[np.float64], *, rows: int
) -> NDArray[np.uint64]:
    """Words 0 to 6 of the first `rows` minutiae, which all shape; word 7 is zero. Shape (rows, 8)."""
    accumulated, valid = contributions(points, angles)
    accumulated, valid = accumulated[:rows], valid[:rows]
    weights = np.uint64(1) << np.arange(GRID * GRID, dtype=np.uint64)
    words = np.zeros((rows, WORDS), np.uint64)
    bits = (accumulated >= BIT_THRESHOLD) & valid[:, None, :]
    words[:, :LAYERS] = (bits * weights).sum(axis=2, dtype=np.uint64)
    words[:, LAYERS] = (valid * weights).sum(axis=1, dtype=np.uint64)
    return words
