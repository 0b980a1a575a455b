"""The few OpenCV operations that the synthesiser lives by, typed, and loaded when first needed.

Every image here is float32 of shape (rows, columns) unless a function says otherwise.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from biocapil.optional_part import load_opencv

Raster = NDArray[np.floating[Any]]
"""Grey values or a field. Always float32 when it runs; the type checkers widen the arithmetic."""

SUBPIXEL_BITS = 3
"""Polyline points are drawn to an eighth of a pixel."""


def opencv() -> Any:
    """OpenCV, single-threaded: the pool above it already uses the cores.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    return load_opencv("synthesis")


def clamp(image: Raster, low: float, high: float) -> Raster:
    """Values limited to `low` … `high`, still float32."""
    limited: Raster = np.clip(image, np.float32(low), np.float32(high))
    return limited


def blur(image: Raster, sigma_px: float) -> Raster:
    """Gaussian blur with standard deviation `sigma_px`."""
    return cast("Raster", opencv().GaussianBlur(image, (0, 0), float(sigma_px)))


def convolve(image: Raster, kernel: Raster) -> Raster:
    """Correlation with an odd-sided kernel, borders reflected."""
    cv2 = opencv()
    return cast("Raster", cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT))


def resize(image: Raster, shape: tuple[int, int]) -> Raster:
    """Cubic resize to `shape` (rows, columns)."""
    cv2 = opencv()
    return cast("Raster", cv2.resize(image, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))


def sample_map(image: Raster, x_px: Raster, y_px: Raster, *, outside: float | None = None) -> Raster:
    """Bilinear values of `image` at the places that two maps name.

    Args:
        image: What is sampled.
        x_px: Column of each wanted place. Shape (rows, columns).
        y_px: Row of each wanted place. Same shape.
        outside: Value beyond the border; None reflects the image there.
    """
    cv2 = opencv()
    border = cv2.BORDER_REFLECT if outside is None else cv2.BORDER_CONSTANT
    return cast(
        "Raster",
        cv2.remap(image, x_px, y_px, cv2.INTER_LINEAR, borderMode=border, borderValue=outside or 0.0),
    )


def draw_line(canvas: Raster, points_px: NDArray[np.float64], *, value: float, width_px: int) -> None:
    """Draw an open, anti-aliased polyline into `canvas`.

    Args:
        canvas: Changed in place.
        points_px: x and y of each corner. Shape (N, 2).
        value: What is written.
        width_px: Width of the line, at least 1.
    """
    cv2 = opencv()
    fixed = np.round(points_px * (1 << SUBPIXEL_BITS)).astype(np.int32)
    cv2.polylines(canvas, [fixed], isClosed=False, color=float(value), thickness=width_px,
                  lineType=cv2.LINE_AA, shift=SUBPIXEL_BITS)  # fmt: skip


def through_jpeg(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Grey values after lossy JPEG coding at `quality` (1 to 100)."""
    cv2 = opencv()
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cast("NDArray[np.uint8]", cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE))
