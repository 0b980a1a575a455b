"""Lashes and brows: bent strokes, thick at the root and fine at the tip."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.iris.lids import Lids
from biocapil.synthesis.raster import SUBPIXEL_BITS, Raster, opencv

JOINTS = 6
SHADES = 4
"""Groups in which strokes share a grey value, so that many are drawn at once."""
TIP_BRIGHTER = 20.0


def draw_lashes(picture: Raster, hidden: Raster, lids: Lids, rng: np.random.Generator) -> None:
    """Draw the lashes of both lids.

    Args:
        picture: Changed in place.
        hidden: Set to 1 where a lash lies. Same shape.
        lids: Where they grow.
        rng: Source of randomness.
    """
    conditions, master = lids.conditions, lids.master
    radius, count = conditions.radius_px, master.lashes
    along = _along(lids, count, rng)
    roots = lids.in_picture(along, lids.upper(along) - rng.uniform(-1, 3, count).astype(np.float32))
    fan = (along - lids.skew_px) / lids.half_width_px * rng.uniform(0.3, 1.1)
    lean = conditions.tilt_rad + rng.normal() * 0.25 + rng.normal(size=count) * 0.22
    down = conditions.lashes_down
    towards = (np.pi / 2 - fan if down else -np.pi / 2 + fan) + lean
    length = radius * conditions.lash_length * rng.uniform(0.4, 1.0, count)
    width = max(1.0, radius / 70) * rng.uniform(0.6, 1.4)
    hair = _Hair(roots=roots, towards_rad=towards, length_px=length, level=master.lash_level, width_px=width)
    _strokes(picture, hidden, hair, rng)
    if down and rng.random() < 0.6:
        curled = replace(hair, towards_rad=-towards, length_px=length * 0.6, width_px=1.0)
        _strokes(picture, hidden, curled, rng)
    count = int(rng.integers(0, 35))
    along = _along(lids, count, rng)
    roots = lids.in_picture(along, lids.lower(along) + rng.uniform(0, 5, count).astype(np.float32))
    towards = np.pi / 2 - (along - lids.skew_px) / lids.half_width_px * 0.7 + rng.normal(size=count) * 0.25
    length = radius * rng.uniform(0.1, 0.5) * rng.uniform(0.5, 1, count)
    hair = _Hair(
        roots=roots, towards_rad=towards, length_px=length, level=master.lash_level + 30, width_px=1.0
    )
    _strokes(picture, hidden, hair, rng)


def draw_brow(picture: Raster, lids: Lids, rng: np.random.Generator) -> None:
    """Draw an eyebrow over the eye, changing the picture in place."""
    radius, count = lids.conditions.radius_px, int(rng.integers(60, 220))
    scale = lids.conditions.columns / 320
    along = rng.uniform(-1.5 * radius - 60, 1.5 * radius + 60, count).astype(np.float32)
    top = -max(lids.conditions.upper_lid, 0.3) - rng.uniform(0.6, 1.8)
    below = (radius * (top - rng.uniform(0, 0.6, count))).astype(np.float32)
    towards = rng.uniform(-0.6, 0.6) + (np.pi if rng.random() < 0.5 else 0) + rng.normal(size=count) * 0.25
    length = rng.uniform(15, 45, count) * scale
    level, width = rng.uniform(10, 70), rng.uniform(1, 2.5) * scale
    hair = _Hair(
        roots=lids.in_picture(along, below),
        towards_rad=towards,
        length_px=length,
        level=level,
        width_px=width,
    )
    _strokes(picture, None, hair, rng)


def _along(lids: Lids, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    return (lids.skew_px + rng.uniform(-1, 1, count) * lids.half_width_px).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Hair:
    """Strokes that are drawn alike.

    Attributes:
        roots: Where each begins, x and y. Shape (N, 2).
        towards_rad: Direction of each. Shape (N,).
        length_px: Length of each. Shape (N,).
        level: Grey of the darkest.
        width_px: Width at the root.
    """

    roots: Raster
    towards_rad: NDArray[np.float64]
    length_px: NDArray[np.float64]
    level: float
    width_px: float


def _strokes(picture: Raster, hidden: Raster | None, hair: _Hair, rng: np.random.Generator) -> None:
    """Draw one stroke from each root."""
    bend = 0.3 * rng.normal(size=(len(hair.roots), 1)) * np.linspace(0, 1, JOINTS - 1)
    angle = hair.towards_rad[:, None] + bend
    step = hair.length_px[:, None] / (JOINTS - 1)
    ways = np.stack([np.cos(angle) * step, np.sin(angle) * step], axis=-1)
    points = np.concatenate([hair.roots[:, None], hair.roots[:, None] + np.cumsum(ways, axis=1)], axis=1)
    fixed = np.round(points * (1 << SUBPIXEL_BITS)).astype(np.int32)
    thick = max(1, round(hair.width_px))
    for group in range(SHADES):
        lines = fixed[group::SHADES]
        if not len(lines):
            continue
        shade = float(hair.level + group * 20 / SHADES)
        _draw(picture, lines[:, :4], shade, thick)
        _draw(picture, lines[:, 3:], shade * 0.8 + TIP_BRIGHTER, max(1, thick - 1))
        if hidden is not None:
            _draw(hidden, lines, 1.0, thick)


def _draw(canvas: Raster, lines: NDArray[np.int32], value: float, width: int) -> None:
    cv2 = opencv()
    cv2.polylines(canvas, list(lines), isClosed=False, color=value, thickness=width,
                  lineType=cv2.LINE_AA, shift=SUBPIXEL_BITS)  # fmt: skip
