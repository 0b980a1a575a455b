"""The few OpenCV operations that segmentation lives by, typed, and loaded when first needed."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from biocapil.optional_part import load_opencv

Raster = NDArray[np.float32]
Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]


@cache
def opencv() -> Any:
    """OpenCV, single-threaded.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    return load_opencv("segmenting slaps")


def resized(image: NDArray[Any], shape: tuple[int, int]) -> Raster:
    """Mean over areas. Shape (rows, columns), float32."""
    cv2 = opencv()
    found = cv2.resize(image.astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return cast("Raster", found)


def box_mean(image: Raster, side_px: int) -> Raster:
    """Mean of the square around each pixel, border values repeated."""
    cv2 = opencv()
    return cast("Raster", cv2.blur(image, (side_px, side_px), borderType=cv2.BORDER_REPLICATE))


def closed_and_opened(mask: Mask, *, close_cells: int, open_cells: int) -> Mask:
    """Gaps closed, then specks removed, with discs of the given diameters; nothing grows from the border."""
    cv2 = opencv()
    pad = max(close_cells, open_cells)
    found = np.pad(mask.astype(np.uint8), pad)
    for way, cells in ((cv2.MORPH_CLOSE, close_cells), (cv2.MORPH_OPEN, open_cells)):
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (cells, cells))
        found = cv2.morphologyEx(found, way, disc)
    kept: Mask = found[pad:-pad, pad:-pad] > 0
    return kept


def labelled(mask: Mask) -> tuple[Labels, NDArray[np.int32]]:
    """Number of the connected part of each cell, 0 outside; and the area of each part, the outside first."""
    _, numbers, figures, _ = opencv().connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return cast("Labels", numbers), cast("NDArray[np.int32]", figures[:, 4])


def depth(mask: Mask) -> Raster:
    """Distance of each cell of the mask from the outside, in cells."""
    cv2 = opencv()
    found = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 5)
    return cast("Raster", found[1:-1, 1:-1])


def nearest_label(seeds: Labels, mask: Mask) -> Labels:
    """Each cell of the mask given to the seed that is nearest, as the crow flies.

    Args:
        seeds: Numbers from 1, 0 elsewhere.
        mask: Cells to give away.
    """
    cv2 = opencv()
    _, nearest = cv2.distanceTransformWithLabels(
        (seeds == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    numbers = np.zeros(int(nearest.max()) + 1, np.int32)
    numbers[nearest[seeds > 0]] = seeds[seeds > 0]
    return np.where(mask, numbers[nearest], 0).astype(np.int32)
