"""The borders of pupil and iris: how strong their steps are, how wide, and if width depends on direction.

A border is read along rays from its centre. Defocus widens all of them alike, motion those along its way.

Reference: ISO/IEC 29794-6:2015, 6.2 (iris-sclera and iris-pupil contrast, sharpness, motion blur).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.iris_segmentation import CONTOUR_ANGLES, IrisContour
from biocapil.quality.opencv import opencv

REACH = 0.3
"""How far rays look to either side of a border, in radii of the iris."""
PLACES = 49
TWICE = 2
FEWEST_RAYS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeMeasures:
    """A border.

    Attributes:
        contrast: Median step from inside to outside in grey values.
        width: Median width of the step: its height over its steepest slope, in radii of the iris.
        unevenness: How much the width changes with direction, as two waves around, in widths.
    """

    contrast: float
    width: float
    unevenness: float


def measure_edge(
    pixels: NDArray[np.float32], contour: IrisContour, clear: NDArray[np.bool_], *, iris_radius_px: float
) -> EdgeMeasures:
    """Read one border.

    Args:
        pixels: Grey values. Shape (rows, columns), float32.
        contour: The border.
        clear: Angles at which nothing covers it. Shape (CONTOUR_ANGLES,), bool.
        iris_radius_px: Radius of the iris.

    Returns:
        What was read; zeros where too little of it can be seen.
    """
    if int(clear.sum()) < FEWEST_RAYS:
        return EdgeMeasures(contrast=0.0, width=0.0, unevenness=0.0)
    profiles = _profiles(pixels, contour, iris_radius_px)[clear]
    third = PLACES // 3
    steps = np.median(profiles[:, -third:], axis=1) - np.median(profiles[:, :third], axis=1)
    slopes = np.diff(profiles, axis=1).max(axis=1)
    widths = np.clip(steps / np.maximum(slopes, 1e-3), 0, PLACES) * (2 * REACH / (PLACES - 1))
    return EdgeMeasures(
        contrast=float(np.median(steps)),
        width=float(np.median(widths)),
        unevenness=_two_waves(widths, np.flatnonzero(clear)),
    )


def _profiles(
    pixels: NDArray[np.float32], contour: IrisContour, iris_radius_px: float
) -> NDArray[np.float32]:
    """Grey values across the border. Shape (CONTOUR_ANGLES, PLACES)."""
    cv2 = opencv()
    angles = np.arange(CONTOUR_ANGLES) * (2 * np.pi / CONTOUR_ANGLES)
    offsets = np.linspace(-REACH, REACH, PLACES) * iris_radius_px
    radii = contour.radii_px[:, None] + offsets
    x = (contour.center_x_px + radii * np.cos(angles)[:, None]).astype(np.float32)
    y = (contour.center_y_px + radii * np.sin(angles)[:, None]).astype(np.float32)
    profiles = cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    smooth: NDArray[np.float32] = cv2.blur(profiles, (1, 5))
    return smooth


def _two_waves(widths: NDArray[np.float64], places: NDArray[np.int64]) -> float:
    """Amplitude of two waves around in the widths, in mean widths."""
    angles = TWICE * places * (2 * np.pi / CONTOUR_ANGLES)
    rows = np.stack([np.ones(len(angles)), np.cos(angles), np.sin(angles)], axis=1)
    solved, *_ = np.linalg.lstsq(rows, widths, rcond=None)
    return float(np.hypot(solved[1], solved[2]) / max(abs(float(solved[0])), 1e-3))
