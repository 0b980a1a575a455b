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
SLACK_UM = 1.0
SLACK_CELLS = 0.001
"""Added where something is left out early, so that rounding never decides it."""


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
def find_edges(
    points: NDArray[np.float64], corners: NDArray[np.int64], edges: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Edges of a hull: where each begins, where it leads, and its length; fewer than 3 corners have none.

    Args:
        points: x and y. Shape (N, 2).
        corners: Indices of the hull's corners. Shape (C,).
        edges: Receives x, y, x step, y step, length. Shape (at least C, 5).

    Returns:
        The rows that were filled.
    """
    if len(corners) < 3:
        return edges[:0]
    for k in range(len(corners)):
        a = corners[k]
        b = corners[k + 1] if k + 1 < len(corners) else corners[0]
        edges[k, 0] = points[a, 0]
        edges[k, 1] = points[a, 1]
        edges[k, 2] = points[b, 0] - points[a, 0]
        edges[k, 3] = points[b, 1] - points[a, 1]
        edges[k, 4] = math.sqrt(edges[k, 2] * edges[k, 2] + edges[k, 3] * edges[k, 3])
    return edges[: len(corners)]


@kernel
def find_binding(
    x: float, y: float, edges: NDArray[np.float64], binding: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Edges near enough to a minutia that they leave out cells of its circle; filled into `binding`."""
    count = 0
    for k in range(len(edges)):
        cross = edges[k, 2] * (y - edges[k, 1]) - edges[k, 3] * (x - edges[k, 0])
        if cross < (RADIUS_UM - HULL_MARGIN_UM + SLACK_UM) * edges[k, 4]:
            binding[count] = edges[k]
            count += 1
    return binding[:count]


@kernel
def near_hull(x: float, y: float, edges: NDArray[np.float64]) -> bool:
    """Whether a place lies inside the hull widened by the margin, as far as these edges say."""
    for k in range(len(edges)):
        cross = edges[k, 2] * (y - edges[k, 1]) - edges[k, 3] * (x - edges[k, 0])
        if cross < -HULL_MARGIN_UM * edges[k, 4]:
            return False
    return True


@kernel
def place_cells(x: float, y: float, angle: float, cells: NDArray[np.float64]) -> None:
    """Where the cells around a minutia lie. Shape (64, 2)."""
    cell = 2.0 * RADIUS_UM / GRID
    half = (GRID - 1) / 2.0
    c = math.cos(angle)
    s = math.sin(angle)
    for place in range(GRID * GRID):
        u = (place // GRID - half) * cell
        v = (place % GRID - half) * cell
        cells[place, 0] = x + c * u - s * v
        cells[place, 1] = y + s * u + c * v


@kernel
def valid_cells(cells: NDArray[np.float64], edges: NDArray[np.float64]) -> np.uint64:
    """Mask of the cells inside the circle and near the hull."""
    cell = 2.0 * RADIUS_UM / GRID
    half = (GRID - 1) / 2.0
    mask = np.uint64(0)
    for place in range(GRID * GRID):
        u = (place // GRID - half) * cell
        v = (place % GRID - half) * cell
        if u * u + v * v <= RADIUS_UM * RADIUS_UM and near_hull(cells[place, 0], cells[place, 1], edges):
            mask |= np.uint64(1) << np.uint64(place)
    return mask


@kernel
def weigh_directions(angle: float, other: float, directional: NDArray[np.float64]) -> None:
    """How much a minutia adds to each directional layer of another, were it at the same place. Shape (6,)."""
    for layer in range(LAYERS):
        centre = -math.pi + (layer + 0.5) * 2.0 * math.pi / LAYERS
        off = centre - (angle - other)
        off -= 2.0 * math.pi * math.floor((off + math.pi) / (2.0 * math.pi))
        directional[layer] = math.exp(-off * off / (2.0 * ANGULAR_SIGMA_RAD**2))


@kernel
def accumulate(
    m: int,
    points: NDArray[np.float64],
    angles: NDArray[np.float64],
    cells: NDArray[np.float64],
    directional: NDArray[np.float64],
    contribution: NDArray[np.float64],
) -> None:
    """What the minutiae around minutia m add to each layer of each of its cells.

    Args:
        m: Index of the minutia.
        points: x and y. Shape (N, 2).
        angles: Directions. Shape (N,).
        cells: Where the cells lie. Shape (64, 2).
        directional: Room for one minutia's weights. Shape (6,).
        contribution: Receives the sums. Shape (64, 6).
    """
    cell = 2.0 * RADIUS_UM / GRID
    half = (GRID - 1) / 2.0
    span = 3.0 * SPATIAL_SIGMA_UM / cell + SLACK_CELLS
    c = math.cos(angles[m])
    s = math.sin(angles[m])
    contribution[:] = 0.0
    for t in range(len(points)):
        dx = (points[t, 0] - points[m, 0]) / cell
        dy = (points[t, 1] - points[m, 1]) / cell
        along = c * dx + s * dy + half
        across = c * dy - s * dx + half
        if t == m or abs(along - half) > half + span or abs(across - half) > half + span:
            continue
        weigh_directions(angles[m], angles[t], directional)
        for row in range(max(0, math.ceil(along - span)), min(GRID, math.floor(along + span) + 1)):
            for column in range(max(0, math.ceil(across - span)), min(GRID, math.floor(across + span) + 1)):
                place = row * GRID + column
                dx = points[t, 0] - cells[place, 0]
                dy = points[t, 1] - cells[place, 1]
                distance2 = dx * dx + dy * dy
                if distance2 <= CUTOFF_UM2:
                    spatial = math.exp(-distance2 / (2.0 * SPATIAL_SIGMA_UM**2))
                    for layer in range(LAYERS):
                        contribution[place, layer] += spatial * directional[layer]


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
    edges = find_edges(points, corners, np.empty((2 * count + 1, 5)))
    binding = np.empty((len(edges), 5))
    cells = np.empty((GRID * GRID, 2))
    directional = np.empty(LAYERS)
    contribution = np.empty((GRID * GRID, LAYERS))
    for m in range(len(words)):
        place_cells(points[m, 0], points[m, 1], angles[m], cells)
        mask = valid_cells(cells, find_binding(points[m, 0], points[m, 1], edges, binding))
        accumulate(m, points, angles, cells, directional, contribution)
        words[m, MASK_WORD] = mask
        for layer in range(LAYERS):
            word = np.uint64(0)
            for place in range(GRID * GRID):
                word |= np.uint64(contribution[place, layer] >= BIT_THRESHOLD) << np.uint64(place)
            words[m, layer] = word & mask


@kernel
def build_many_cylinders(
    points: NDArray[np.float64],
    angles: NDArray[np.float64],
    offsets: NDArray[np.int64],
    kept: NDArray[np.int64],
    words: NDArray[np.uint64],
) -> None:
    """Set words 0 to 6 of the first minutiae of many templates.

    Args:
        points: x and y in micrometres, y up, template after template. Shape (total, 2).
        angles: Directions in radians, counter-clockwise. Shape (total,).
        offsets: Minutiae of template i are ``offsets[i]:offsets[i + 1]``. Shape (N + 1,).
        kept: Its rows in `words` are ``kept[i]:kept[i + 1]``. Shape (N + 1,).
        words: Receives the bits. Shape (rows, 8).
    """
    for i in range(len(offsets) - 1):
        its = slice(offsets[i], offsets[i + 1])
        build_cylinders(points[its], angles[its], words[kept[i] : kept[i + 1]])
