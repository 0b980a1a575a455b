"""Crops: square pieces of prints, changed a little each time, with the maps that are the right answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.raster import opencv
from biocapil_models.sidik.train.prints import LabelledPrint

CROP_PX = 192
ZOOM = (0.84, 1.12)
"""Ridge periods are stretched by a factor from this range: sensors lie about their resolution."""
AIMED_SHARE = 0.8
"""Share of crops that hold at least one minutia."""
SPREAD_PX = 1.6
"""Standard deviation of the Gaussian that marks a minutia."""
REACH_PX = 5
CONTRAST, BRIGHTNESS, NOISE = (0.55, 1.45), 30.0, 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crop:
    """One piece.

    Attributes:
        pixels: Grey values. Shape (CROP_PX, CROP_PX), float32.
        maps: Position, cos, sin. Shape (3, CROP_PX, CROP_PX), float32.
        count: Minutiae in or near the crop.
    """

    pixels: NDArray[np.float32]
    maps: NDArray[np.float32]
    count: int


def cut_crop(rng: np.random.Generator, source: LabelledPrint) -> Crop:
    """Cut a random piece, scale it, mirror it, change its grey values.

    Args:
        rng: Source of randomness.
        source: Print to cut from.

    Returns:
        The crop with its answers.
    """
    cv2 = opencv()
    side = min(round(CROP_PX / rng.uniform(*ZOOM)), *source.pixels.shape)
    row, column = _corner(rng, source, side)
    cut = slice(row, row + side), slice(column, column + side)
    zoom = CROP_PX / side
    way = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
    pixels = cv2.resize(source.pixels[cut], (CROP_PX, CROP_PX), interpolation=way).astype(np.float32)
    labels = source.minutiae - np.array([column, row, 0], np.float32)
    labels[:, :2] = (labels[:, :2] + 0.5) * zoom - 0.5
    near = (labels[:, :2] > -REACH_PX) & (labels[:, :2] < CROP_PX + REACH_PX)
    labels = labels[near.all(axis=1)]
    pixels, labels = _mirror(rng, pixels, labels)
    return Crop(
        pixels=_relight(rng, pixels),
        maps=answer_maps(labels),
        count=len(labels),
    )


def answer_maps(labels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Maps with a Gaussian at each minutia; where two overlap, the nearer one's direction."""
    reach = np.arange(-REACH_PX, REACH_PX + 1)
    bump = np.exp(-(reach[:, None] ** 2 + reach**2) / (2 * SPREAD_PX**2)).astype(np.float32)
    margin = 2 * REACH_PX + 2  # a mirrored minutia may lie one pixel beyond the reach
    maps = np.zeros((3, CROP_PX + 2 * margin, CROP_PX + 2 * margin), np.float32)
    for x, y, angle in labels.tolist():
        column, row = round(x) + margin, round(y) + margin
        piece = maps[:, row - REACH_PX : row + REACH_PX + 1, column - REACH_PX : column + REACH_PX + 1]
        nearer = bump > piece[0]
        for values, value in zip(piece[1:], (np.cos(angle), np.sin(angle)), strict=True):
            values[nearer] = value
        piece[0][nearer] = bump[nearer]
    return maps[:, margin:-margin, margin:-margin]


def _corner(rng: np.random.Generator, source: LabelledPrint, side: int) -> tuple[int, int]:
    """Row and column of the crop's first pixel."""
    rows, columns = (int(length) for length in source.pixels.shape)
    if rng.random() >= AIMED_SHARE:
        return int(rng.integers(rows - side + 1)), int(rng.integers(columns - side + 1))
    chosen = int(rng.integers(len(source.minutiae)))
    x, y = float(source.minutiae[chosen, 0]), float(source.minutiae[chosen, 1])
    above, before = (int(offset) for offset in rng.integers(side, size=2))
    row, column = int(y - above), int(x - before)
    return int(np.clip(row, 0, rows - side)), int(np.clip(column, 0, columns - side))


def _mirror(
    rng: np.random.Generator, pixels: NDArray[np.float32], labels: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Left for right, half the time. Never upside down: which way is up helps to tell directions."""
    if rng.random() < 0.5:
        return pixels, labels
    x, y, angle = labels.T
    mirrored = np.column_stack([CROP_PX - 1 - x, y, np.pi - angle])
    return pixels[:, ::-1], mirrored.astype(np.float32)


def _relight(rng: np.random.Generator, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    middle = pixels.mean()
    lit = (pixels - middle) * rng.uniform(*CONTRAST) + middle + rng.uniform(-BRIGHTNESS, BRIGHTNESS)
    noise = rng.standard_normal(pixels.shape, dtype=np.float32) * rng.uniform(0, NOISE)
    seen: NDArray[np.float32] = np.clip(lit + noise, 0, 255).astype(np.float32)
    return seen
