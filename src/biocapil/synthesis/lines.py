"""White lines over a print: creases that belong to the finger, scratches that come and go."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, blur, clamp, draw_line

CORNERS = 12
"""Points of one curved line."""


def draw_creases(rng: np.random.Generator, shape: tuple[int, int]) -> Raster:
    """Creases of one finger: a few anywhere, at times a flexion zone of level ones at the bottom.

    Args:
        rng: Source of randomness.
        shape: Rows and columns.

    Returns:
        Depth of the lines, 0 to 1. Shape `shape`, float32.
    """
    canvas = np.zeros(shape, np.float32)
    for _ in range(int(rng.poisson(1.2))):
        angle = rng.normal(0, 0.5) if rng.random() < 0.6 else rng.uniform(0, np.pi)
        _curve(rng, canvas, _anywhere(rng, shape), angle_rad=angle, length_px=rng.uniform(40, 200),
               width_px=1.2 + 6 * rng.uniform() ** 2.5)  # fmt: skip
    if rng.random() < 0.3:
        _flexion_zone(rng, canvas)
    return _soften(rng, canvas)


def draw_scratches(rng: np.random.Generator, shape: tuple[int, int], *, difficulty: float) -> Raster:
    """Scratches and dry cracks of one impression: single ones, and at times a net of level ones.

    Args:
        rng: Source of randomness.
        shape: Rows and columns.
        difficulty: 0 to 1; how likely they are.

    Returns:
        Depth of the lines, 0 to 1. Shape `shape`, float32.
    """
    canvas = np.zeros(shape, np.float32)
    for _ in range(int(rng.poisson(1.6 * difficulty))):
        _curve(rng, canvas, _anywhere(rng, shape), angle_rad=rng.uniform(0, np.pi),
               length_px=rng.uniform(20, 150), width_px=rng.uniform(1, 2.4))  # fmt: skip
    if rng.random() < 0.4 * difficulty:
        _scratch_net(rng, canvas, int(rng.integers(6, 22)))
    return _soften(rng, canvas)


def draw_scratch_net(rng: np.random.Generator, shape: tuple[int, int], *, count: int) -> Raster:
    """A net of `count` scratches around one place, most of them side by side. Depth of the lines, 0 to 1."""
    canvas = np.zeros(shape, np.float32)
    _scratch_net(rng, canvas, count)
    return _soften(rng, canvas)


def _soften(rng: np.random.Generator, canvas: Raster) -> Raster:
    """Lines with soft borders that fade and break along their way."""
    if not canvas.any():
        return canvas
    strength = smooth_noise(rng, (canvas.shape[0], canvas.shape[1]), correlation_px=9, deviation=0.4) + 0.9
    return blur(canvas, 0.6) * clamp(strength, 0, 1.2)


def _flexion_zone(rng: np.random.Generator, canvas: Raster) -> None:
    rows, columns = canvas.shape
    middle = rows * rng.uniform(0.76, 0.92)
    for _ in range(int(rng.integers(4, 12))):
        centre = np.array([rng.uniform(0.25, 0.75) * columns, middle + rng.normal(0, 14)])
        _curve(rng, canvas, centre, angle_rad=rng.normal(0, 0.08),
               length_px=rng.uniform(60, 260), width_px=rng.uniform(1.5, 8))  # fmt: skip


def _scratch_net(rng: np.random.Generator, canvas: Raster, count: int) -> None:
    """Many short lines of about one direction around one place, as worked hands have them."""
    main_angle, spread_px = rng.uniform(0, np.pi), rng.uniform(20, 130)
    origin = _anywhere(rng, (canvas.shape[0], canvas.shape[1]))
    for _ in range(count):
        angle = main_angle + rng.normal(0, 0.18) if rng.random() < 0.8 else rng.uniform(0, np.pi)
        _curve(rng, canvas, origin + rng.normal(0, spread_px, 2), angle_rad=float(angle),
               length_px=rng.uniform(12, 90), width_px=rng.uniform(1, 2.2))  # fmt: skip


def _anywhere(
    rng: np.random.Generator, shape: tuple[int, int]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return rng.uniform(0.15, 0.85, 2) * (shape[1], shape[0])


def _curve(
    rng: np.random.Generator,
    canvas: Raster,
    centre_px: np.ndarray[tuple[int], np.dtype[np.float64]],
    *,
    angle_rad: float,
    length_px: float,
    width_px: float,
) -> None:
    """Draw one slightly bent, slightly shaky line of random depth."""
    along = np.linspace(-0.5, 0.5, CORNERS)
    bow = rng.normal(0, 0.12) * length_px * 4 * along**2
    cosine, sine = np.cos(angle_rad), np.sin(angle_rad)
    x = centre_px[0] + along * length_px * cosine - bow * sine
    y = centre_px[1] + along * length_px * sine + bow * cosine
    shake = rng.normal(0, 0.7, (CORNERS, 2))
    draw_line(canvas, np.column_stack((x, y)) + shake, value=rng.uniform(0.5, 1),
              width_px=max(1, round(width_px)))  # fmt: skip
