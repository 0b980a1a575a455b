"""`FingerprintTemplate`: the minutiae of one finger impression, in micrometres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.vocabulary import FingerPosition, ModelId

MAX_EXTENT_UM = 655_350.0
"""Largest side of the imaged area: what 16 bits of 10 µm hold."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FingerprintTemplate:
    """Minutiae of one impression, independent of the sensor's resolution.

    The frame is that of ISO/IEC 19794-2:2005: origin at the top left of the image, x to the right,
    y down; angles counter-clockwise from the positive x axis as a person sees the picture. A ridge
    ending points from the end back along its ridge; a bifurcation points along the valley
    between its two branches' ridge (clause 6.4).

    Attributes:
        positions_um: x and y of each minutia. Shape (N, 2), float32, micrometres, inside the extent.
        angles_rad: Direction of each minutia. Shape (N,), float32, 0 <= angle < 2π.
        kinds: `MinutiaType` codes. Shape (N,), uint8.
        qualities: 1 to 100, or 0 where none was reported. Shape (N,), uint8.
        extent_um: Width and height of the imaged area, micrometres.
        model_id: Model or record standard that made it; templates of different models never compare.
        position: Finger; UNKNOWN where nobody said.
    """

    positions_um: NDArray[np.float32]
    angles_rad: NDArray[np.float32]
    kinds: NDArray[np.uint8]
    qualities: NDArray[np.uint8]
    extent_um: tuple[float, float]
    model_id: ModelId
    position: FingerPosition = FingerPosition.UNKNOWN

    def __post_init__(self) -> None:
        count = len(self.angles_rad)
        _require("positions_um", self.positions_um, np.dtype(np.float32), (count, 2))
        _require("angles_rad", self.angles_rad, np.dtype(np.float32), (count,))
        _require("kinds", self.kinds, np.dtype(np.uint8), (count,))
        _require("qualities", self.qualities, np.dtype(np.uint8), (count,))
        width, height = self.extent_um
        if not (0 < width <= MAX_EXTENT_UM and 0 < height <= MAX_EXTENT_UM):
            raise ValueError(
                f"extent_um must lie in (0, {MAX_EXTENT_UM:g}] on both axes, got {self.extent_um!r}"
            )
        if count and not (
            (self.positions_um >= 0).all()
            and (self.positions_um[:, 0] <= width).all()
            and (self.positions_um[:, 1] <= height).all()
        ):
            raise ValueError(f"positions_um must lie inside the extent {self.extent_um!r}")
        if count and not ((self.angles_rad >= 0) & (self.angles_rad < 2 * np.pi)).all():
            raise ValueError("angles_rad must lie in [0, 2π)")
        if (self.kinds > 2).any():
            raise ValueError(f"kinds must be 0, 1 or 2, got {int(self.kinds.max())}")
        if (self.qualities > 100).any():
            raise ValueError(f"qualities must lie in 0..100, got {int(self.qualities.max())}")
        for name in ("positions_um", "angles_rad", "kinds", "qualities"):
            view = getattr(self, name).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.angles_rad)

    def __repr__(self) -> str:
        return f"FingerprintTemplate({len(self)} minutiae, {self.position.name}, model {self.model_id})"


def _require(
    name: str, array: NDArray[np.generic], dtype: np.dtype[np.generic], shape: tuple[int, ...]
) -> None:
    if array.dtype != dtype or array.shape != shape:
        raise ValueError(f"{name} must be {dtype} of shape {shape}, got {array.dtype} of shape {array.shape}")
