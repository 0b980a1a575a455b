from __future__ import annotations

import numpy as np
import pytest

from biocapil.errors import ModelError
from biocapil.extraction.face.boxes import read_boxes
from biocapil.extraction.face.rules import ColourOrder, Colours, DetectionRule

RULE = DetectionRule(
    colours=Colours(order=ColourOrder.BGR, mean=(0.0,) * 3, scale=(1.0,) * 3),
    strides_px=(8, 16),
    score_threshold=0.5,
    overlap_threshold=0.3,
    longest_side_px=640,
)
CELLS = 4 * 4 + 2 * 2
"""Of a picture of 32 x 32 px."""


def cells(**scores: float) -> np.ndarray:
    """Cells that see nothing, but for those named ``at_NUMBER``."""
    table = np.zeros((CELLS, 16), np.float32)
    for name, score in scores.items():
        table[int(name.removeprefix("at_"))] = [score, score, 0.5, 0.25, 1, 0, *[0.5] * 10]
    return table


def test_a_cell_says_where_its_face_lies() -> None:
    boxes = read_boxes(cells(at_6=0.9), RULE, rows=32, columns=32)  # row 1, column 2 of the first level
    assert boxes.scores.tolist() == pytest.approx([0.9])
    wide = 8 * np.e / 2
    assert boxes.corners[0] == pytest.approx([20 - wide, 10 - 4, 20 + wide, 10 + 4])
    assert boxes.points[0, 0] == pytest.approx([20, 12])


def test_a_coarse_cell_counts_in_its_own_steps() -> None:
    boxes = read_boxes(cells(at_19=0.9), RULE, rows=32, columns=32)  # the last cell of the second level
    assert boxes.points[0, 0] == pytest.approx([24, 24])


def test_of_boxes_that_overlap_the_surest_stays_and_the_rest_come_in_order() -> None:
    table = cells(at_0=0.6, at_1=0.8, at_15=0.7)
    table[1, 2] = -0.25  # beside cell 0: nearly the same box
    boxes = read_boxes(table, RULE, rows=32, columns=32)
    assert boxes.scores.tolist() == pytest.approx([0.8, 0.7])


def test_a_score_below_the_threshold_is_no_face() -> None:
    assert len(read_boxes(cells(at_3=0.49), RULE, rows=32, columns=32)) == 0


def test_another_number_of_cells_is_refused() -> None:
    with pytest.raises(ModelError, match=r"must deliver 20 cells of 16, got \(19, 16\)"):
        read_boxes(cells()[1:], RULE, rows=32, columns=32)
