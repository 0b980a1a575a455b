"""Batches: eyes of one size, mirrored and lit a little differently each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil_models.pelangi.train.eyes import FULL, KnownEye

BATCH = 12
GAIN, OFFSET = (0.75, 1.3), 25.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """What one step learns from.

    Attributes:
        pixels: Grey values. Shape (BATCH, 1, rows, columns), float32.
        maps: Shares, 0 to 1. Shape (BATCH, 4, rows, columns), float32.
    """

    pixels: NDArray[np.float32]
    maps: NDArray[np.float32]


def by_size(eyes: Sequence[KnownEye]) -> list[list[KnownEye]]:
    """Eyes in groups of one size, each at least a batch; rarer sizes are left out."""
    groups: dict[tuple[int, ...], list[KnownEye]] = {}
    for eye in eyes:
        groups.setdefault(eye.pixels.shape, []).append(eye)
    return [group for _, group in sorted(groups.items()) if len(group) >= BATCH]


def draw_batch(rng: np.random.Generator, groups: Sequence[Sequence[KnownEye]]) -> Batch:
    """Draw a batch; the size is drawn by how many eyes have it."""
    sizes = np.array([len(group) for group in groups], float)
    group = groups[int(rng.choice(len(groups), p=sizes / sizes.sum()))]
    chosen = [group[int(index)] for index in rng.choice(len(group), BATCH, replace=False)]
    pixels = np.stack([eye.pixels for eye in chosen]).astype(np.float32)
    maps = np.stack([eye.maps for eye in chosen])
    if rng.random() < 0.5:
        pixels, maps = pixels[..., ::-1], maps[..., ::-1]
    gain = rng.uniform(*GAIN, (BATCH, 1, 1)).astype(np.float32)
    offset = rng.uniform(-OFFSET, OFFSET, (BATCH, 1, 1)).astype(np.float32)
    pixels = np.clip((pixels - 128) * gain + 128 + offset, 0, 255)
    return Batch(
        pixels=np.ascontiguousarray(pixels[:, None], np.float32),
        maps=np.ascontiguousarray(maps, np.float32) / np.float32(FULL),
    )
