"""How a finger lay on the sensor: shift, turn, size and elastic stretch, kept so that labels can follow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.degradation import NOT_DEGRADED, Degradation, Severities
from biocapil.synthesis.master import MASTER_SHAPE
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.placing import drag
from biocapil.synthesis.raster import Raster, sample_map

TURN_DEVIATION_RAD = math.radians(13)
TURN_LIMIT_RAD = math.radians(40)
SHIFT_DEVIATION = 0.09
SHIFT_LIMIT = 0.25
"""Shift of the finger, in parts of the sensor's width and height."""

STRETCH_CORRELATION_PX = 80.0
STRETCH_LIMIT_PX = 9.0
PUSH_DEVIATION_PX = 8.0
TWIST_DEVIATION_RAD = 0.08
"""Elastic distortion at difficulty 1; it falls to none at 0."""

OFF_CENTRE_SHIFT = (0.32, 0.48)
"""Range of the shift of an OFF_CENTRE finger at severity 1, in the same parts."""

STRIPE_SLIP_PX = (0.9, 0.5)
STRIPE_SLIP_LIMIT_PX = 2.0
"""Misfit of the stripes of a swept finger, sideways and along the sweep."""

INVERSION_STEPS = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Warp:
    """Where every pixel of an impression lies on its master.

    Attributes:
        master_x_px: Column on the master of each pixel. Shape (rows, columns), float32, read-only.
        master_y_px: Row on the master of each pixel. Same shape.
        placement: Affine part: master = placement[:, :2] · impression + placement[:, 2]. Shape (2, 3).
        finger_x_px: x of each pixel from the middle of the contact, along the finger's own axes.
        finger_y_px: The same for y, towards the palm.
    """

    master_x_px: Raster
    master_y_px: Raster
    placement: NDArray[np.float64]
    finger_x_px: Raster
    finger_y_px: Raster

    def __post_init__(self) -> None:
        for name in ("master_x_px", "master_y_px", "finger_x_px", "finger_y_px"):
            array = getattr(self, name)
            if array.dtype != np.float32 or array.shape != self.master_x_px.shape or array.ndim != 2:
                raise ValueError(
                    f"{name} must be float32 of shape {self.master_x_px.shape}, "
                    f"got {array.dtype} of shape {array.shape}"
                )
            view = array.view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the impression."""
        rows, columns = self.master_x_px.shape
        return rows, columns

    def carry(self, layer: Raster, *, outside: float) -> Raster:
        """A layer of the master as it lies on the sensor; `outside` where the master ends."""
        return sample_map(layer, self.master_x_px, self.master_y_px, outside=outside)

    def to_master(self, points_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places on the master of points of the impression.

        Args:
            points_px: x and y, pixels; beyond the border the placement goes on without stretch.
                Shape (N, 2).

        Returns:
            x and y on the master. Shape (N, 2), float64.
        """
        points = np.asarray(points_px, np.float64).reshape(-1, 2)
        rows, columns = self.shape
        inside = np.clip(points, 0, (columns - 1, rows - 1))
        linear = self.placement[:, :2]
        there = np.column_stack((_bilinear(self.master_x_px, inside), _bilinear(self.master_y_px, inside)))
        return there + (points - inside) @ linear.T

    def to_impression(self, points_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places on the impression of points of the master; the inverse of `to_master`.

        Args:
            points_px: x and y, pixels. Shape (N, 2).

        Returns:
            x and y on the impression, also where that is beyond its border. Shape (N, 2), float64.
        """
        wanted = np.asarray(points_px, np.float64).reshape(-1, 2)
        back = np.linalg.inv(self.placement[:, :2]).T
        found = (wanted - self.placement[:, 2]) @ back
        for _ in range(INVERSION_STEPS):
            found = found - (self.to_master(found) - wanted) @ back
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How a finger lies on a sensor before any stretch.

    Attributes:
        turn_rad: Turn of the finger, counter-clockwise as a viewer sees it.
        size: Master pixels per sensor pixel; 1 keeps 500 ppi.
        shift_px: x and y of the middle of the contact from the middle of the sensor.
    """

    turn_rad: float
    size: float
    shift_px: tuple[float, float]


def draw_warp(
    rng: np.random.Generator, shape: tuple[int, int], *, scale: tuple[float, float], difficulty: float,
    stripe_rows: int = 0, severities: Severities = NOT_DEGRADED, fault_rng: np.random.Generator | None = None,
) -> Warp:  # fmt: skip
    """Lay a finger on a sensor.

    Args:
        rng: Source of randomness.
        shape: Rows and columns of the sensor.
        scale: Range of the size of a master pixel step per sensor pixel; 1 keeps 500 ppi.
        difficulty: 0 to 1; how far the finger is turned, shifted and stretched.
        stripe_rows: Height of the stripes that a swept sensor joins; 0 for a sensor without.
        severities: Faults of placing, added to what is drawn.
        fault_rng: Source of randomness of the faults alone; None takes `rng`.

    Returns:
        The warp.
    """
    fault_rng = rng if fault_rng is None else fault_rng
    drawn = _draw_placement(rng, shape, scale, difficulty)
    placement = misplace(fault_rng, drawn, shape, severities)
    return lay(rng, shape, placement, difficulty=difficulty, stripe_rows=stripe_rows, severities=severities,
               fault_rng=fault_rng)  # fmt: skip


def lay(
    rng: np.random.Generator, shape: tuple[int, int], placement: Placement, *, difficulty: float,
    stripe_rows: int = 0, severities: Severities = NOT_DEGRADED, fault_rng: np.random.Generator,
) -> Warp:  # fmt: skip
    """Lay a finger at a given place, with random stretch. Arguments as for `draw_warp`."""
    rows, columns = shape
    middle = np.array([(columns - 1) / 2 + placement.shift_px[0], (rows - 1) / 2 + placement.shift_px[1]])
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    x -= np.float32(middle[0])
    y -= np.float32(middle[1])
    stretched_x, stretched_y = drag(fault_rng, *_stretch(rng, x, y, difficulty), severities)
    if stripe_rows:
        slip_x, slip_y = _slip(rng, rows, stripe_rows)
        stretched_x, stretched_y = stretched_x + slip_x, stretched_y + slip_y
    cosine, sine = np.cos(placement.turn_rad), np.sin(placement.turn_rad)
    linear = placement.size * np.array([[cosine, -sine], [sine, cosine]])
    target = np.array([(MASTER_SHAPE[1] - 1) / 2, (MASTER_SHAPE[0] - 1) / 2 - rng.uniform(-20, 40)])
    return Warp(
        master_x_px=_affine(linear[0], stretched_x, stretched_y, target[0]),
        master_y_px=_affine(linear[1], stretched_x, stretched_y, target[1]),
        placement=np.column_stack((linear, target - linear @ middle)),
        finger_x_px=_affine(np.array([cosine, -sine]), x, y, 0.0),
        finger_y_px=_affine(np.array([sine, cosine]), x, y, 0.0),
    )


def _draw_placement(
    rng: np.random.Generator, shape: tuple[int, int], scale: tuple[float, float], difficulty: float
) -> Placement:
    reach = 0.4 + 1.2 * difficulty
    turn = max(-TURN_LIMIT_RAD, min(TURN_LIMIT_RAD, rng.normal(0, TURN_DEVIATION_RAD * reach)))
    shift_x, shift_y = np.clip(rng.normal(0, SHIFT_DEVIATION * reach, 2), -SHIFT_LIMIT, SHIFT_LIMIT)
    size = rng.uniform(*scale)
    return Placement(turn_rad=turn, size=size, shift_px=(shift_x * shape[1], shift_y * shape[0]))


def misplace(
    rng: np.random.Generator, placement: Placement, shape: tuple[int, int], severities: Severities
) -> Placement:
    """The placement of a finger that lies OFF_CENTRE or UPSIDE_DOWN."""
    direction = rng.uniform(0, 2 * math.pi)
    reach = rng.uniform(*OFF_CENTRE_SHIFT) * severities[Degradation.OFF_CENTRE]
    return Placement(
        turn_rad=placement.turn_rad + math.pi * severities[Degradation.UPSIDE_DOWN],
        size=placement.size,
        shift_px=(
            placement.shift_px[0] + reach * math.cos(direction) * shape[1],
            placement.shift_px[1] + reach * math.sin(direction) * shape[0],
        ),
    )


def _stretch(rng: np.random.Generator, x: Raster, y: Raster, difficulty: float) -> tuple[Raster, Raster]:
    """Slow random stretch, and a push and twist that leave the place of strongest pressure still."""
    shape = (x.shape[0], x.shape[1])
    size_px = float(rng.uniform() ** 1.5 * STRETCH_LIMIT_PX * difficulty)
    still_x, still_y = rng.uniform(-60, 60, 2)
    reach_px = rng.uniform(70, 130)
    distance = ((x - still_x) ** 2 + (y - still_y) ** 2) / (2 * reach_px**2)
    moved = (1 - np.exp(-distance)).astype(np.float32)
    twist = np.float32(rng.normal(0, TWIST_DEVIATION_RAD) * difficulty)
    push_x, push_y = (rng.normal(0, PUSH_DEVIATION_PX, 2) * difficulty).astype(np.float32)
    slow_x = smooth_noise(rng, shape, correlation_px=STRETCH_CORRELATION_PX, deviation=size_px)
    slow_y = smooth_noise(rng, shape, correlation_px=STRETCH_CORRELATION_PX, deviation=size_px)
    return (
        x + slow_x + moved * (push_x - twist * (y - np.float32(still_y))),
        y + slow_y + moved * (push_y + twist * (x - np.float32(still_x))),
    )


def _slip(rng: np.random.Generator, rows: int, stripe_rows: int) -> tuple[Raster, Raster]:
    """Misfit of each row (x, y): the same within a stripe. Shape (rows, 1) each."""
    stripe = (np.arange(rows) + int(rng.integers(stripe_rows))) // stripe_rows
    slips = rng.normal(0, STRIPE_SLIP_PX, (int(stripe[-1]) + 1, 2)).astype(np.float32)
    by_row = np.clip(slips, -STRIPE_SLIP_LIMIT_PX, STRIPE_SLIP_LIMIT_PX)[stripe]
    return by_row[:, :1], by_row[:, 1:]


def _affine(row: NDArray[np.float64], x: Raster, y: Raster, offset: float) -> Raster:
    return x * np.float32(row[0]) + y * np.float32(row[1]) + np.float32(offset)


def _bilinear(image: Raster, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values between the pixels, at points inside the image."""
    rows, columns = image.shape
    left = np.minimum(points[:, 0].astype(np.intp), columns - 2)
    top = np.minimum(points[:, 1].astype(np.intp), rows - 2)
    right_part, down_part = points[:, 0] - left, points[:, 1] - top
    above = image[top, left] * (1 - right_part) + image[top, left + 1] * right_part
    below = image[top + 1, left] * (1 - right_part) + image[top + 1, left + 1] * right_part
    values: NDArray[np.float64] = above * (1 - down_part) + below * down_part
    return values
