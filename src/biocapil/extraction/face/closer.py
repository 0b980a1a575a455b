"""Closer looks at one face: its five points as the mean of what is seen at several sizes.

A detector places points with an error that changes from size to size. Their mean over a few sizes near those
of its training is steadier, and does not depend on how large the photograph was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.face.alignment import align
from biocapil.extraction.face.boxes import Boxes
from biocapil.extraction.face.looks import BORDER_GREY
from biocapil.face_landmarks import FaceFound

ROOM = 1.7
"""Side of what is shown, against the height of the face."""
NEAREST = 0.3
"""A face whose middle lies further off, against the height shown, is another one."""


def look_closer(
    pixels: NDArray[np.uint8],
    face: FaceFound,
    *,
    heights_px: Sequence[int],
    stride_px: int,
    look: Callable[[NDArray[np.uint8]], Boxes],
) -> FaceFound:
    """The same face with steadier points; unchanged where no closer look finds it.

    Args:
        pixels: Grey or colour, uint8.
        face: Face that was found.
        heights_px: Heights at which it is shown.
        stride_px: Sides of what is shown are multiples of this.
        look: The detector.
    """
    found = [
        points
        for height in heights_px
        if (points := _points(pixels, face, height, stride_px, look)) is not None
    ]
    return replace(face, points_px=np.mean(found, axis=0).astype(np.float32)) if found else face


def _points(
    pixels: NDArray[np.uint8],
    face: FaceFound,
    height_px: int,
    stride_px: int,
    look: Callable[[NDArray[np.uint8]], Boxes],
) -> NDArray[np.float64] | None:
    scale = height_px / face.height_px
    side = max(1, round(ROOM * height_px / stride_px)) * stride_px
    x, y = face.left_px + face.width_px / 2, face.top_px + face.height_px / 2
    matrix = np.array([[scale, 0, side / 2 - scale * x], [0, scale, side / 2 - scale * y]])
    boxes = look(align(pixels, matrix, rows=side, columns=side, outside=BORDER_GREY))
    if not len(boxes):
        return None
    off = np.linalg.norm((boxes.corners[:, :2] + boxes.corners[:, 2:]) / 2 - side / 2, axis=1)
    nearest = int(np.argmin(off))
    if off[nearest] > NEAREST * height_px:
        return None
    points: NDArray[np.float64] = (boxes.points[nearest] - matrix[:, 2]) / scale
    return points
