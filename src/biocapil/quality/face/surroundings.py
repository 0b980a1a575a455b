"""What lies around the face: whether it is cut off, alone, and before a quiet wall."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.face_landmarks import FaceFound
from biocapil.quality.face.view import grey_of
from biocapil.quality.opencv import opencv
from biocapil.sample import CapturedSample

MARGIN = 0.15
"""Room that belongs around the box, against its size: hair and chin."""
LEAST_WALL = 0.05
"""Smallest share of the picture from which a wall is judged."""
EDGE = 12.0
"""Difference of neighbouring grey values from which a pixel belongs to an edge."""


def surroundings_measures(sample: CapturedSample, face: FaceFound) -> dict[str, float]:
    """Share of the face inside the picture, number of further faces, share of the wall that is edges."""
    return {
        "inside": _inside(sample, face),
        "others": float(face.others),
        "restless": _restless(sample, face),
    }


def _inside(sample: CapturedSample, face: FaceFound) -> float:
    rows, columns = sample.pixels.shape[:2]
    across, down = MARGIN * face.width_px, MARGIN * face.height_px
    left, right = face.left_px - across, face.left_px + face.width_px + across
    top, bottom = face.top_px - down, face.top_px + face.height_px + down
    shown = max(0.0, min(right, columns) - max(left, 0)) * max(0.0, min(bottom, rows) - max(top, 0))
    return shown / ((right - left) * (bottom - top))


def _restless(sample: CapturedSample, face: FaceFound) -> float:
    """Edges in the wall above the chin and beside the head; 0 where too little wall is seen."""
    cv2 = opencv()
    grey = grey_of(sample)
    wall = _wall(grey.shape, face)
    if wall.mean() < LEAST_WALL:
        return 0.0
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.0).astype(np.float32)
    across, down = cv2.Scharr(smooth, cv2.CV_32F, 1, 0), cv2.Scharr(smooth, cv2.CV_32F, 0, 1)
    slope = np.hypot(across, down) / 32
    return float((slope[wall] > EDGE).mean())


def _wall(shape: tuple[int, ...], face: FaceFound) -> NDArray[np.bool_]:
    wall = np.ones(shape, bool)
    left, right = (face.left_px - 0.35 * face.width_px, face.left_px + 1.35 * face.width_px)
    top, chin = face.top_px - 0.4 * face.height_px, face.top_px + face.height_px
    wall[max(0, int(top)) :, max(0, int(left)) : max(0, int(right))] = False
    wall[max(0, int(chin)) :] = False
    return wall
