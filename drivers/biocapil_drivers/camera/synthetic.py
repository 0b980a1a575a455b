"""`SyntheticSource`: a drawn scene that moves, with the number and the moment of each picture in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from biocapil.capture import CancelToken, Clock, Deadline, Parameter, ParameterKind, ParameterValue
from biocapil.sample import Origin
from biocapil_drivers.camera.frames import Picture, Pixels, SourceTraits
from biocapil_drivers.camera.pace import Pace
from biocapil_drivers.camera.stamp import HEIGHT_PX, WIDTH_PX, Stamp, stamp_pixels

Scene = Callable[[int], Pixels]
"""The picture of a number, shape (rows, columns, 3), red first; at least as large as a stamp."""

GAIN = Parameter(
    name="gain",
    meaning="Brightness of the picture.",
    kind=ParameterKind.INTEGER,
    default=100,
    least=0,
    most=100,
    unit="%",
)
STEP_PX = 7


class SyntheticSource:
    """Draws pictures at a fixed rate."""

    def __init__(self, clock: Clock, scene: Scene, *, rate_hz: float, has_stamp: bool = True) -> None:
        self.traits = SourceTraits(model="drawn scene", origin=Origin.SYNTHETIC, parameters=(GAIN,))
        self._clock = clock
        self._scene = scene
        self._pace = Pace(clock, rate_hz)
        self._has_stamp = has_stamp
        self._gain = 100
        self._number = 0

    def read(self, deadline: Deadline, stop: CancelToken) -> Picture | None:
        """The picture of this moment."""
        if not self._pace.wait(deadline, stop):
            return None
        at_s = self._clock.now_s()
        pixels = dimmed(self._scene(self._number), self._gain)
        if self._has_stamp:
            pixels = stamped(pixels, Stamp(number=self._number, at_s=at_s))
        self._number += 1
        return Picture(pixels=pixels, at_s=at_s)

    def set(self, settings: Mapping[str, ParameterValue]) -> None:
        """Change the gain."""
        self._gain = int(settings.get(GAIN.name, self._gain))

    def close(self) -> None:
        """Nothing is held."""


def dimmed(pixels: Pixels, gain: int) -> Pixels:
    """A picture at so many percent of its brightness."""
    return pixels if gain == 100 else (pixels.astype(np.uint16) * gain // 100).astype(np.uint8)


def stamped(pixels: Pixels, stamp: Stamp) -> Pixels:
    """A copy of a picture with a stamp in its upper left corner."""
    copy = pixels.copy()
    blocks = stamp_pixels(stamp)
    copy[:HEIGHT_PX, :WIDTH_PX] = blocks if copy.ndim == 2 else blocks[..., np.newaxis]
    return copy


def moving_disc(width_px: int, height_px: int, *, with_disc: bool = True) -> Scene:
    """A bright disc that crosses a slope of colours and comes back; without it, the slope alone.

    Raises:
        ValueError: The picture would be smaller than a stamp.
    """
    if width_px < WIDTH_PX or height_px < HEIGHT_PX:
        raise ValueError(
            f"a drawn scene has at least {WIDTH_PX}x{HEIGHT_PX} pixels, got {width_px}x{height_px}"
        )
    rows, columns = np.mgrid[0:height_px, 0:width_px]
    slope = np.stack([rows * 120 // height_px, columns * 120 // width_px, 90 + 0 * rows], axis=-1)
    ground = slope.astype(np.uint8)
    radius = height_px // 6
    disc = (rows[: 2 * radius, : 2 * radius] - radius) ** 2 + (
        columns[: 2 * radius, : 2 * radius] - radius
    ) ** 2 < radius**2

    def scene(number: int) -> Pixels:
        pixels = ground.copy()
        if not with_disc:
            return pixels
        left = number * STEP_PX % (width_px - 2 * radius)
        top = height_px - 2 * radius - 1
        pixels[top : top + 2 * radius, left : left + 2 * radius][disc] = 230
        return pixels

    return scene
