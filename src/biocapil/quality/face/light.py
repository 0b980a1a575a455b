"""Light on the face: how bright, how many shades, how even, how much is burnt out or black.

Reference: ISO/IEC 29794-5:2025 (luminance mean, dynamic range, under- and overexposure, illumination
uniformity).
"""

from __future__ import annotations

import numpy as np

from biocapil.quality.face.view import FaceView

BLACK, WHITE = 25, 247
"""Grey values at and beyond which nothing is seen any more: the standard's own."""
SHADES = 256


def light_measures(view: FaceView) -> dict[str, float]:
    """Mean brightness, entropy of shades (bits), shares of black and white, likeness of both halves."""
    shades = view.grey[view.oval]
    counts = np.bincount(np.clip(shades, 0, SHADES - 1).astype(np.int64), minlength=SHADES)
    shares = counts[counts > 0] / counts.sum()
    left, right = view.grey[view.left], view.grey[view.oval & ~view.left]
    edges = np.linspace(0, SHADES, 17)
    both = [np.histogram(side, edges)[0] / max(1, side.size) for side in (left, right)]
    return {
        "brightness": float(shades.mean()),
        "shades": float(-(shares * np.log2(shares)).sum()),
        "black": float((shades <= BLACK).mean()),
        "white": float((shades >= WHITE).mean()),
        "evenness": float(np.minimum(*both).sum()),
    }
