"""The head's surface: which place of it each pixel shows, its relief, and the light that falls on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.face.conditions import FaceConditions
from biocapil.synthesis.face.master import FaceMaster

Field = NDArray[np.float32]
"""One number a pixel. Shape (rows, columns)."""
DEPTH = 0.9
"""How deep a head is against half its width."""
RELIEF = 1.3
"""How strongly the relief bends the light."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surface:
    """What each pixel shows.

    Attributes:
        seen: x and y in the plane of the picture, in half widths of the head.
        x: Place on the face, to the right.
        y: Place on the face, down.
        facing: How far the surface faces the viewer, 0 at the rim; 0 outside the head.
        pixel: Size of a pixel in half widths of the head.
    """

    seen: tuple[Field, Field]
    x: Field
    y: Field
    facing: Field
    pixel: float


def soft(distance: Field, pixel: float) -> Field:
    """How much of a pixel lies inside an outline. `distance` is negative inside, in half widths."""
    covered: Field = np.clip(0.5 - distance / (1.5 * pixel), 0, 1).astype(np.float32)
    return covered


def see(master: FaceMaster, conditions: FaceConditions) -> Surface:
    """Place of the face that each pixel shows."""
    rows, columns = np.indices((conditions.rows_px, conditions.columns_px), dtype=np.float32)
    x = (columns - conditions.centre[0] * conditions.columns_px) / np.float32(conditions.head_px)
    y = (rows - conditions.centre[1] * conditions.rows_px) / np.float32(conditions.head_px)
    cos, sin = np.float32(np.cos(conditions.roll_rad)), np.float32(np.sin(conditions.roll_rad))
    x, y = cos * x + sin * y, cos * y - sin * x
    facing = np.sqrt(np.clip(1 - x**2 - (y / master.height) ** 2, 0, 1))
    depth = DEPTH * facing
    turned = np.cos(conditions.yaw_rad) * x - np.sin(conditions.yaw_rad) * depth
    bowed = np.cos(conditions.pitch_rad) * y - np.sin(conditions.pitch_rad) * depth
    return Surface(
        seen=(x, y),
        x=turned.astype(np.float32),
        y=bowed.astype(np.float32),
        facing=facing.astype(np.float32),
        pixel=1 / conditions.head_px,
    )


def project(
    points: NDArray[np.float64], master: FaceMaster, conditions: FaceConditions
) -> NDArray[np.float32]:
    """Where places of the face stand in the picture. Shape (N, 2) to (N, 2), in pixels."""
    x, y = points.T
    depth = DEPTH * np.sqrt(np.clip(1 - x**2 - (y / master.height) ** 2, 0, 1))
    turned = np.cos(conditions.yaw_rad) * x + np.sin(conditions.yaw_rad) * depth
    bowed = np.cos(conditions.pitch_rad) * y + np.sin(conditions.pitch_rad) * depth
    cos, sin = np.cos(conditions.roll_rad), np.sin(conditions.roll_rad)
    across, down = cos * turned - sin * bowed, sin * turned + cos * bowed
    return np.column_stack(
        [
            across * conditions.head_px + conditions.centre[0] * conditions.columns_px,
            down * conditions.head_px + conditions.centre[1] * conditions.rows_px,
        ]
    ).astype(np.float32)


def light_on(surface: Surface, master: FaceMaster, conditions: FaceConditions) -> Field:
    """Brightness of each pixel of the skin, about 0 to 1.3."""
    down, right = np.gradient(_relief(surface, master), surface.pixel)
    across, along = surface.seen
    normal = np.stack(
        [
            across - RELIEF * right,
            along / np.float32(master.height) ** 2 - RELIEF * down,
            np.maximum(surface.facing, 0.15),
        ]
    )
    normal /= np.linalg.norm(normal, axis=0)
    towards = np.array(conditions.light) / np.linalg.norm(conditions.light)
    direct = np.clip(np.einsum("cij,c->ij", normal, towards), 0, 1)
    shade: Field = (conditions.ambient + (1.25 - conditions.ambient) * direct).astype(np.float32)
    return shade


def _relief(surface: Surface, master: FaceMaster) -> Field:
    """How far the face stands out at each pixel, in half widths."""
    x, y = surface.x, surface.y
    width, length, out = master.nose
    tip = master.eye_line + length
    ridge = np.clip((y - master.eye_line) / length, 0, 1)
    below = np.where(y > tip, np.exp(-(((y - tip) / 0.05) ** 2)), 1.0)
    nose = 0.16 * out * ridge * below * np.exp(-((x / (0.35 * width + 0.25 * width * ridge)) ** 2))
    sockets = sum(
        -0.07 * np.exp(-(((x - side * master.eye_gap) / 0.22) ** 2) - ((y - master.eye_line) / 0.15) ** 2)
        for side in (-1, 1)
    )
    mouth = tip + master.mouth[1]
    lips = 0.06 * np.exp(-((x / master.mouth[0]) ** 2) - ((y - mouth) / 0.12) ** 2)
    chin = 0.08 * np.exp(-((x / 0.25) ** 2) - ((y - master.height * 0.85) / 0.14) ** 2)
    own = sum(
        size * np.exp(-(((x - left) / width) ** 2) - ((y - top) / width) ** 2)
        for left, top, width, size in master.bumps
    )
    return np.asarray(nose + sockets + lips + chin + own, np.float32)
