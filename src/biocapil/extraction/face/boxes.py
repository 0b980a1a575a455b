"""From the cells of a detector to boxes with five points each; of boxes that overlap the surest stays.

A cell says where the middle of a face lies against its own corner, in sides of the cell; the logarithm of
the box's size; and five points. Its score is the root of "is a face" times "holds an object".

Reference: Wu, Peng, Yu, YuNet: A Tiny Millisecond-level Face Detector, Machine Intelligence Research 20,
2023, doi:10.1007/s11633-023-1423-y.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError
from biocapil.extraction.face.rules import DetectionRule

COLUMNS = 16
"""Of a cell: two scores, middle and size of the box, five points."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boxes:
    """Faces in the pixels that the detector saw, the surest first.

    Attributes:
        corners: Left, top, right and bottom. Shape (N, 4), float64.
        points: x and y of five points. Shape (N, 5, 2), float64.
        scores: 0 to 1. Shape (N,), float64.
    """

    corners: NDArray[np.float64]
    points: NDArray[np.float64]
    scores: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.scores)


def read_boxes(cells: NDArray[np.float32], rule: DetectionRule, *, rows: int, columns: int) -> Boxes:
    """Faces from the detector's answer.

    Args:
        cells: One row a cell, level after level. Shape (cells, 16), float32.
        rule: What the manifest says of them.
        rows: Height of the picture that the network read.
        columns: Its width.

    Raises:
        ModelError: The network delivers another number of cells.
    """
    corners, sides = _cells_of(rule, rows=rows, columns=columns)
    if cells.shape != (len(sides), COLUMNS):
        raise ModelError(f"a detector must deliver {len(sides)} cells of {COLUMNS}, got {cells.shape}")
    likely = np.clip(cells[:, :2].astype(np.float64), 0, 1)
    scores = np.sqrt(likely[:, 0] * likely[:, 1])
    kept = np.flatnonzero(scores >= rule.score_threshold)
    kept = kept[np.argsort(-scores[kept], kind="stable")]
    chosen, corner, side = cells[kept].astype(np.float64), corners[kept], sides[kept, None]
    middle = (corner + chosen[:, 2:4]) * side
    half = np.exp(chosen[:, 4:6]) * side / 2
    points = (corner[:, None] + chosen[:, 6:].reshape(-1, 5, 2)) * side[:, None]
    found = Boxes(corners=np.hstack([middle - half, middle + half]), points=points, scores=scores[kept])
    return _without_overlaps(found, rule.overlap_threshold)


def _cells_of(
    rule: DetectionRule, *, rows: int, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Column and row of every cell, shape (cells, 2), and the side of each, shape (cells,)."""
    corners: list[NDArray[np.int64]] = []
    sides: list[NDArray[np.float64]] = []
    for stride in rule.strides_px:
        y, x = np.divmod(np.arange(rows // stride * (columns // stride)), columns // stride)
        corners.append(np.stack([x, y], axis=1))
        sides.append(np.full(len(x), stride, np.float64))
    return np.concatenate(corners).astype(np.float64), np.concatenate(sides)


def _without_overlaps(boxes: Boxes, threshold: float) -> Boxes:
    """Leave out each box that a surer one covers by more than the threshold."""
    kept: list[int] = []
    for at in range(len(boxes)):
        if all(_shared(boxes.corners[at], boxes.corners[other]) <= threshold for other in kept):
            kept.append(at)
    return Boxes(corners=boxes.corners[kept], points=boxes.points[kept], scores=boxes.scores[kept])


def _shared(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Intersection over union of two boxes."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    if (sides <= 0).any():
        return 0.0
    both = float(np.prod(sides))
    return both / (float(np.prod(one[2:] - one[:2])) + float(np.prod(other[2:] - other[:2])) - both)
