"""What a device tells while a person stands before it: `Preview`, `Guidance`, `Progress`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.capture.reasons import CaptureReason
from biocapil.vocabulary import QualityReason

GREY_AXES = 2
COLOUR_AXES = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Preview:
    """One picture on the way to the sample.

    Attributes:
        pixels: Shape (rows, columns) grey or (rows, columns, 3) colour, red first; uint8, read-only.
        at_s: When the light fell on the sensor, in seconds of the device's clock: tells a stale frame.
        sequence: Number of the frame since the device was opened; rises.
        quality: 0 to 100; None where nobody measured it.
    """

    pixels: NDArray[np.uint8]
    at_s: float
    sequence: int
    quality: int | None = None

    def __post_init__(self) -> None:
        axes = self.pixels.ndim
        colours = self.pixels.shape[2] if axes == COLOUR_AXES else COLOUR_AXES
        if self.pixels.dtype != np.uint8 or axes not in {GREY_AXES, COLOUR_AXES} or colours != COLOUR_AXES:
            raise ValueError(
                f"pixels must be uint8 of shape (rows, columns) or (rows, columns, 3), "
                f"got {self.pixels.dtype} of shape {self.pixels.shape}"
            )
        view = self.pixels.view()
        view.flags.writeable = False
        object.__setattr__(self, "pixels", view)

    def __repr__(self) -> str:
        rows, columns = self.pixels.shape[:2]
        return f"Preview(#{self.sequence}, {columns}x{rows} px, quality {self.quality})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What to ask of the person now; one event each time that it changes.

    Attributes:
        reason: What to ask.
    """

    reason: CaptureReason | QualityReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a transfer has come.

    Attributes:
        done: What is done.
        total: What there is to do, in the same unit.
        unit: What is counted.
    """

    done: int
    total: int
    unit: str = "bytes"


CaptureEvent = Preview | Guidance | Progress
OnEvent = Callable[[CaptureEvent], None]


def ignore_events(_: CaptureEvent) -> None:
    """Take events and do nothing."""
