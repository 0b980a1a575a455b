"""What shines or stands before the eye: reflections of the lamp, tears, frames of glasses."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.iris.lids import Lids
from biocapil.synthesis.raster import SUBPIXEL_BITS, Raster, opencv


def draw_shine(lids: Lids, rng: np.random.Generator) -> Raster:
    """Where reflections lie: 1 inside. Shape (rows, columns)."""
    conditions = lids.conditions
    shine = np.zeros((conditions.rows, conditions.columns), np.float32)
    radius = conditions.radius_px
    center = np.array([conditions.center_x_px, conditions.center_y_px])
    spots = conditions.spots if not conditions.painted_pupil or rng.random() < 0.3 else 0
    for _ in range(spots):
        place = center + rng.normal(size=2) * conditions.dilation * radius * 0.6
        _spot(shine, place, radius * rng.uniform(0.03, 0.09), rng.uniform(0.6, 1.4), rng)
    for _ in range(int(rng.integers(0, 6))):
        along = np.array([lids.skew_px + rng.uniform(-0.8, 0.8) * lids.half_width_px], np.float32)
        place = lids.in_picture(along, lids.lower(along) - rng.uniform(0, 0.04) * radius)[0]
        _spot(shine, place, radius * rng.uniform(0.01, 0.04), rng.uniform(0.3, 1), rng)
    for _ in range(conditions.glares):
        place = center + rng.normal(size=2) * (0.7, 0.6) * radius
        _spot(shine, place, radius * rng.uniform(0.15, 0.45), rng.uniform(0.3, 1), rng)
    return shine


def draw_glasses(picture: Raster, hidden: Raster, lids: Lids, rng: np.random.Generator) -> None:
    """Draw one rim of a frame into the picture; `hidden` is set to 1 where it lies."""
    cv2, conditions = opencv(), lids.conditions
    radius = conditions.radius_px
    axes = (int(rng.uniform(1.5, 3.2) * radius), int(rng.uniform(1.1, 2.2) * radius))
    center = (
        int(conditions.center_x_px + rng.normal() * 0.5 * radius),
        int(conditions.center_y_px + rng.normal() * 0.4 * radius),
    )
    thickness, turn = max(2, int(rng.uniform(0.03, 0.12) * radius)), rng.normal() * 8
    level = float(rng.uniform(5, 60) if rng.random() < 0.8 else rng.uniform(120, 230))
    cv2.ellipse(picture, center, axes, turn, 0, 360, level, thickness, cv2.LINE_AA)
    cv2.ellipse(hidden, center, axes, turn, 0, 360, 1.0, thickness, cv2.LINE_AA)
    if rng.random() < 0.7:
        edge = (axes[0] + thickness, axes[1] + thickness)
        cv2.ellipse(picture, center, edge, turn, 0, 360, float(rng.uniform(150, 255)), 1, cv2.LINE_AA)


def _spot(shine: Raster, place: Raster, size: float, aspect: float, rng: np.random.Generator) -> None:
    cv2, unit = opencv(), 1 << SUBPIXEL_BITS
    center = (int(place[0] * unit), int(place[1] * unit))
    axes = (max(1, int(size * unit)), max(1, int(size * aspect * unit)))
    cv2.ellipse(shine, center, axes, rng.uniform(0, 180), 0, 360, 1.0, -1, cv2.LINE_AA, SUBPIXEL_BITS)
