"""Kernel: minutiae to packed cylinder words (layout in `biocapil.comparison.layout`).

The twin in plain numpy is `biocapil.comparison.reference.cylinders`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.kernels.compilation import kernel
from biocapil.comparison.layout import (
    ANGULAR_SIGMA_RAD,
    BIT_THRESHOLD,
    GRID,
    HULL_MARGIN_UM,
    LAYERS,
    MASK_WORD,
    RADIUS_UM,
    SPATIAL_SIGMA_UM,
)

CUTOFF_UM2 = 9.0 * SPATIAL_SIGMA_UM * SPATIAL_SIGMA_UM


@kernel
def convex_hull(points: NDArray[np.float64], order: NDArray[np.int64], hull: NDArray[np.int64]) -> int:
    """Counter-clockwise convex hull by Andrew's monotone chain.

    Args:
        points: x and y (y up). Shape (N, 2).
        order: Indices that sort the points by x, then y. Shape (N,).
        hull: Receives the indices of the corners. Shape (2N,).

    Returns:
        Number of corners; fewer than 3 where all points lie on a line.
    """
    count = len(order)
    size = 0
    for sweep in range(2):
        floor = size if sweep == 1 else 1
        for step in range(count):
            if sweep == 1 and step == 0:
                continue
            k = order[step] if sweep == 0 else order[count - 1 - step]
            while size > floor:
                a = hull[size - 2]
                b = hull[size - 1]
                turn = (points[b, 0] - points[a, 0]) * (points[k, 1] - points[a, 1])
                turn -= (points[b, 1] - points[a, 1]) * (points[k, 0] - points[a, 0])
                if turn > 0:
                    break
                size -= 1
            hull[size] = k
            size += 1
    return size - 1


@kernel
def order_by_place(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Indices of the points by x, then y. Shape (N,). Insertion sort: small, and stable in both worlds."""
    order = np.arange(len(points))
    for i in range(1, len(points)):
        k = order[i]
        j = i - 1
        while j >= 0 and (
            points[order[j], 0] > points[k, 0]
            or (points[order[j], 0] == points[k, 0] and points[order[j], 1] > points[k, 1])
        ):
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = k
    return order


@kernel
def near_hull(x: float, y: float, points: NDArray[np.float64], corners: NDArray[np.int64]) -> bool:
    """Whether a place lies inside the hull widened by the margin; fewer than 3 corners bound nothing."""
    if len(corners) < 3:
        return True
    for k in range(len(corners)):
        a = corners[k]
        b = corners[k + 1] if k + 1 < len(corners) else corners[0]
        ex = points[b, 0] - points[a, 0]
        ey = points[b, 1] - points[a, 1]
        cross = ex * (y - points[a, 1]) - ey * (x - points[a, 0])
        if cross < -HULL_MARGIN_UM * math.sqrt(ex * ex + ey * ey):
            return False
    return True


@kernel
def weigh_directions(m: int, angles: NDArray[np.float64], directional: NDArray[np.float64]) -> None:
    """How much each minutia adds to each directional layer of minutia m, were it at the same place.

    Args:
        m: Index of the minutia.
        angles: Directions in radians. Shape (N,).
        directional: Receives the weights. Shape (N, 6).
    """
    for t in range(len(angles)):
        for layer in range(LAYERS):
            centre = -math.pi + (layer + 0.5) * 2.0 * math.pi / LAYERS
            off = centre - (angles[m] - angles[t])
            off -= 2.0 * math.pi * math.floor((off + math.pi) / (2.0 * math.pi))
            directional[t, layer] = math.exp(-off * off / (2.0 * ANGULAR_SIGMA_RAD**2))


@kernel
def accumulate(
    m: int,
    x: float,
    y: float,
    points: NDArray[np.float64],
    directional: NDArray[np.float64],
    contribution: NDArray[np.float64],
) -> None:
    """What the minutiae around a place, m itself left out, add to each layer there. Shape (6,)."""
    contribution[:] = 0.0
    for t in range(len(points)):
        dx = points[t, 0] - x
        dy = points[t, 1] - y
        distance2 = dx * dx + dy * dy
        if t != m and distance2 <= CUTOFF_UM2:
            spatial = math.exp(-distance2 / (2.0 * SPATIAL_SIGMA_UM**2))
            for layer in range(LAYERS):
                contribution[layer] += spatial * directional[t, layer]


@kernel
def build_cylinders(
    points: NDArray[np.float64], angles: NDArray[np.float64], words: NDArray[np.uint64]
) -> None:
    """Set words 0 to 6 of the first minutiae; the pose word is left alone.

    Args:
        points: x and y in micrometres, y up. Shape (N, 2).
        angles: Directions in radians, counter-clockwise. Shape (N,).
        words: Receives the bits of the first M minutiae; all N shape them. Shape (M, 8).
    """
    count = len(angles)
    hull = np.zeros(2 * count + 1, np.int64)
    corners = hull[: convex_hull(points, order_by_place(points), hull) if count >= 3 else 0]
    directional = np.empty((count, LAYERS))
    contribution = np.empty(LAYERS)
    cell = 2.0 * RADIUS_UM / GRID
    half = (GRID - 1) / 2.0
    for m in range(len(words)):
        weigh_directions(m, angles, directional)
        c = math.cos(angles[m])
        s = math.sin(angles[m])
        words[m, : MASK_WORD + 1] = 0
        for place in range(GRID * GRID):
            u = (place // GRID - half) * cell
            v = (place % GRID - half) * cell
            x = points[m, 0] + c * u - s * v
            y = points[m, 1] + s * u + c * v
            if u * u + v * v > RADIUS_UM * RADIUS_UM or not near_hull(x, y, points, corners):
                continue
            bit = np.uint64(1) << np.uint64(place)
            words[m, MASK_WORD] |= bit
            accumulate(m, x, y, points, directional, contribution)
            for layer in range(LAYERS):
                if contribution[layer] >= BIT_THRESHOLD:
                    words[m, layer] |= bit
