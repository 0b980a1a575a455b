"""Sharpness: how much of the face's contrast lies in its finest detail."""

from __future__ import annotations

import numpy as np

from biocapil.quality.face.view import FaceView
from biocapil.quality.opencv import opencv

FINE_PX = 1.2
LEAST_CONTRAST = 4.0


def detail_measures(view: FaceView) -> dict[str, float]:
    """Share of fine detail (0 to 1): its spread against that of all grey values of the face."""
    smooth = opencv().GaussianBlur(view.grey, (0, 0), FINE_PX)
    fine = float((view.grey - smooth)[view.oval].std())
    return {"sharpness": fine / max(float(np.std(view.grey[view.oval])), LEAST_CONTRAST)}
