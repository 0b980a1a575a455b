"""The rubber sheet: an iris laid flat between its two borders, so that pupil and distance cancel out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.iris.network_maps import opencv
from biocapil.iris_segmentation import IrisSegmentation

MOST_RADIUS_PX = 130.0
"""Larger irises are shrunk first, so that no detail is skipped."""


def sheet_places(
    segmentation: IrisSegmentation, *, rows: int, columns: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row in the sample of every place of the sheet. Each of shape (rows, columns), float32."""
    angles = np.linspace(0, 2 * np.pi, columns, endpoint=False)
    inner = segmentation.pupil.points(angles).astype(np.float32)
    outer = segmentation.limbus.points(angles).astype(np.float32)
    height = ((np.arange(rows) + 0.5) / rows).astype(np.float32)[:, None]
    x: NDArray[np.float32] = inner[:, 0] + (outer[:, 0] - inner[:, 0]) * height
    y: NDArray[np.float32] = inner[:, 1] + (outer[:, 1] - inner[:, 1]) * height
    return x, y


def unwrap(
    pixels: NDArray[np.uint8],
    segmentation: IrisSegmentation,
    places: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lay the iris flat.

    Args:
        pixels: Grey values of the sample. Shape (rows, columns), uint8.
        segmentation: Where the iris lies.
        places: Of `sheet_places`.

    Returns:
        Grey values, and the share of each place that the network saw texture in; 0 beyond the border of the
        picture. Each has the shape of the places, float32.
    """
    cv2 = opencv()
    x, y = places
    shrink = max(1.0, segmentation.limbus.radius_px / MOST_RADIUS_PX)
    if shrink > 1:
        size = (round(pixels.shape[1] / shrink), round(pixels.shape[0] / shrink))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    grey = _sampled(pixels.astype(np.float32), x, y, px_per_cell=shrink)
    seen = _sampled(segmentation.valid, x, y, px_per_cell=segmentation.px_per_cell)
    return grey, seen


def _sampled(
    image: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32], *, px_per_cell: float
) -> NDArray[np.float32]:
    cv2, scale = opencv(), np.float32(1 / px_per_cell)
    half = np.float32(0.5)
    values: NDArray[np.float32] = cv2.remap(
        image, (x + half) * scale - half, (y + half) * scale - half, cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=0,
    )  # fmt: skip
    return values
