"""Where the network sees minutiae: the peaks of its score, best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from biocapil.optional_part import load_opencv


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Peaks:
    """Places of falling score; equal ones in order of row, then column.

    Attributes:
        rows: Row of each peak. Shape (N,), int64.
        columns: Column of each peak. Shape (N,), int64.
        scores: Score of each peak. Shape (N,), float32, above 0.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    scores: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.scores)


def find_peaks(score: NDArray[np.float32], *, threshold: float, min_distance_px: int, limit: int) -> Peaks:
    """Take the best places of a score map.

    Where two neighbours are exactly equal, the second falls away.

    Args:
        score: Score of each pixel. Shape (rows, columns), float32.
        threshold: Least score of a peak.
        min_distance_px: A place closer than this, along both axes, to a better or equal one falls away.
        limit: How many are kept.

    Returns:
        At most `limit` peaks.
    """
    reach = min_distance_px - 1
    rows, columns = np.nonzero((score >= np.float32(threshold)) & (score > 0) & _is_largest(score, reach))
    order = np.lexsort((columns, rows, -score[rows, columns]))
    taken = np.zeros(score.shape, dtype=np.bool_)
    kept: list[int] = []
    for index in order:
        if len(kept) == limit:
            break
        row, column = int(rows[index]), int(columns[index])
        around = (
            slice(max(0, row - reach), row + reach + 1),
            slice(max(0, column - reach), column + reach + 1),
        )
        if not taken[around].any():
            taken[row, column] = True
            kept.append(int(index))
    chosen = np.array(kept, dtype=np.intp)
    rows, columns = rows[chosen], columns[chosen]
    return Peaks(rows=rows, columns=columns, scores=score[rows, columns])


def _is_largest(score: NDArray[np.float32], reach: int) -> NDArray[np.bool_]:
    """Where no score within `reach` pixels along both axes is larger."""
    cv2 = load_opencv("extraction")
    largest = cv2.dilate(score, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    return cast("NDArray[np.bool_]", score >= largest)
