"""An aligned face: turned, scaled and shifted so that its five points lie where the network expects them.

The turn, scale and shift (a similarity, no mirror image) whose squared distances are least, in closed form:
as complex numbers it is one factor and one summand. Reference: Umeyama, doi:10.1109/34.88573, for the plane.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError
from biocapil.extraction.face.pixels import PURPOSE
from biocapil.optional_part import load_opencv

FINEST = 0.5
"""Pictures that would shrink more are averaged first, so that no detail folds over into another."""


def similarity_to(points: NDArray[np.float32], template: NDArray[np.float64]) -> NDArray[np.float64]:
    """The similarity that lays points on a template.

    Args:
        points: x and y. Shape (N, 2).
        template: Where they should lie. Shape (N, 2).

    Returns:
        Matrix of shape (2, 3), float64: what it makes of (x, y, 1) lies on the template.

    Raises:
        ModelError: All points lie on one place.
    """
    source = points[:, 0].astype(np.float64) + 1j * points[:, 1]
    target = template[:, 0] + 1j * template[:, 1]
    around = source - source.mean()
    spread = float((np.abs(around) ** 2).sum())
    if spread == 0:
        raise ModelError("the five points of a face lie on one place: no alignment is possible")
    factor = (np.conj(around) * (target - target.mean())).sum() / spread
    shift = target.mean() - factor * source.mean()
    return np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]])


def align(
    pixels: NDArray[np.uint8], matrix: NDArray[np.float64], *, rows: int, columns: int, outside: int = 0
) -> NDArray[np.uint8]:
    """Cut the aligned picture out of a sample.

    Args:
        pixels: Grey or colour, uint8.
        matrix: From places in the sample to places in the aligned picture. Shape (2, 3).
        rows: Height of the aligned picture.
        columns: Its width.
        outside: Grey value of what lies outside the sample.

    Returns:
        Grey or colour as the sample, uint8, read-only or not.
    """
    cv2 = load_opencv(PURPOSE)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < FINEST:
        sides = [max(1, round(side * scale / FINEST)) for side in pixels.shape[1::-1]]
        steps = np.array(pixels.shape[1::-1]) / sides
        pixels = cv2.resize(pixels, sides, interpolation=cv2.INTER_AREA)
        back = np.array([[steps[0], 0, (steps[0] - 1) / 2], [0, steps[1], (steps[1] - 1) / 2], [0, 0, 1]])
        matrix = matrix @ back
    aligned: NDArray[np.uint8] = cv2.warpAffine(
        pixels, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderValue=[outside] * 3
    )
    return aligned
