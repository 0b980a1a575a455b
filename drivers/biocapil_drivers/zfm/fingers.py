"""What lies on an emulated sensor: fingers of people who do not exist, one touch after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis import MasterPrint, SensorStyle, make_impression, make_master

PAPER = 255
DIFFICULTY = 0.2
IMPRESSIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Touch:
    """A finger on the sensor.

    Attributes:
        pixels: What the sensor sees, ridges dark. Shape (rows, columns) of the sensor, uint8.
        finger: Whose it is: equal for touches of one finger.
    """

    pixels: NDArray[np.uint8]
    finger: int

    def __repr__(self) -> str:
        rows, columns = self.pixels.shape
        return f"Touch(finger {self.finger}, {columns}x{rows} px)"


Fingers = Callable[[], Touch | None]
"""What lies on the sensor each time that it looks; None for nothing."""


class SyntheticFingers:
    """Touches of a synthetic finger, a few that come round again; made at once, so that no look takes long.

    Attributes:
        finger: Number of the finger that lies there; None for none.
    """

    def __init__(self, *, width_px: int, height_px: int, finger: int | None = 1) -> None:
        self.finger = finger
        self._shape = (height_px, width_px)
        self._looks = 0
        for _ in range(IMPRESSIONS):
            self()

    def __call__(self) -> Touch | None:
        """The next touch."""
        finger = self.finger
        if finger is None:
            return None
        impression = self._looks % IMPRESSIONS + 1
        self._looks += 1
        return Touch(pixels=touch_of(finger, impression, self._shape), finger=finger)


@lru_cache(maxsize=64)
def touch_of(finger: int, impression: int, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """One impression of a synthetic finger as a sensor of such a shape sees it."""
    sample = make_impression(
        _master(finger), impression, style=SensorStyle.OPTICAL_WHITE, difficulty=DIFFICULTY
    )
    return fitted(sample.pixels, shape)


def fitted(pixels: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The middle of a picture, with white around it where it is smaller."""
    canvas = np.full(shape, PAPER, np.uint8)
    rows, columns = (min(have, want) for have, want in zip(pixels.shape, shape, strict=True))
    top, left = (pixels.shape[0] - rows) // 2, (pixels.shape[1] - columns) // 2
    row, column = (shape[0] - rows) // 2, (shape[1] - columns) // 2
    canvas[row : row + rows, column : column + columns] = pixels[top : top + rows, left : left + columns]
    return canvas


@lru_cache(maxsize=16)
def _master(finger: int) -> MasterPrint:
    return make_master(finger)
