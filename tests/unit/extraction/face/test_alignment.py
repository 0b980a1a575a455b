from __future__ import annotations

import numpy as np
import pytest

from biocapil.errors import ModelError
from biocapil.extraction.face.alignment import align, similarity_to

pytest.importorskip("cv2", reason="the extra extract is not installed")
TEMPLATE = np.array([[38, 52], [74, 51], [56, 72], [42, 92], [71, 92]], np.float64)


def placed(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    moved: np.ndarray = points @ matrix[:, :2].T + matrix[:, 2]
    return moved


@pytest.mark.parametrize(
    ("scale", "angle", "shift"), [(1.0, 0.0, (0, 0)), (3.0, 0.7, (40, -9)), (0.2, -2.0, (5, 5))]
)
def test_a_turned_scaled_and_shifted_template_is_laid_back(
    scale: float, angle: float, shift: tuple[float, float]
) -> None:
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = (TEMPLATE @ turn.T + shift).astype(np.float32)
    assert placed(points, similarity_to(points, TEMPLATE)) == pytest.approx(TEMPLATE, abs=1e-3)


def test_no_other_similarity_comes_closer() -> None:
    rng = np.random.default_rng(3)
    points = (TEMPLATE * 1.7 + rng.normal(0, 4, TEMPLATE.shape)).astype(np.float32)
    best = similarity_to(points, TEMPLATE)
    least = ((placed(points, best) - TEMPLATE) ** 2).sum()
    for _ in range(50):
        turn, grow, across, down = rng.normal(0, 0.01, 4)
        change = np.array([[1 + grow, -turn, across], [turn, 1 + grow, down], [0, 0, 1]])
        other = best @ change
        assert ((placed(points, other) - TEMPLATE) ** 2).sum() >= least


def test_points_on_one_place_are_refused() -> None:
    with pytest.raises(ModelError, match="lie on one place"):
        similarity_to(np.ones((5, 2), np.float32), TEMPLATE)


def test_a_strong_reduction_averages_instead_of_picking_pixels() -> None:
    stripes = np.zeros((400, 400), np.uint8)
    stripes[:, ::2] = 200
    matrix = np.array([[0.125, 0, 0], [0, 0.125, 0]])
    aligned = align(stripes, matrix, rows=40, columns=40)
    assert np.ptp(aligned[2:-2, 2:-2].astype(int)) <= 2
    assert aligned[20, 20] == pytest.approx(100, abs=2)


def test_a_strong_reduction_keeps_places() -> None:
    dot = np.zeros((512, 512), np.uint8)
    dot[240:272, 120:152] = 255
    aligned = align(dot, np.array([[0.1, 0, 3.0], [0, 0.1, 1.0]]), rows=60, columns=60).astype(float)
    rows, columns = np.indices(aligned.shape)
    assert (rows * aligned).sum() / aligned.sum() == pytest.approx(0.1 * 255.5 + 1, abs=0.1)
    assert (columns * aligned).sum() / aligned.sum() == pytest.approx(0.1 * 135.5 + 3, abs=0.1)
