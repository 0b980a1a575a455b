"""Pupil, iris and white, without lids: where each lies, and its grey values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.iris.conditions import EyeConditions
from biocapil.synthesis.iris.master import IrisMaster
from biocapil.synthesis.iris.texture import COLUMNS, ROWS
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, clamp, opencv, sample_map

CONTOUR_POINTS = 128
PUPIL_FOLLOWS_GAZE = 0.08
"""How far the pupil, which lies behind the cornea, moves in the iris when the eye looks aside by 1 rad."""
UNEVEN_STRETCH = 0.25
"""How much more the inner iris gives way than the outer when the pupil opens."""
RESTING_DILATION = 0.4
WAVES = np.array([2, 3, 4], np.float32)
REACH = 1.3
"""Half the side of the square around the iris in which it is drawn, in radii."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contours:
    """Outlines of pupil and iris, what is hidden included.

    Attributes:
        pupil_px: x and y at `CONTOUR_POINTS` angles from the pupil's centre. Shape (128, 2), float32.
        limbus_px: The same of the outer border, at the same angles.
    """

    pupil_px: NDArray[np.float32]
    limbus_px: NDArray[np.float32]


class EyeShape:
    """The way between the picture and the iris that looks straight ahead, with radius 1."""

    def __init__(self, master: IrisMaster, conditions: EyeConditions) -> None:
        """Set up the projection of one visit."""
        towards = conditions.gaze_towards_rad
        axis = np.array([np.cos(towards), np.sin(towards)], np.float32)
        narrowing = np.float32(np.cos(conditions.gaze_rad) - 1)
        squeeze = np.eye(2, dtype=np.float32) + narrowing * np.outer(axis, axis).astype(np.float32)
        cos, sin = np.cos(conditions.tilt_rad), np.sin(conditions.tilt_rad)
        turn = np.array([[cos, -sin], [sin, cos]], np.float32)
        self.forward = (np.float32(conditions.radius_px) * squeeze @ turn).astype(np.float32)
        self.center = np.array([conditions.center_x_px, conditions.center_y_px], np.float32)
        shift = PUPIL_FOLLOWS_GAZE * np.sin(conditions.gaze_rad) * (turn.T @ axis)
        self.offset = np.array(master.pupil_offset, np.float32) + shift.astype(np.float32)
        self.dilation = np.float32(conditions.dilation)
        self.waves = master.pupil_waves * np.float32(0.6 if not conditions.painted_pupil else 1.3)

    def radii(self, angle: Raster) -> tuple[Raster, Raster]:
        """Distance of pupil border and limbus from the pupil's centre along each angle, in radii."""
        turned = angle[..., None] * WAVES
        wave = (np.cos(turned) * self.waves[:, 0] + np.sin(turned) * self.waves[:, 1]).sum(-1)
        pupil = self.dilation * (1 + wave)
        along = self.offset[0] * np.cos(angle) + self.offset[1] * np.sin(angle)
        limbus = -along + np.sqrt(1 - float(self.offset @ self.offset) + along * along)
        return pupil, limbus

    def contours(self) -> Contours:
        """Outlines of this visit."""
        angle = np.linspace(0, 2 * np.pi, CONTOUR_POINTS, endpoint=False, dtype=np.float32)
        ray = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        pupil, limbus = (
            (self.offset + radius[:, None] * ray) @ self.forward.T + self.center
            for radius in self.radii(angle)
        )
        return Contours(pupil_px=pupil.astype(np.float32), limbus_px=limbus.astype(np.float32))


def paint_globe(
    white: Raster, master: IrisMaster, conditions: EyeConditions, shape: EyeShape, rng: np.random.Generator
) -> None:
    """Draw iris and pupil into the white of the eye.

    Args:
        white: Grey values of the white, changed in place. Shape (rows, columns).
        master: The eye.
        conditions: The visit.
        shape: Its projection.
        rng: Source of what is no part of the identity.
    """
    window = _window(conditions)
    if window[0].start >= window[0].stop or window[1].start >= window[1].stop:
        return
    rows, columns = (np.arange(int(side.start), int(side.stop), dtype=np.float32) for side in window)
    x: Raster = columns[None, :] - shape.center[0]
    y: Raster = rows[:, None] - shape.center[1]
    back = np.linalg.inv(shape.forward)
    u: Raster = back[0, 0] * x + back[0, 1] * y - shape.offset[0]
    v: Raster = back[1, 0] * x + back[1, 1] * y - shape.offset[1]
    distance, angle = opencv().cartToPolar(u, v)
    pupil, limbus = _around(shape, angle)
    height = (distance - pupil) / np.maximum(limbus - pupil, np.float32(0.05))
    iris = _iris(master, shape, height, angle, rng)
    contrast = conditions.iris_contrast
    white_here = white[window]
    iris = white_here + (iris - white_here) * np.float32(contrast**0.5)
    softness = max(0.5, master.limbus_px_of_100 * conditions.radius_px / 100) / conditions.radius_px
    white[window] = white_here + (iris - white_here) * _step((limbus - distance) / np.float32(softness))
    _pupil(white[window], master, conditions, (pupil - distance), rng)


def _pupil(
    eye: Raster, master: IrisMaster, conditions: EyeConditions, inside: Raster, rng: np.random.Generator
) -> None:
    level = min(rng.uniform(5, 60), master.iris_level - rng.uniform(8, 25))
    width = 0.35 if conditions.painted_pupil else rng.uniform(0.35, 1.3)
    share = _step(inside * np.float32(conditions.radius_px / width)) * np.float32(conditions.iris_contrast)
    eye += (np.float32(level) - eye) * share


def _iris(
    master: IrisMaster,
    shape: EyeShape,
    height: Raster,
    angle: Raster,
    rng: np.random.Generator,
) -> Raster:
    """Grey values of the iris at each place of the window."""
    height = clamp(height, 0, 1)
    stretched = height + np.float32(UNEVEN_STRETCH * (shape.dilation - RESTING_DILATION)) * height * (
        1 - height
    )
    wrapped = np.concatenate([master.texture, master.texture[:, :1]], axis=1)
    relief = sample_map(
        wrapped,
        angle * np.float32(COLUMNS / (2 * np.pi)),
        clamp(stretched, 0, 1) * np.float32(ROWS - 1),
    )
    iris = np.float32(master.iris_level) + relief * np.float32(master.relief)
    iris -= np.float32(rng.uniform(0, 25)) * height**4
    iris += np.float32(rng.uniform(-12, 12)) * height
    slope = rng.uniform(0, 2 * np.pi)
    light: Raster = iris + np.float32(rng.uniform(0, 10)) * np.cos(angle - np.float32(slope)) * height
    return light


def _around(shape: EyeShape, angle: Raster) -> tuple[Raster, Raster]:
    """`EyeShape.radii` at the angle of every pixel, looked up."""
    steps = 1024
    table = shape.radii(np.arange(steps + 1, dtype=np.float32) * np.float32(2 * np.pi / steps))
    place = (angle * np.float32(steps / (2 * np.pi))).astype(np.int32)
    return table[0].astype(np.float32)[place], table[1].astype(np.float32)[place]


def paint_white(
    master: IrisMaster, shape: tuple[int, int], radius_px: float, rng: np.random.Generator
) -> Raster:
    """Grey values of the white alone. Shape `shape`."""
    white = np.full(shape, master.sclera_level, np.float32)
    white += smooth_noise(rng, shape, correlation_px=max(8.0, radius_px * 0.4), deviation=8)
    white += smooth_noise(rng, shape, correlation_px=max(2.0, radius_px * 0.08), deviation=rng.uniform(0, 4))
    return white


def _window(conditions: EyeConditions) -> tuple[slice, slice]:
    reach = conditions.radius_px * REACH
    return (
        slice(
            max(0, int(conditions.center_y_px - reach)),
            min(conditions.rows, int(conditions.center_y_px + reach)),
        ),
        slice(
            max(0, int(conditions.center_x_px - reach)),
            min(conditions.columns, int(conditions.center_x_px + reach)),
        ),
    )


def _step(value: Raster) -> Raster:
    """0 far below zero, 1 far above, soft over about one unit each way."""
    soft: Raster = 0.5 * (1 + np.tanh(clamp(value * np.float32(0.85), -20, 20)))
    return soft
