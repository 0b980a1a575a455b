"""Orientation field of a finger: which way the ridges run at every place.

The zero-pole model sums the bearings of every place from the cores and deltas; three corrections make
it look like skin: a random bend of each bearing, rounder tops of loops, and arching towards the tip.

Reference: Sherlock, Monro, A model for interpreting fingerprint topology, Pattern Recognition 26 (1993);
Vizcaya, Gerhardt, A nonlinear orientation model for global description of fingerprints, Pattern
Recognition 29 (1996).
"""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.pattern import Pattern, Singularities, place_singularities
from biocapil.synthesis.raster import Raster

BEND_KNOTS = 8
BEND_DEVIATION_RAD = 0.14
BEND_GROWS_OVER_PX = 60.0
"""The bend of a bearing grows from nothing at the singularity to its full size over this distance."""

WOBBLE_CORRELATION_PX = 140.0


def draw_orientation(
    rng: np.random.Generator, pattern: Pattern, shape: tuple[int, int], *, cell_px: float
) -> Raster:
    """Orientation field of one random finger of the given class.

    Args:
        rng: Source of randomness.
        pattern: Class of the finger.
        shape: Rows and columns of the grid.
        cell_px: Side of one grid cell in pixels at 500 ppi.

    Returns:
        Ridge orientation, counter-clockwise from the x axis as a viewer sees it, -π/2 to π/2.
        Shape `shape`, float32.
    """
    x, y = finger_grid(shape, cell_px)
    wobble = rng.uniform(4, 11)
    x = x + smooth_noise(rng, shape, correlation_px=WOBBLE_CORRELATION_PX / cell_px, deviation=wobble)
    y = y + smooth_noise(rng, shape, correlation_px=WOBBLE_CORRELATION_PX / cell_px, deviation=wobble)
    places = place_singularities(rng, pattern)
    angle = _arch(rng, x, y, places) if pattern is Pattern.ARCH else _zero_pole(rng, x, y, places)
    return _arch_towards_tip(rng, angle, x, y, places)


def finger_grid(shape: tuple[int, int], cell_px: float) -> tuple[Raster, Raster]:
    """Finger coordinates (x, y) of the cell centres: pixels from the middle, y up."""
    rows, columns = shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    return (x - (columns - 1) / 2) * np.float32(cell_px), ((rows - 1) / 2 - y) * np.float32(cell_px)


def _zero_pole(rng: np.random.Generator, x: Raster, y: Raster, places: Singularities) -> Raster:
    """Half the sum of the bearings from the cores less that from the deltas."""
    angle = np.zeros_like(x)
    for core in places.cores:
        bearing = _bent_bearing(rng, x, y, core)
        if len(places.deltas) == 1:
            bearing = _round_top(rng, bearing, core, places.deltas[0])
        angle += bearing / 2
    for delta in places.deltas:
        angle -= _bent_bearing(rng, x, y, delta) / 2
    return angle


def _bent_bearing(rng: np.random.Generator, x: Raster, y: Raster, point: tuple[float, float]) -> Raster:
    """Bearing of every place from a singularity, bent by a random piecewise linear function of itself."""
    dx, dy = x - np.float32(point[0]), y - np.float32(point[1])
    bearing = np.arctan2(dy, dx)
    bend = rng.normal(0, BEND_DEVIATION_RAD, BEND_KNOTS)
    bend -= bend.mean()
    knots = np.linspace(-np.pi, np.pi, BEND_KNOTS + 1)
    bent = np.interp(bearing, knots, np.append(bend, bend[0])).astype(np.float32)
    share = np.minimum(np.hypot(dx, dy) / np.float32(BEND_GROWS_OVER_PX), 1)
    result: Raster = bearing + bent * share
    return result


def _round_top(
    rng: np.random.Generator, bearing: Raster, core: tuple[float, float], delta: tuple[float, float]
) -> Raster:
    """Turn the legs of a loop towards its axis, so that its top is round and not a wedge."""
    axis = -np.arctan2(core[1] - delta[1], core[0] - delta[0])
    rounded: Raster = (bearing - rng.uniform(0.4, 0.9) * np.sin(bearing - axis)).astype(np.float32)
    return rounded


def _arch(rng: np.random.Generator, x: Raster, y: Raster, places: Singularities) -> Raster:
    """Orientation of a plain arch: ridges rise to the axis and fall again, most in the lower middle."""
    height = rng.uniform(0.7, 1.5) * (1 - np.abs(y + 40) / rng.uniform(230, 300))
    across = x - np.float32(places.lean_px)
    wave = -np.sin(across / rng.uniform(62, 80)) * np.exp(-((across / rng.uniform(150, 200)) ** 2))
    angle: Raster = np.arctan(np.maximum(height, 0) * wave).astype(np.float32)
    return angle


def _arch_towards_tip(
    rng: np.random.Generator, angle: Raster, x: Raster, y: Raster, places: Singularities
) -> Raster:
    """Blend into circles around a point below the core, more and more above it."""
    centre_y = places.tip_px - rng.uniform(30, 90)
    circle = np.arctan2(y - centre_y, x - places.lean_px) + np.pi / 2
    weight = rng.uniform(0.3, 0.7) / (1 + np.exp(-(y - places.tip_px - 70) / 25))
    cosine = (1 - weight) * np.cos(2 * angle) + weight * np.cos(2 * circle)
    sine = (1 - weight) * np.sin(2 * angle) + weight * np.sin(2 * circle)
    blended: Raster = (np.arctan2(sine, cosine) / 2).astype(np.float32)
    return blended
