"""The few OpenCV operations that the measures live by, typed, and loaded when first needed.

Every image here is float32 of shape (rows, columns) unless a function says otherwise.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from biocapil.optional_part import load_opencv

Raster = NDArray[np.floating[Any]]
"""Grey values or a field. Always float32 when it runs; the type checkers widen the arithmetic."""

Mask = NDArray[np.bool_]


def opencv() -> Any:
    """OpenCV, single-threaded: the pool above it already uses the cores.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    return load_opencv("measuring quality")


def blur(image: Raster, sigma_px: float) -> Raster:
    """Gaussian blur with standard deviation `sigma_px`, border values repeated."""
    cv2 = opencv()
    return cast("Raster", cv2.GaussianBlur(image, (0, 0), float(sigma_px), borderType=cv2.BORDER_REPLICATE))


def gradient(image: Raster) -> tuple[Raster, Raster]:
    """Derivatives along x and y (Scharr)."""
    cv2 = opencv()
    return (
        cast("Raster", cv2.Scharr(image, cv2.CV_32F, 1, 0, scale=1 / 32)),
        cast("Raster", cv2.Scharr(image, cv2.CV_32F, 0, 1, scale=1 / 32)),
    )


def block_means(image: Raster, side_px: int) -> Raster:
    """Mean of each square of `side_px`; sides of the image are multiples of it."""
    cv2 = opencv()
    size = (image.shape[1] // side_px, image.shape[0] // side_px)
    return cast("Raster", cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def shrink(image: Raster, shape: tuple[int, int]) -> Raster:
    """Means of the image's parts on a coarser grid of `shape` (rows, columns)."""
    cv2 = opencv()
    return cast("Raster", cv2.resize(image, (shape[1], shape[0]), interpolation=cv2.INTER_AREA))


def enlarge(cells: Raster, shape: tuple[int, int]) -> Raster:
    """Cells spread over an image of `shape` (rows, columns), linear between their centres."""
    cv2 = opencv()
    return cast("Raster", cv2.resize(cells, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR))


def extremes(image: Raster, side_px: int) -> tuple[Raster, Raster]:
    """Smallest and largest value in the square of `side_px` around each pixel."""
    cv2 = opencv()
    square = cv2.getStructuringElement(cv2.MORPH_RECT, (side_px, side_px))
    return cast("Raster", cv2.erode(image, square)), cast("Raster", cv2.dilate(image, square))


def correlate(image: Raster, kernel: Raster) -> Raster:
    """Correlation with an odd-sided kernel, zeros beyond the border."""
    cv2 = opencv()
    return cast("Raster", cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_CONSTANT))


def close_and_open(mask: Mask, *, close_cells: int, open_cells: int) -> Mask:
    """Gaps closed, then specks removed, with discs of the given diameters."""
    cv2 = opencv()
    found = mask.astype(np.uint8)
    for way, cells in ((cv2.MORPH_CLOSE, close_cells), (cv2.MORPH_OPEN, open_cells)):
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (cells, cells))
        found = cv2.morphologyEx(found, way, disc)
    return found > 0


def dilate(mask: Mask, cells: int) -> Mask:
    """Mask grown by a disc of the diameter `cells`."""
    cv2 = opencv()
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (cells, cells))
    return cast("Mask", cv2.dilate(mask.astype(np.uint8), disc) > 0)


def components(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Connected parts of a mask.

    Args:
        mask: Shape (rows, columns).

    Returns:
        Number of the part of each place, 0 outside, shape of the mask; and the area of each part, that of
        the outside first.
    """
    _, numbers, figures, _ = opencv().connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return cast("NDArray[np.int32]", numbers), cast("NDArray[np.int32]", figures[:, 4])
