"""Size, place and shape: how large the iris is, what the picture's border cuts, how wide the pupil is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.iris_segmentation import IrisContour, IrisSegmentation


def inside_share(segmentation: IrisSegmentation, shape: tuple[int, ...]) -> float:
    """Share of the iris that lies in the picture, 0 to 1.

    Args:
        segmentation: Where the iris lies.
        shape: Rows and columns of the picture.
    """
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    inner, outer = segmentation.pupil.points(angles), segmentation.limbus.points(angles)
    height = np.linspace(0.05, 0.95, 10)[:, None, None]
    places = inner + (outer - inner) * height
    x, y = places[..., 0], places[..., 1]
    inside: NDArray[np.bool_] = (x >= 0) & (y >= 0) & (x <= shape[1] - 1) & (y <= shape[0] - 1)
    return float(inside.mean())


def ovalness(contour: IrisContour) -> float:
    """How far a border is from a circle: amplitude of two waves around it, in radii.

    An eye that looks aside by an angle a shows an ellipse whose sides are as 1 to cos a.
    """
    waves = np.fft.rfft(contour.radii_px)
    return float(2 * abs(waves[2]) / len(contour.radii_px) / contour.radius_px)


def off_centre(segmentation: IrisSegmentation) -> float:
    """Distance of the centres of pupil and iris, in radii of the iris."""
    apart = np.hypot(
        segmentation.pupil.center_x_px - segmentation.limbus.center_x_px,
        segmentation.pupil.center_y_px - segmentation.limbus.center_y_px,
    )
    return float(apart / segmentation.limbus.radius_px)
