"""From light to grey values: motion, defocus, interlace, tone, noise, compression."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.iris.conditions import EyeConditions
from biocapil.synthesis.noise import white_noise
from biocapil.synthesis.raster import Raster, blur, clamp, convolve, opencv, through_jpeg

LEAST_MOTION_PX = 0.5


def photograph(light: Raster, conditions: EyeConditions, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Take the picture.

    Args:
        light: What stands before the camera, 0 to 255. Shape (rows, columns).
        conditions: The visit.
        rng: Source of the noise.

    Returns:
        Grey values. Same shape, uint8.
    """
    if conditions.motion_px >= LEAST_MOTION_PX:
        light = convolve(light, _way(conditions.motion_px, conditions.motion_towards_rad))
    light = blur(light, conditions.defocus_px)
    if conditions.interlace_px:
        light = _interlaced(light, conditions.interlace_px)
    light = clamp((light - 128) * np.float32(conditions.gain) + np.float32(128 + conditions.offset), 0, 255)
    light = np.float32(255) * (light * np.float32(1 / 255)) ** np.float32(conditions.gamma)
    light = light + white_noise(rng, (conditions.rows, conditions.columns)) * np.float32(conditions.noise)
    pixels = clamp(light + np.float32(0.5), 0, 255).astype(np.uint8)
    return through_jpeg(pixels, conditions.jpeg_quality) if conditions.jpeg_quality else pixels


def _way(length_px: float, towards_rad: float) -> Raster:
    """Kernel of a straight motion."""
    half = math.ceil(length_px / 2) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    steps = np.linspace(-length_px / 2, length_px / 2, 8 * half + 1)
    x, y = half + steps * math.cos(towards_rad), half + steps * math.sin(towards_rad)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for dx in (0, 1):
        for dy in (0, 1):
            share = np.abs(1 - dx - (x - left)) * np.abs(1 - dy - (y - top))
            np.add.at(kernel, (top + dy, left + dx), share.astype(np.float32))
    normal: Raster = kernel / kernel.sum()
    return normal


def _interlaced(light: Raster, shift_px: float) -> Raster:
    """Odd rows as the camera saw them a moment later."""
    cv2 = opencv()
    move = np.array([[1, 0, shift_px], [0, 1, 0]], np.float32)
    rows, columns = light.shape
    moved = cv2.warpAffine(light, move, (columns, rows), borderMode=cv2.BORDER_REPLICATE)
    woven = light.copy()
    woven[1::2] = moved[1::2]
    return woven
