"""`FaceConditions`: what changes from photograph to photograph of one face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIDE_PX = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceConditions:
    """One photograph.

    Attributes:
        rows_px: Height of the picture.
        columns_px: Width of the picture.
        head_px: Half the width of the head.
        centre: Middle of the head, as shares of width and height.
        yaw_rad: Head turned to the right of the picture.
        pitch_rad: Head bowed.
        roll_rad: Head tilted clockwise.
        light: Where the light comes from: right, down and towards the viewer; of any length.
        ambient: Share of light that comes from everywhere, 0 to 1.
        exposure: Factor of brightness.
        smile: How far the corners of the mouth are drawn up, -1 to 1.
        eyes_open: 1 open, 0 shut.
        blur_px: Standard deviation of the blur.
        noise: Standard deviation of the sensor's noise, in grey values.
        background: Grey of the wall, 0 to 1.
        coloured: Whether the picture has colours.
    """

    rows_px: int = SIDE_PX
    columns_px: int = SIDE_PX
    head_px: float = 62.0
    centre: tuple[float, float] = (0.5, 0.5)
    yaw_rad: float = 0.0
    pitch_rad: float = 0.0
    roll_rad: float = 0.0
    light: tuple[float, float, float] = (-0.3, -0.6, 1.0)
    ambient: float = 0.45
    exposure: float = 1.0
    smile: float = 0.0
    eyes_open: float = 1.0
    blur_px: float = 0.6
    noise: float = 2.0
    background: float = 0.75
    coloured: bool = True

    def __post_init__(self) -> None:
        if self.rows_px < 1 or self.columns_px < 1 or not self.head_px > 0:
            raise ValueError(
                f"picture and head have a size, got {self.columns_px}x{self.rows_px} px and {self.head_px}"
            )


def draw_face_conditions(
    rng: np.random.Generator, *, difficulty: float = 0.3, coloured: bool = True
) -> FaceConditions:
    """Draw the conditions of one photograph.

    Args:
        rng: Source of all chance.
        difficulty: 0 for a photograph as in a passport, 1 for one with turned heads, hard light and blur.
        coloured: Whether the picture has colours.
    """
    if not 0 <= difficulty <= 1:
        raise ValueError(f"difficulty must lie between 0 and 1, got {difficulty}")

    def about(spread: float) -> float:
        return float(np.clip(rng.normal(0, spread * difficulty), -2 * spread, 2 * spread))

    return FaceConditions(
        head_px=62.0 * (1 + about(0.12)),
        centre=(0.5 + about(0.04), 0.5 + about(0.03)),
        yaw_rad=about(0.3),
        pitch_rad=about(0.15),
        roll_rad=about(0.12),
        light=(-0.3 + about(0.8), -0.6 + about(0.3), 1.0),
        ambient=float(np.clip(0.5 + about(0.15), 0.2, 0.8)),
        exposure=1 + about(0.2),
        smile=about(0.6),
        blur_px=0.5 + abs(about(0.8)),
        noise=1.5 + abs(about(3)),
        background=float(np.clip(0.75 + about(0.2), 0.1, 0.95)),
        coloured=coloured,
    )
