"""Reflections: how much of the iris with its pupil shines.

Reference: ISO/IEC 29794-6:2015, 6.2 (usable iris area).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.iris_segmentation import IrisSegmentation
from biocapil.quality.opencv import opencv

BRIGHTER = 45.0
"""Grey values by which a reflection outshines what lies around it."""
RINGS, ANGLES = 24, 96


def glare_share(pixels: NDArray[np.float32], segmentation: IrisSegmentation) -> float:
    """Share of the disc of the iris, between the lids, that is far brighter than its darker half."""
    cv2 = opencv()
    angles = np.linspace(0, 2 * np.pi, ANGLES, endpoint=False)
    border = segmentation.limbus.points(angles)
    center = np.array([segmentation.limbus.center_x_px, segmentation.limbus.center_y_px])
    share = np.sqrt((np.arange(RINGS) + 0.5) / RINGS) * 0.95
    places = center + (border - center) * share[:, None, None]
    x, y = places[..., 0].astype(np.float32), places[..., 1].astype(np.float32)
    grey = cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    scale = np.float32(1 / segmentation.px_per_cell)
    opening = cv2.remap(
        segmentation.opening, (x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5, cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT, borderValue=0,
    )  # fmt: skip
    seen = opening > 0.5
    if not seen.any():
        return 0.0
    usual = float(np.quantile(grey[seen], 0.6))
    return float((grey[seen] > usual + BRIGHTER).mean())
