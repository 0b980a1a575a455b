"""One region a finger: pieces of a print joined, fingers that touch each other parted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.segmentation.opencv import Labels, Mask, depth, labelled, nearest_label
from biocapil.segmentation.skin import CELL_MM

CELLS_PER_MM2 = 1 / CELL_MM**2
LEAST_MM2 = 25.0
"""Smallest region that is a finger: a third of a child's little finger."""

PIECE_MM2 = 6.0
"""Smallest piece of a print that is kept when it belongs to a larger one."""

OVERLAP = 0.5
"""Pieces are one finger where so much of the narrower one lies above or below the other."""

GAP_MM = 9.0
"""Pieces of one finger are no further apart than a crease and its folds are wide."""

DISTAL_MM = 28.0
"""A fingertip is no longer; what lies below belongs to the next bone."""

STEP_CELLS = 1.0
"""How finely the neck between two fingers is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region:
    """What one finger touched.

    Attributes:
        mask: Shape of the skin's cells, bool.
        x_mm: Middle, from the left border of the picture.
        y_mm: Middle, from its upper border.
        area_mm2: Size.
        angle_rad: Turn of its longer axis, counter-clockwise as a viewer sees it; 0 points straight up.
        elongation: Length by breadth, at least 1: how surely the angle is known.
        cut_off: Whether it reaches over the border of the picture.
    """

    mask: Mask
    x_mm: float
    y_mm: float
    area_mm2: float
    angle_rad: float
    elongation: float
    cut_off: bool


def find_regions(mask: Mask, *, wanted: int) -> tuple[Region, ...]:
    """Regions from left to right.

    Args:
        mask: Cells that were touched.
        wanted: How many fingers there should be; more regions are found where they lie apart, and regions
            are parted only until there are so many.
    """
    pieces = _pieces(mask)
    fingers = [each for each in _joined(pieces) if each.sum() >= LEAST_MM2 * CELLS_PER_MM2]
    while len(fingers) < wanted:
        parted = _parted(fingers)
        if parted is None:
            break
        fingers = parted
    regions = [_measured(_distal(each)) for each in fingers]
    return tuple(sorted(regions, key=lambda region: region.x_mm))


def _pieces(mask: Mask) -> list[Mask]:
    numbers, areas = labelled(mask)
    least = PIECE_MM2 * CELLS_PER_MM2
    return [numbers == number for number in range(1, len(areas)) if areas[number] >= least]


def _joined(pieces: Sequence[Mask]) -> list[Mask]:
    """Pieces that lie above each other, joined, the largest first."""
    joined: list[Mask] = []
    for piece in sorted(pieces, key=lambda each: -int(each.sum())):
        at = next((at for at, whole in enumerate(joined) if _is_one_finger(whole, piece)), None)
        if at is None:
            joined.append(piece)
        else:
            joined[at] = joined[at] | piece
    return joined


def _is_one_finger(one: Mask, other: Mask) -> bool:
    columns, other_columns = one.any(axis=0), other.any(axis=0)
    shared = int((columns & other_columns).sum())
    if shared < OVERLAP * min(int(columns.sum()), int(other_columns.sum())):
        return False
    rows, other_rows = np.flatnonzero(one.any(axis=1)), np.flatnonzero(other.any(axis=1))
    gap = max(int(rows[0]), int(other_rows[0])) - min(int(rows[-1]), int(other_rows[-1]))
    return gap * CELL_MM <= GAP_MM


def _parted(fingers: Sequence[Mask]) -> list[Mask] | None:
    """The same with the one parted that falls apart first into two fingers; None where none does."""
    best: tuple[float, int, Labels] | None = None
    for at, finger in enumerate(fingers):
        inside = depth(finger)
        for reach in np.arange(STEP_CELLS, float(inside.max()), STEP_CELLS).tolist():
            seeds, areas = labelled(inside > reach)
            large = [number for number in range(1, len(areas)) if areas[number] >= PIECE_MM2 * CELLS_PER_MM2]
            if len(large) < 2:
                continue
            parts = nearest_label(np.where(np.isin(seeds, large), seeds, 0).astype(np.int32), finger)
            whole = all((parts == n).sum() >= LEAST_MM2 * CELLS_PER_MM2 for n in large)
            beside = not _is_one_finger(parts == large[0], parts == large[1])
            if whole and beside and (best is None or reach < best[0]):
                best = (reach, at, parts)
            break
    if best is None:
        return None
    _, at, parts = best
    numbers: list[int] = [int(number) for number in np.unique(parts) if number]
    return [*fingers[:at], *fingers[at + 1 :], *(parts == number for number in numbers)]


def _distal(mask: Mask) -> Mask:
    """The fingertip of a finger."""
    rows, columns = np.nonzero(mask)
    angle = _axis(rows, columns)[0]
    along = rows * math.cos(angle) + columns * math.sin(angle)
    kept = along <= along.min() + DISTAL_MM / CELL_MM
    found: Mask = np.zeros_like(mask)
    found[rows[kept], columns[kept]] = True
    return found


def _measured(mask: Mask) -> Region:
    rows, columns = np.nonzero(mask)
    angle, elongation = _axis(rows, columns)
    border = bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
    return Region(
        mask=mask,
        x_mm=(float(columns.mean()) + 0.5) * CELL_MM,
        y_mm=(float(rows.mean()) + 0.5) * CELL_MM,
        area_mm2=len(rows) / CELLS_PER_MM2,
        angle_rad=angle,
        elongation=elongation,
        cut_off=border,
    )


def _axis(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> tuple[float, float]:
    """Turn of the longer axis from upright, counter-clockwise; and length by breadth."""
    spread = np.cov(np.stack([columns, -rows]).astype(np.float64))
    values, vectors = np.linalg.eigh(spread)
    x, y = vectors[:, 1] * (1 if vectors[1, 1] >= 0 else -1)
    return math.atan2(-float(x), float(y)), math.sqrt(float(values[1]) / max(float(values[0]), 1e-9))
