"""`CapturedSample`: what a device, a file or the synthesiser delivered, before any feature is taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ResolutionUnknown
from biocapil.vocabulary import EyePosition, FingerPosition, Modality, Position

MIN_PPI = 50.0
MAX_PPI = 4000.0
UNKNOWN_PPI = 0.0
"""Resolution of a face or an iris where nobody said: they are measured by what they show."""
UM_PER_INCH = 25_400.0
COLOURS = 3


class Origin(Enum):
    """Where a sample came from."""

    FILE = "file"
    DEVICE = "device"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapturedSample:
    """One biometric sample with everything that later steps must not guess.

    Attributes:
        pixels: Grey values, ridges dark: shape (rows, columns). Of a face also red, green and blue:
            shape (rows, columns, 3). uint8, read-only.
        resolution_ppi: Pixels per inch, the same along both axes, 50 to 4000. A sample of a finger without
            a known resolution cannot exist; 0 where a face or an iris has none.
        modality: Modality of the sample.
        position: Finger or eye that was presented; UNKNOWN where nobody said, and for a face.
        origin: Where the pixels came from.
    """

    pixels: NDArray[np.uint8]
    resolution_ppi: float = UNKNOWN_PPI
    modality: Modality = Modality.FINGER
    position: Position = FingerPosition.UNKNOWN
    origin: Origin = Origin.FILE

    def __post_init__(self) -> None:
        _require_pixels(self.pixels, self.modality)
        _require_resolution(self.resolution_ppi, self.modality)
        object.__setattr__(self, "position", position_of(self.position, self.modality))
        view = self.pixels.view()
        view.flags.writeable = False
        object.__setattr__(self, "pixels", view)

    @property
    def um_per_px(self) -> float:
        """Width of one pixel in micrometres.

        Raises:
            ResolutionUnknown: The sample has no known resolution.
        """
        if self.resolution_ppi == UNKNOWN_PPI:
            raise ResolutionUnknown(f"a sample of modality {self.modality.value} has no known resolution")
        return UM_PER_INCH / self.resolution_ppi

    @property
    def finger(self) -> FingerPosition:
        """Finger that was presented.

        Raises:
            TypeError: The sample is of an iris.
        """
        if not isinstance(self.position, FingerPosition):
            raise TypeError(f"a sample of modality {self.modality.value} shows no finger")
        return self.position

    def __repr__(self) -> str:
        rows, columns = self.pixels.shape[:2]
        resolution = f"{self.resolution_ppi:g} ppi" if self.resolution_ppi else "no resolution"
        return (
            f"CapturedSample({self.modality.value}, {self.position.name}, {columns}x{rows} px, "
            f"{resolution}, {self.origin.value})"
        )


def position_of(position: Position, modality: Modality) -> Position:
    """A position as its modality names it: an unknown finger of an iris is an unknown eye.

    Raises:
        ValueError: The position is of another modality.
    """
    if not position:
        return EyePosition.UNKNOWN if modality is Modality.IRIS else FingerPosition.UNKNOWN
    wanted = Modality.IRIS if isinstance(position, EyePosition) else Modality.FINGER
    if modality is not wanted:
        raise ValueError(f"a sample of modality {modality.value} has no position {position.name.lower()}")
    return position


def _require_pixels(pixels: NDArray[np.uint8], modality: Modality) -> None:
    colour = pixels.ndim == COLOURS and pixels.shape[-1] == COLOURS and modality is Modality.FACE
    if pixels.dtype != np.uint8 or not (pixels.ndim == 2 or colour) or 0 in pixels.shape:
        shapes = "(rows, columns) or (rows, columns, 3)" if modality is Modality.FACE else "(rows, columns)"
        raise ValueError(
            f"pixels must be a non-empty uint8 array of shape {shapes}, "
            f"got {pixels.dtype} of shape {pixels.shape}"
        )


def _require_resolution(resolution_ppi: float, modality: Modality) -> None:
    if resolution_ppi == UNKNOWN_PPI and modality is not Modality.FINGER:
        return
    if not MIN_PPI <= resolution_ppi <= MAX_PPI:
        raise ValueError(
            f"resolution_ppi must lie between {MIN_PPI:g} and {MAX_PPI:g}, got {resolution_ppi!r}"
        )
