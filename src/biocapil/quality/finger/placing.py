"""Where the middle of the finger lies, also where borders cut so much that the print's own does not say.

The flow turns around the core and arches over the tip, whatever is cut. A network reads flow and cover on a
coarse grid over the whole picture; it learned from where fingers had been put.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.fields import FingerFields
from biocapil.quality.finger.picture import CELL_PX, Picture
from biocapil.quality.opencv import Mask, shrink

GRID = (9, 7)
SIDE_PX = 400.0
"""Sides of the picture are told in parts of this."""

LAYERS = 3
PLACE_FEATURES = LAYERS * GRID[0] * GRID[1] + 2
NAMES = ("place_aside", "place_down", "place_offset")


def placing_measures(picture: Picture, foreground: Mask, fields: FingerFields) -> dict[str, float]:
    """Expected place of the finger's middle from that of the picture.

    Returns:
        Distance sideways, downwards and in all, in parts of the picture's width and height.
    """
    if not foreground.any():
        return dict.fromkeys(NAMES, 0.0)
    features = place_features(picture, foreground)
    (right, down), (left, down_again) = fields.place.run(np.stack([features, mirrored(features)])).tolist()
    aside, low = abs(right - left) / 2, (down + down_again) / 2
    return {"place_aside": aside, "place_down": low, "place_offset": math.hypot(aside, low)}


def place_features(picture: Picture, foreground: Mask) -> NDArray[np.float32]:
    """Direction and cover of each box of the grid, height and width. Shape (PLACE_FEATURES,), float32."""
    direction = picture.tensor / (np.abs(picture.tensor) + np.float32(1e-3)) * picture.coherence * foreground
    layers = (direction.real, direction.imag, foreground)
    boxes = [shrink(np.ascontiguousarray(each, np.float32), GRID) for each in layers]
    sides = np.array(foreground.shape) * CELL_PX / SIDE_PX
    return np.concatenate([np.stack(boxes).ravel(), sides]).astype(np.float32)


def mirrored(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Features of the pictures seen in a mirror. Shape (..., PLACE_FEATURES), float32."""
    boxes = features[..., :-2].reshape(*features.shape[:-1], LAYERS, *GRID)[..., ::-1].copy()
    boxes[..., 1, :, :] *= -1
    flat = boxes.reshape(*features.shape[:-1], -1)
    found: NDArray[np.float32] = np.concatenate([flat, features[..., -2:]], axis=-1)
    return found
