"""Colours of a face before light falls on it: skin, marks, eyes, brows, mouth, beard, glasses, hair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.face.conditions import FaceConditions
from biocapil.synthesis.face.master import Colour, FaceMaster
from biocapil.synthesis.face.surface import Field, Surface, soft

Painting = NDArray[np.float32]
"""Red, green and blue, 0 to 1. Shape (rows, columns, 3)."""
WHITE_OF_EYE = np.array((0.88, 0.86, 0.84), np.float32)
DARK = np.array((0.04, 0.03, 0.03), np.float32)


def lay(painting: Painting, cover: Field, colour: Colour) -> None:
    """Paint a colour where it covers, in place: `painting` is the painter's own."""
    painting += cover[:, :, None] * (colour - painting)


def paint_face(surface: Surface, master: FaceMaster, conditions: FaceConditions) -> Painting:
    """The face without its hair."""
    painting = np.tile(master.skin, (*surface.x.shape, 1)).astype(np.float32)
    _paint_marks(painting, surface, master)
    _paint_beard(painting, surface, master)
    for side in (-1, 1):
        _paint_eye(painting, surface, master, conditions, side)
        _paint_brow(painting, surface, master, side)
    _paint_nostrils(painting, surface, master)
    _paint_mouth(painting, surface, master, conditions)
    if master.glasses:
        _paint_glasses(painting, surface, master)
    return painting


def paint_hair(painting: Painting, surface: Surface, master: FaceMaster) -> None:
    """Hair over the forehead and beside the face."""
    x, y = surface.x, surface.y
    line = master.hairline + 0.25 * (np.abs(x - master.parting) - 0.3)
    sides = np.abs(x) - (1.02 - 0.16 * master.hair_side)
    beside = np.maximum(-sides, y - master.hair_side * 0.6)
    strands = 1 + 0.25 * np.sin(38 * x + 9 * np.sin(5 * y + master.parting * 9))
    cover = np.maximum(soft(y - line, 3 * surface.pixel), soft(beside, 3 * surface.pixel))
    painting += cover[:, :, None] * (master.hair * strands[:, :, None].astype(np.float32) - painting)


def _paint_marks(painting: Painting, surface: Surface, master: FaceMaster) -> None:
    for left, top, radius, darkness in master.marks:
        spot = soft(np.hypot(surface.x - left, surface.y - top) - radius, surface.pixel)
        lay(painting, darkness * spot, DARK)


def _paint_beard(painting: Painting, surface: Surface, master: FaceMaster) -> None:
    low = np.clip((surface.y - master.eye_line - 0.55 + 0.25 * np.abs(surface.x)) / 0.3, 0, 1)
    lay(painting, (master.beard * low * 0.7).astype(np.float32), master.hair)


def _paint_eye(
    painting: Painting, surface: Surface, master: FaceMaster, conditions: FaceConditions, side: int
) -> None:
    x = surface.x - side * master.eye_gap
    y = surface.y - master.eye_line + side * master.eye_slant * x / master.eye_size[0]
    width, height = master.eye_size[0], master.eye_size[1] * max(conditions.eyes_open, 0.02)
    arch = height * np.sqrt(np.clip(1 - (x / width) ** 2, 0, 1))
    opening = soft(np.maximum(np.abs(y) - arch, np.abs(x) - width), surface.pixel)
    lay(painting, opening, WHITE_OF_EYE)
    away = np.hypot(x, y)
    radius = 0.42 * width
    lay(painting, opening * soft(away - radius, surface.pixel), master.iris)
    lay(painting, opening * soft(away - 0.45 * radius, surface.pixel), DARK)
    glint = soft(np.hypot(x + 0.3 * radius, y + 0.4 * radius) - 0.18 * radius, surface.pixel)
    lay(painting, opening * glint, WHITE_OF_EYE)
    lid = soft(np.maximum(np.abs(y + arch) - 0.022, np.abs(x) - width), surface.pixel)
    lay(painting, 0.9 * lid, DARK)
    fold = soft(np.maximum(np.abs(y - arch) - 0.008, np.abs(x) - width), surface.pixel)
    lay(painting, 0.5 * fold, DARK)


def _paint_brow(painting: Painting, surface: Surface, master: FaceMaster, side: int) -> None:
    above, thickness, arch, slant = master.brow
    x = side * surface.x - master.eye_gap
    middle = master.eye_line - above - arch * (1 - (x / 0.25) ** 2) + slant * x / 0.25
    taper = thickness * np.clip(1.15 - np.maximum(x, 0) / 0.3, 0.2, 1)
    cover = soft(np.maximum(np.abs(surface.y - middle) - taper, np.abs(x) - 0.25), 2 * surface.pixel)
    lay(painting, 0.9 * cover, master.hair)


def _paint_nostrils(painting: Painting, surface: Surface, master: FaceMaster) -> None:
    width, length, _ = master.nose
    tip = master.eye_line + length
    for side in (-1, 1):
        away = np.hypot((surface.x - side * 0.45 * width) / 1.7, surface.y - tip - 0.02)
        lay(painting, 0.75 * soft(away - 0.028, 2 * surface.pixel), DARK)
        wing = np.hypot(surface.x - side * 0.95 * width, (surface.y - tip + 0.03) / 1.6)
        lay(painting, 0.3 * soft(np.abs(wing - 0.04) - 0.01, 2 * surface.pixel), DARK)


def _paint_mouth(
    painting: Painting, surface: Surface, master: FaceMaster, conditions: FaceConditions
) -> None:
    half, gap, upper, lower = master.mouth
    along = surface.x / half
    middle = master.eye_line + master.nose[1] + gap - conditions.smile * 0.08 * along**2
    bow = np.clip(1 - along**2, 0, 1)
    dent = 1 - 0.35 * np.exp(-((along / 0.18) ** 2))
    y = surface.y - middle
    inside = np.abs(surface.x) - half
    lay(
        painting, soft(np.maximum(-y - upper * bow * dent, np.maximum(y, inside)), surface.pixel), master.lips
    )
    lay(painting, soft(np.maximum(y - lower * bow, np.maximum(-y, inside)), surface.pixel), master.lips)
    lay(painting, 0.8 * soft(np.maximum(np.abs(y) - 0.012, inside), surface.pixel), DARK)


def _paint_glasses(painting: Painting, surface: Surface, master: FaceMaster) -> None:
    y = (surface.y - master.eye_line) / 0.85
    for side in (-1, 1):
        away = np.hypot(surface.x - side * master.eye_gap, y)
        lay(painting, soft(np.abs(away - 0.29) - master.glasses, surface.pixel), DARK)
    bridge = np.maximum(np.abs(y + 0.05) - master.glasses, np.abs(surface.x) - (master.eye_gap - 0.28))
    lay(painting, soft(bridge, surface.pixel), DARK)


def true_points(master: FaceMaster) -> NDArray[np.float64]:
    """Both eyes, nose and corners of the mouth on the face. Shape (5, 2)."""
    tip = master.eye_line + master.nose[1]
    mouth = tip + master.mouth[1]
    return np.array(
        [
            (-master.eye_gap, master.eye_line),
            (master.eye_gap, master.eye_line),
            (0.0, tip - 0.03),
            (-master.mouth[0], mouth),
            (master.mouth[0], mouth),
        ]
    )
