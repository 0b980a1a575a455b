from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from biocapil.iris_segmentation import CONTOUR_ANGLES, IrisContour, IrisSegmentation, UnwrappedIris


def circle(radius: float) -> IrisContour:
    return IrisContour(
        center_x_px=30, center_y_px=20, radius_px=radius, radii_px=np.full(CONTOUR_ANGLES, radius)
    )


@pytest.fixture
def found() -> IrisSegmentation:
    cells = np.ones((4, 5), np.float32)
    return IrisSegmentation(
        pupil=circle(4), limbus=circle(10), opening=cells, valid=cells, px_per_cell=2.0, confidence=0.9
    )


def test_points_of_a_circle_lie_on_it() -> None:
    points = circle(5).points()
    assert points.shape == (CONTOUR_ANGLES, 2)
    assert points[0] == pytest.approx((35, 20))
    assert np.hypot(*(points - (30, 20)).T) == pytest.approx(5)
    assert circle(5).points(np.array([np.pi / 2])) == pytest.approx(np.array([[30, 25]]))


def test_the_dilation_is_a_share_of_the_iris(found: IrisSegmentation) -> None:
    assert found.dilation == pytest.approx(0.4)


def test_arrays_cannot_be_changed(found: IrisSegmentation) -> None:
    for array in (found.valid, found.opening, found.pupil.radii_px):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_words_show_no_picture(found: IrisSegmentation) -> None:
    assert repr(found) == "IrisSegmentation(radius 10 px, pupil 4 px, confidence 0.90)"
    iris = UnwrappedIris(grey=np.zeros((2, 3), np.float32), mask=np.eye(2, 3, dtype=np.bool_))
    assert repr(iris) == "UnwrappedIris(2x3, 33% visible)"


@pytest.mark.parametrize(
    "wrong", [{"confidence": 1.2}, {"px_per_cell": 0.0}, {"valid": np.ones((3, 3), np.float32)}]
)
def test_impossible_segmentations_are_refused(found: IrisSegmentation, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        replace(found, **wrong)


def test_a_contour_needs_all_its_radii() -> None:
    with pytest.raises(ValueError, match="128 radii"):
        IrisContour(center_x_px=0, center_y_px=0, radius_px=1, radii_px=np.ones(5))


def test_a_mask_fits_its_iris() -> None:
    with pytest.raises(ValueError, match="one shape"):
        UnwrappedIris(grey=np.zeros((2, 3), np.float32), mask=np.zeros((3, 2), np.bool_))
