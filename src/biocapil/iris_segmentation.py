"""`IrisSegmentation`, `UnwrappedIris`: what was found in a picture of an eye before it became a code.

Extraction makes them; quality measures them and reporting draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CONTOUR_ANGLES = 128


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrisContour:
    """A border that is nearly a circle.

    Attributes:
        center_x_px: Column of the centre, in pixels of the sample.
        center_y_px: Its row.
        radius_px: Radius of the best circle.
        radii_px: Distance from the centre at `CONTOUR_ANGLES` even angles, the first to the right, clockwise
            as seen. Shape (128,), float64, read-only.
    """

    center_x_px: float
    center_y_px: float
    radius_px: float
    radii_px: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.radii_px.shape != (CONTOUR_ANGLES,) or not self.radius_px > 0:
            raise ValueError(
                f"a contour needs a positive radius and {CONTOUR_ANGLES} radii, got {self.radius_px!r} and "
                f"shape {self.radii_px.shape}"
            )
        object.__setattr__(self, "radii_px", _read_only(self.radii_px))

    def points(self, angles_rad: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Points of the border as x and y; by default at its own angles. Shape (N, 2)."""
        own = np.linspace(0, 2 * np.pi, CONTOUR_ANGLES + 1)
        angles = own[:-1] if angles_rad is None else angles_rad
        radii = np.interp(angles, own, np.append(self.radii_px, self.radii_px[0]))
        return np.stack(
            [self.center_x_px + radii * np.cos(angles), self.center_y_px + radii * np.sin(angles)], axis=-1
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IrisSegmentation:
    """Where pupil and iris lie, what covers them, and how sure that is.

    Attributes:
        pupil: Border between pupil and iris, covered parts included.
        limbus: Border between iris and white, covered parts included.
        opening: Share of each cell that lies between the lids. Shape (rows, columns), float32, read-only.
        valid: Share of each cell that shows texture of the iris. Same shape, float32, read-only.
        px_per_cell: Pixels of the sample along a side of a cell.
        confidence: Estimated probability that both borders are right to 15 % of the radius.
    """

    pupil: IrisContour
    limbus: IrisContour
    opening: NDArray[np.float32]
    valid: NDArray[np.float32]
    px_per_cell: float
    confidence: float

    def __post_init__(self) -> None:
        if self.opening.ndim != 2 or self.opening.shape != self.valid.shape:
            raise ValueError(
                f"opening and valid must have one shape (rows, columns), got {self.opening.shape} and "
                f"{self.valid.shape}"
            )
        if not 0 <= self.confidence <= 1 or not self.px_per_cell > 0:
            raise ValueError(
                f"confidence must lie in 0..1 and px_per_cell be positive, got {self.confidence!r} and "
                f"{self.px_per_cell!r}"
            )
        for name in ("opening", "valid"):
            object.__setattr__(self, name, _read_only(getattr(self, name)))

    def __repr__(self) -> str:
        return (
            f"IrisSegmentation(radius {self.limbus.radius_px:.0f} px, pupil {self.pupil.radius_px:.0f} px, "
            f"confidence {self.confidence:.2f})"
        )

    @property
    def dilation(self) -> float:
        """Radius of the pupil in radii of the iris."""
        return self.pupil.radius_px / self.limbus.radius_px


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnwrappedIris:
    """The iris laid flat: a row is a ring from pupil to limbus, a column an angle.

    Attributes:
        grey: Grey values. Shape (rows, columns), float32, read-only.
        mask: True where the texture can be seen. Same shape, bool, read-only.

    Reference: J. Daugman, How iris recognition works, 2004, doi:10.1109/TCSVT.2003.818350, section V.
    """

    grey: NDArray[np.float32]
    mask: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if self.grey.ndim != 2 or self.grey.shape != self.mask.shape or self.mask.dtype != np.bool_:
            raise ValueError(
                f"grey and mask must have one shape (rows, columns) and mask be bool, got {self.grey.shape} "
                f"and {self.mask.shape}, {self.mask.dtype}"
            )
        object.__setattr__(self, "grey", _read_only(self.grey))
        object.__setattr__(self, "mask", _read_only(self.mask))

    def __repr__(self) -> str:
        rows, columns = self.grey.shape
        return f"UnwrappedIris({rows}x{columns}, {self.visible_share:.0%} visible)"

    @property
    def visible_share(self) -> float:
        """Share of the iris that can be seen."""
        return float(self.mask.mean())


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view
