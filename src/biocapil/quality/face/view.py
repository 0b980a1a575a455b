"""`FaceView`: the face upright and at one size, in grey, so that measures of different pictures compare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.face_landmarks import FaceFound
from biocapil.quality.opencv import opencv
from biocapil.sample import CapturedSample

EYES_PX = 48.0
"""Distance between the eyes in the view; smaller faces are left at their own size."""
ACROSS, ABOVE, BELOW = 1.4, 1.1, 1.9
"""Reach of the view from the middle of the eyes, in distances between the eyes."""
OVAL_ACROSS, OVAL_DOWN, OVAL_MIDDLE = 1.0, 1.2, 0.45
"""Half axes of the face's oval and how far its middle lies below the eyes, in the same unit."""

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceView:
    """One face, seen upright.

    Attributes:
        grey: Grey values, 0 to 255; 0 outside of the picture. Shape (rows, columns), float32.
        oval: Which pixels show the face. Shape (rows, columns), bool.
        left: Which of those lie left of the nose's bridge.
    """

    grey: Grey
    oval: NDArray[np.bool_]
    left: NDArray[np.bool_]


def view_of(sample: CapturedSample, face: FaceFound) -> FaceView:
    """Turn and scale the picture so that the eyes lie level and `EYES_PX` apart."""
    cv2 = opencv()
    unit = min(EYES_PX, face.eye_distance_px)
    rows, columns = round((ABOVE + BELOW) * unit), round(2 * ACROSS * unit)
    across = (face.points_px[1] - face.points_px[0]).astype(np.float64) * unit / face.eye_distance_px**2
    middle = face.points_px[:2].mean(axis=0).astype(np.float64)
    turn = np.array([[across[0], across[1]], [-across[1], across[0]]])
    shift = np.array([columns / 2, ABOVE * unit]) - turn @ middle
    grey = grey_of(sample)
    scale = unit / face.eye_distance_px
    if scale < 1:  # what shrinks is smoothed first, so that no detail folds over
        grey = cv2.GaussianBlur(grey, (0, 0), 0.4 / scale)
    seen = cv2.warpAffine(grey, np.column_stack([turn, shift]), (columns, rows), flags=cv2.INTER_LINEAR)
    y, x = np.indices((rows, columns))
    right = (x - columns / 2) / unit
    down = (y - (ABOVE + OVAL_MIDDLE) * unit) / unit
    oval = (right / OVAL_ACROSS) ** 2 + (down / OVAL_DOWN) ** 2 < 1
    return FaceView(grey=seen.astype(np.float32), oval=oval, left=oval & (right < 0))


def grey_of(sample: CapturedSample) -> NDArray[np.uint8]:
    """Brightness of a sample, grey or colour. Shape (rows, columns), uint8."""
    if sample.pixels.ndim == 2:
        return sample.pixels
    cv2 = opencv()
    grey: NDArray[np.uint8] = cv2.cvtColor(np.ascontiguousarray(sample.pixels), cv2.COLOR_RGB2GRAY)
    return grey
