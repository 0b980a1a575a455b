"""From the map of a disc to its border: rays, a circle that few stray rays cannot move, and waves on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.iris.network_maps import opencv
from biocapil.iris_segmentation import CONTOUR_ANGLES

REACH_RADII, REACH_CELLS = 2.5, 6.0
"""How far rays look, in radii of a circle of the area found, and cells more."""
SMALLEST_CELLS = 12
"""A disc of fewer cells is none."""
FEWEST_RAYS = 40
ROUNDS, WAVE_ROUNDS = 5, 3
"""Rounds of weighting, of the circle and of the waves on it."""
STRAY_CELLS, STRAY_SHARE = 0.3, 0.02
"""A ray this far from the circle, plus this share of the radius, counts half."""
CALM = (2.0, 6.0)
"""How strongly the mean and the waves are held to the circle."""

ANGLES = np.linspace(0, 2 * np.pi, CONTOUR_ANGLES, endpoint=False)
COS, SIN = np.cos(ANGLES), np.sin(ANGLES)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Disc:
    """A border in cells of the network's maps.

    Attributes:
        center: x and y.
        radius: Radius of the circle.
        radii: Distance from the centre by angle. Shape (CONTOUR_ANGLES,), float64.
        agreement: Share of rays that met the border near where it was drawn.
    """

    center: tuple[float, float]
    radius: float
    radii: NDArray[np.float64]
    agreement: float


def find_disc(share: NDArray[np.float32], *, waves: int) -> Disc | None:
    """Find the border of the largest disc of a map.

    Args:
        share: Share of each cell that the disc covers. Shape (rows, columns), float32.
        waves: Waves around by which the border may differ from a circle.

    Returns:
        The border, or None where there is no disc.
    """
    part = _largest_part(share)
    if part is None:
        return None
    circle, reach = (part[0], part[1], 0.0), REACH_RADII * part[2] + REACH_CELLS
    for _ in range(2):
        lengths = _rays(share, circle[0], circle[1], reach)
        met = lengths > 0
        if int(met.sum()) < FEWEST_RAYS:
            return None
        circle = _robust_circle(circle[0] + lengths * COS, circle[1] + lengths * SIN, met)
        if not _inside(circle, share.shape):
            return None
    lengths = _rays(share, circle[0], circle[1], reach)
    met = lengths > 0
    if int(met.sum()) < FEWEST_RAYS:
        return None
    radii = np.full(CONTOUR_ANGLES, circle[2])
    for _ in range(WAVE_ROUNDS):
        weights = met * _trust(np.abs(lengths - radii), circle[2])
        radii = circle[2] + _waves(lengths - circle[2], weights, waves)
    weights = met * _trust(np.abs(lengths - radii), circle[2])
    if not (radii > 0).all():
        return None
    return Disc(center=circle[:2], radius=circle[2], radii=radii, agreement=float((weights > 0.5).mean()))


def _largest_part(share: NDArray[np.float32]) -> tuple[float, float, float] | None:
    """Centre of the largest connected part, and the radius of a circle of its area."""
    count, _, statistics, centers = opencv().connectedComponentsWithStats((share > 0.5).astype(np.uint8))
    if count < 2:
        return None
    largest = 1 + int(np.argmax(statistics[1:, 4]))
    if statistics[largest, 4] < SMALLEST_CELLS:
        return None
    radius = math.sqrt(float(statistics[largest, 4]) / math.pi)
    return float(centers[largest, 0]), float(centers[largest, 1]), radius


def _rays(share: NDArray[np.float32], x: float, y: float, longest: float) -> NDArray[np.float64]:
    """Distance at which each ray from a place leaves the disc; -1 where it leaves the picture first."""
    cv2 = opencv()
    reach = np.arange(0, min(longest, max(share.shape)), dtype=np.float32)
    columns = np.float32(x) + COS.astype(np.float32)[:, None] * reach
    rows = np.float32(y) + SIN.astype(np.float32)[:, None] * reach
    seen = cv2.remap(share, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    leaves = (seen[:, :-1] >= 0.5) & (seen[:, 1:] < 0.5)
    first = leaves.argmax(axis=1)
    ray = np.arange(CONTOUR_ANGLES)
    before, after = seen[ray, first].astype(float), seen[ray, first + 1].astype(float)
    part = (before - 0.5) / np.maximum(before - after, 1e-6)
    lengths = first + part
    within = (
        (columns[ray, first + 1] >= 0)
        & (columns[ray, first + 1] <= share.shape[1] - 1)
        & (rows[ray, first + 1] >= 0)
        & (rows[ray, first + 1] <= share.shape[0] - 1)
    )
    return np.where(leaves.any(axis=1) & within, lengths, -1.0)


def _robust_circle(
    x: NDArray[np.float64], y: NDArray[np.float64], met: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Circle through most points: least squares, weighted anew each round.

    Reference: I. Kåsa, A circle fitting procedure and its error analysis, IEEE TIM 25(1), 1976.
    """
    rows = np.stack([x, y, np.ones_like(x)], axis=1)
    squares = x * x + y * y
    weights = met.astype(float)
    circle = (0.0, 0.0, 1.0)
    for _ in range(ROUNDS):
        weighted = rows * weights[:, None]
        solved = np.linalg.solve(weighted.T @ rows + 1e-6 * np.eye(3), weighted.T @ squares)
        center = (float(solved[0]) / 2, float(solved[1]) / 2)
        radius = float(np.sqrt(max(1e-3, solved[2] + center[0] ** 2 + center[1] ** 2)))
        circle = (*center, radius)
        weights = met * _trust(np.abs(np.hypot(x - center[0], y - center[1]) - radius), radius)
    return circle


def _trust(distance: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Weight of a ray that ends so far from the circle."""
    weight: NDArray[np.float64] = 1 / (1 + (distance / (STRAY_CELLS + STRAY_SHARE * radius)) ** 2)
    return weight


def _waves(rest: NDArray[np.float64], weights: NDArray[np.float64], waves: int) -> NDArray[np.float64]:
    """What is left between rays and circle, as a mean and a few waves, held back where few rays speak."""
    turned = [part(k * ANGLES) for k in range(1, waves + 1) for part in (np.cos, np.sin)]
    rows = np.stack([np.ones(CONTOUR_ANGLES), *turned], axis=1)
    calm = np.diag([CALM[0], *(CALM[1] * k * k for k in range(1, waves + 1) for _ in range(2))])
    weighted = rows * weights[:, None]
    solved = np.linalg.solve(weighted.T @ rows + calm, weighted.T @ rest)
    answer: NDArray[np.float64] = rows @ solved
    return answer


def _inside(circle: tuple[float, float, float], shape: tuple[int, ...]) -> bool:
    return 0 <= circle[0] < shape[1] - 1 and 0 <= circle[1] < shape[0] - 1
