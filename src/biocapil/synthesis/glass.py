"""A glass large enough for four fingers: what touches it, finger by finger."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.raster import Raster
from biocapil.synthesis.skin import Contact

TOUCHING = 0.25
"""Share of touch from which a pixel counts as skin when a finger's box is measured."""


class Glass:
    """Touch of several fingers, filled in by `lay_down`.

    Attributes:
        ridge: Touch of the skin's relief, 0 in valleys to 1 on ridges. Shape (rows, columns), float32.
        contact: Where fingers touch. Same shape.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.ridge: Raster = np.zeros(shape, np.float32)
        self._depth: Raster = np.zeros(shape, np.float32)
        self._touch: Raster = np.zeros(shape, np.float32)

    @property
    def contact(self) -> Contact:
        """Where fingers touch, without grain."""
        return Contact(depth=self._depth, touch=self._touch, grain=np.zeros_like(self._depth))

    def lay_down(
        self, ridge: Raster, contact: Contact, place_px: tuple[int, int]
    ) -> tuple[int, int, int, int] | None:
        """Lay one finger's tile on the glass; what lies beyond the border is lost.

        Args:
            ridge: Touch of its relief. Shape of the tile.
            contact: Where it touches. Same shape.
            place_px: x and y of the tile's top left pixel.

        Returns:
            Left, top, width and height of the smallest upright box around the touch, or None where nothing
            of it lies on the glass.
        """
        rows, columns = self.ridge.shape
        left, top = max(0, place_px[0]), max(0, place_px[1])
        right = min(columns, place_px[0] + ridge.shape[1])
        bottom = min(rows, place_px[1] + ridge.shape[0])
        if left >= right or top >= bottom:
            return None
        here = (slice(top, bottom), slice(left, right))
        there = (
            slice(top - place_px[1], bottom - place_px[1]),
            slice(left - place_px[0], right - place_px[0]),
        )
        touch = contact.touch[there]
        self.ridge[here] = np.maximum(self.ridge[here], ridge[there] * (touch > 0))
        self._depth[here] = np.maximum(self._depth[here], contact.depth[there])
        self._touch[here] = np.maximum(self._touch[here], touch)
        down, across = np.nonzero(touch >= TOUCHING)
        if not len(down):
            return None
        return (
            left + int(across.min()),
            top + int(down.min()),
            int(np.ptp(across)) + 1,
            int(np.ptp(down)) + 1,
        )
