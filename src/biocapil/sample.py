"""`CapturedSample`: what a device, a file or the synthesiser delivered, before any feature is taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from biocapil.vocabulary import FingerPosition, Modality

MIN_PPI = 50.0
MAX_PPI = 4000.0
UM_PER_INCH = 25_400.0


class Origin(Enum):
    """Where a sample came from."""

    FILE = "file"
    DEVICE = "device"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapturedSample:
    """One biometric sample with everything that later steps must not guess.

    Attributes:
        pixels: Grey values, ridges dark. Shape (rows, columns), uint8, read-only.
        resolution_ppi: Pixels per inch, the same along both axes, 50 to 4000. A sample without a
            known resolution cannot exist.
        modality: Modality of the sample.
        position: Finger that was presented; UNKNOWN where nobody said.
        origin: Where the pixels came from.
    """

    pixels: NDArray[np.uint8]
    resolution_ppi: float
    modality: Modality = Modality.FINGER
    position: FingerPosition = FingerPosition.UNKNOWN
    origin: Origin = Origin.FILE

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 2 or 0 in self.pixels.shape:
            raise ValueError(
                f"pixels must be a non-empty uint8 array of shape (rows, columns), "
                f"got {self.pixels.dtype} of shape {self.pixels.shape}"
            )
        if not MIN_PPI <= self.resolution_ppi <= MAX_PPI:
            raise ValueError(
                f"resolution_ppi must lie between {MIN_PPI:g} and {MAX_PPI:g}, got {self.resolution_ppi!r}"
            )
        view = self.pixels.view()
        view.flags.writeable = False
        object.__setattr__(self, "pixels", view)

    @property
    def um_per_px(self) -> float:
        """Width of one pixel in micrometres."""
        return UM_PER_INCH / self.resolution_ppi

    def __repr__(self) -> str:
        rows, columns = self.pixels.shape
        return (
            f"CapturedSample({self.modality.value}, {self.position.name}, {columns}x{rows} px, "
            f"{self.resolution_ppi:g} ppi, {self.origin.value})"
        )
