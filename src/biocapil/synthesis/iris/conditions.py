"""`EyeConditions`: everything that differs from one picture of an eye to the next, drawn or set."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

SIZES = ((240, 320), (280, 320), (480, 640))
"""Rows and columns of the cameras that are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeConditions:
    """One visit.

    Attributes:
        rows: Height of the picture in pixels.
        columns: Its width.
        center_x_px: Column of the centre of the iris.
        center_y_px: Its row.
        radius_px: Radius of the iris as it looks into the camera.
        dilation: Radius of the pupil in radii of the iris, 0.15 to 0.75.
        gaze_rad: How far the eye looks aside.
        gaze_towards_rad: Direction of that, 0 to the right, clockwise.
        tilt_rad: Turn of the head, clockwise.
        upper_lid: Height of the upper lid over the centre, in radii; 1 is beside the limbus, -0.5 closed.
        lower_lid: Depth of the lower lid, the same.
        lash_length: Length of the longest lashes, in radii.
        lashes_down: Lashes hang over the iris.
        glasses: A frame stands in the picture.
        glares: Large reflections, as on glasses.
        spots: Reflections of the lamp in the cornea.
        painted_pupil: A program has painted over the pupil, as in some collections.
        iris_contrast: Grey step from pupil to iris and iris to white: 1 as the eye has it, 0 none.
        motion_px: Way of the eye during the exposure.
        motion_towards_rad: Its direction.
        defocus_px: Standard deviation of the blur.
        interlace_px: Shift between odd and even rows.
        noise: Standard deviation of the camera's noise in grey values.
        gain: Contrast of the camera, 1 neutral.
        offset: Grey values added.
        gamma: Exponent, 1 neutral.
        jpeg_quality: 1 to 100; 0 leaves the picture as it is.
    """

    rows: int = 240
    columns: int = 320
    center_x_px: float = 160.0
    center_y_px: float = 120.0
    radius_px: float = 80.0
    dilation: float = 0.4
    gaze_rad: float = 0.0
    gaze_towards_rad: float = 0.0
    tilt_rad: float = 0.0
    upper_lid: float = 0.9
    lower_lid: float = 0.95
    lash_length: float = 0.3
    lashes_down: bool = False
    glasses: bool = False
    glares: int = 0
    spots: int = 2
    painted_pupil: bool = False
    iris_contrast: float = 1.0
    motion_px: float = 0.0
    motion_towards_rad: float = 0.0
    defocus_px: float = 0.6
    interlace_px: float = 0.0
    noise: float = 2.0
    gain: float = 1.0
    offset: float = 0.0
    gamma: float = 1.0
    jpeg_quality: int = 0

    def __post_init__(self) -> None:
        if self.rows < 1 or self.columns < 1 or self.radius_px <= 0:
            raise ValueError(
                f"rows, columns and radius_px must be positive, got {self.rows}, {self.columns}, "
                f"{self.radius_px:g}"
            )
        if not 0.1 <= self.dilation <= 0.9:
            raise ValueError(f"dilation must lie in 0.1..0.9, got {self.dilation!r}")
        if not 0 <= self.gaze_rad <= 1:
            raise ValueError(f"gaze_rad must lie in 0..1, got {self.gaze_rad!r}")


def draw_conditions(
    rng: np.random.Generator, *, difficulty: float, size: tuple[int, int] | None = None
) -> EyeConditions:
    """Draw one visit.

    Args:
        rng: Source of randomness.
        difficulty: 0 a willing person before a good camera, 1 whatever can happen.
        size: Rows and columns; None draws one of `SIZES`.

    Returns:
        The conditions.

    Raises:
        ValueError: The difficulty lies outside 0 to 1.
    """
    if not 0 <= difficulty <= 1:
        raise ValueError(f"difficulty must lie in 0..1, got {difficulty!r}")
    hard = difficulty
    rows, columns = size or SIZES[int(rng.choice(3, p=(0.4, 0.3, 0.3)))]
    radius = _radius(rng, columns, hard)
    center = _center(rng, (rows, columns), radius, hard)
    openings = ((0.75, 1.3), (0.5, 1.0), (0.15, 0.6))
    widest = int(rng.choice(3, p=(0.7 - 0.45 * hard, 0.25 + 0.2 * hard, 0.05 + 0.25 * hard)))
    return EyeConditions(
        rows=rows,
        columns=columns,
        center_x_px=center[0],
        center_y_px=center[1],
        radius_px=radius,
        dilation=float(np.clip(rng.normal(0.4, 0.04 + 0.08 * hard), 0.19, 0.64)),
        gaze_rad=min(abs(rng.normal()) * 0.22 * hard, 0.6),
        gaze_towards_rad=rng.uniform(0, 2 * np.pi),
        tilt_rad=rng.normal() * (0.03 + 0.06 * hard),
        upper_lid=rng.uniform(*openings[widest]),
        lower_lid=rng.uniform(0.95 - 0.4 * hard, 1.25),
        lash_length=rng.uniform(0.15, 0.4 + 0.5 * hard),
        lashes_down=bool(rng.random() < 0.45 * hard),
        glasses=bool(rng.random() < 0.22 * hard),
        glares=int(rng.integers(1, 3)) if rng.random() < 0.2 * hard else 0,
        spots=int(rng.integers(1, 4)),
        painted_pupil=bool(rng.random() < 0.25 * hard),
        motion_px=abs(rng.normal()) * 1.2 * hard * columns / 320 if rng.random() < 0.3 else 0.0,
        motion_towards_rad=rng.uniform(0, 2 * np.pi),
        defocus_px=rng.uniform(0.35, 0.8 + 0.9 * hard) * max(1.0, columns / 480),
        interlace_px=abs(rng.normal()) * 1.5 if rng.random() < 0.06 * hard else 0.0,
        noise=rng.uniform(0, 2 + 3.5 * hard),
        gain=rng.uniform(1 - 0.3 * hard, 1 + 0.35 * hard),
        offset=rng.uniform(-30, 35) * hard,
        gamma=rng.uniform(1 - 0.25 * hard, 1 + 0.35 * hard),
        jpeg_quality=int(rng.integers(50, 95)) if rng.random() < 0.3 * hard else 0,
    )


def _radius(rng: np.random.Generator, columns: int, hard: float) -> float:
    """A radius between 45 and 130 px, evenly in its logarithm, that the picture can hold."""
    least, most = (45.0, 125.0) if columns < 480 else (60.0 - 15 * hard, 135.0)
    least += (1 - hard) * 25
    return math.exp(rng.uniform(math.log(least), math.log(most)))


def _center(
    rng: np.random.Generator, shape: tuple[int, int], radius: float, hard: float
) -> tuple[float, float]:
    """Somewhere; in the hard case the border may cut up to a third of the iris off."""
    cut = rng.random() < 0.12 * hard
    spare = [side / 2 - radius * (0.45 if cut else 1.02) for side in shape]
    spread = [max(0.0, value) * (1.0 if cut else 0.35 + 0.55 * hard) for value in spare]
    return (
        shape[1] / 2 + float(rng.uniform(-spread[1], spread[1])),
        shape[0] / 2 + float(rng.uniform(-spread[0], spread[0])),
    )
