from __future__ import annotations

import numpy as np
import pytest

from biocapil.face_landmarks import FaceFound

POINTS = np.array([[10, 20], [40, 20], [25, 35], [15, 50], [35, 50]], np.float32)


def face(points: np.ndarray = POINTS, *, width: float = 50) -> FaceFound:
    return FaceFound(left_px=0, top_px=5, width_px=width, height_px=60, points_px=points, confidence=0.9)


def test_a_face_knows_how_far_its_eyes_are_apart() -> None:
    assert face().eye_distance_px == 30


def test_points_cannot_be_changed_and_are_not_shown() -> None:
    with pytest.raises(ValueError, match="read-only"):
        face().points_px[0] = 1
    assert repr(face()) == "FaceFound(50x60 px, confidence 0.90)"


@pytest.mark.parametrize("points", [POINTS[:4], POINTS.astype(np.float64)])
def test_points_of_another_shape_or_type_are_refused(points: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"float32 of shape \(5, 2\)"):
        face(points)


def test_places_that_are_no_numbers_and_boxes_without_size_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        face(np.where(POINTS == 35, np.float32("nan"), POINTS))
    with pytest.raises(ValueError, match="positive size"):
        face(width=0)
