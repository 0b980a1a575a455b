from __future__ import annotations

import numpy as np
import pytest

from biocapil.extraction.iris.rubber_sheet import sheet_places, unwrap
from biocapil.iris_segmentation import CONTOUR_ANGLES, IrisContour, IrisSegmentation


def circle(x: float, y: float, radius: float) -> IrisContour:
    return IrisContour(
        center_x_px=x, center_y_px=y, radius_px=radius, radii_px=np.full(CONTOUR_ANGLES, radius)
    )


def seen_in(
    rows: int, columns: int, scale: float, inner: IrisContour, outer: IrisContour
) -> IrisSegmentation:
    whole = np.ones((round(rows / scale), round(columns / scale)), np.float32)
    return IrisSegmentation(
        pupil=inner, limbus=outer, opening=whole, valid=whole, px_per_cell=scale, confidence=1.0
    )


def rings(rows: int, columns: int, x: float, y: float) -> np.ndarray:
    """Grey values that grow with the distance from a place."""
    place = np.mgrid[:rows, :columns]
    return np.hypot(place[1] - x, place[0] - y).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("size", [100, 400])
def test_rings_become_rows(size: int) -> None:
    middle = size / 2
    found = seen_in(size, size, 2.0, circle(middle, middle, size * 0.15), circle(middle, middle, size * 0.4))
    places = sheet_places(found, rows=20, columns=64)
    grey, seen = unwrap(rings(size, size, middle, middle), found, places)
    heights = (np.arange(20) + 0.5) / 20
    assert np.abs(grey.mean(1) - size * (0.15 + 0.25 * heights)).max() < 1.0
    assert grey.std(axis=1).max() < 1.0
    assert (seen == 1).all()


def test_the_first_column_is_to_the_right_and_a_quarter_below() -> None:
    found = seen_in(100, 100, 1.0, circle(50, 50, 10), circle(50, 50, 40))
    x, y = sheet_places(found, rows=10, columns=4)
    assert x[:, 0] == pytest.approx(50 + 10 + 30 * (np.arange(10) + 0.5) / 10)
    assert y[:, 0] == pytest.approx(50)
    assert (y[:, 1] > 55).all()


def test_beyond_the_border_nothing_is_seen() -> None:
    found = seen_in(100, 100, 1.0, circle(10, 50, 10), circle(10, 50, 40))
    _, seen = unwrap(np.full((100, 100), 90, np.uint8), found, sheet_places(found, rows=10, columns=64))
    assert seen[:, 0].min() == 1
    assert seen[3:, 32].max() == 0
