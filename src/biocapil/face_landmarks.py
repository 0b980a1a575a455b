"""`FaceFound`: where a face stands in a picture, with five points of it; what detection hands on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

POINTS = (
    "eye at the left",
    "eye at the right",
    "nose",
    "mouth corner at the left",
    "mouth corner at the right",
)
"""The five points in their order; left and right are those of the picture, not of the person."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceFound:
    """One face in a picture; 0 is the middle of the first pixel, x runs right and y down.

    Attributes:
        left_px: Left edge of the box around it.
        top_px: Upper edge.
        width_px: Width of the box.
        height_px: Height of the box; parts may lie outside the picture.
        points_px: x and y of `POINTS`. Shape (5, 2), float32, read-only.
        confidence: How sure the detector is, 0 to 1.
        others: Further faces in the picture that are at least half as tall.
    """

    left_px: float
    top_px: float
    width_px: float
    height_px: float
    points_px: NDArray[np.float32]
    confidence: float
    others: int = 0

    def __post_init__(self) -> None:
        if self.points_px.dtype != np.float32 or self.points_px.shape != (len(POINTS), 2):
            raise ValueError(
                f"points_px must be float32 of shape ({len(POINTS)}, 2), "
                f"got {self.points_px.dtype} of shape {self.points_px.shape}"
            )
        if not np.isfinite(self.points_px).all() or not math.isfinite(self.left_px + self.top_px):
            raise ValueError("places of a face must be finite numbers")
        if not (self.width_px > 0 and self.height_px > 0):
            raise ValueError(f"a face has a positive size, got {self.width_px} x {self.height_px}")
        view = self.points_px.view()
        view.flags.writeable = False
        object.__setattr__(self, "points_px", view)

    @property
    def eye_distance_px(self) -> float:
        """Distance between the eyes."""
        return float(math.dist(self.points_px[0].tolist(), self.points_px[1].tolist()))

    def __repr__(self) -> str:
        return f"FaceFound({self.width_px:.0f}x{self.height_px:.0f} px, confidence {self.confidence:.2f})"
