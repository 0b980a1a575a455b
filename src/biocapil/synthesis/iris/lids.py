"""Eyelids: the opening between them, the skin around it, folds and shadows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biocapil.synthesis.iris.conditions import EyeConditions
from biocapil.synthesis.iris.master import IrisMaster
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, clamp


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lids:
    """Edges of both lids in a frame that is turned with the head, its origin the centre of the iris.

    Attributes:
        master: The eye.
        conditions: The visit.
        lean: How lopsided the upper arch is.
    """

    master: IrisMaster
    conditions: EyeConditions
    lean: float

    @property
    def half_width_px(self) -> float:
        """Half the distance of the corners."""
        return self.master.lid_width * self.conditions.radius_px

    @property
    def skew_px(self) -> float:
        """Place of the arch's middle."""
        return self.master.lid_skew * self.conditions.radius_px

    def spread(self, along: Raster) -> Raster:
        """Distance from the arch's middle: 1 at the corners."""
        share: Raster = np.abs(along - np.float32(self.skew_px)) / np.float32(self.half_width_px)
        return clamp(share, 0, 1.3)

    def upper(self, along: Raster) -> Raster:
        """Height of the upper edge below the origin, in pixels: negative is above."""
        spread = self.spread(along)
        leaning = 1 + np.float32(self.lean / self.half_width_px) * (along - np.float32(self.skew_px)) * spread
        edge: Raster = (
            self._slant(spread)
            - np.float32(self.conditions.upper_lid * self.conditions.radius_px)
            * (1 - spread ** np.float32(self.master.lid_powers[0]))
            * leaning
        )
        return edge

    def lower(self, along: Raster) -> Raster:
        """Depth of the lower edge."""
        spread = self.spread(along)
        arch = 1 - spread ** np.float32(self.master.lid_powers[1])
        edge: Raster = np.float32(self.conditions.lower_lid * self.conditions.radius_px) * arch + self._slant(
            spread
        )
        return edge

    def _slant(self, spread: Raster) -> Raster:
        lifted: Raster = np.float32(self.master.lid_slant * self.conditions.radius_px) * spread
        return lifted

    def in_picture(self, along: Raster, below: Raster) -> Raster:
        """Places of the turned frame as x and y of the picture. Shape (N, 2)."""
        cos, sin = np.cos(self.conditions.tilt_rad), np.sin(self.conditions.tilt_rad)
        x = self.conditions.center_x_px + along * cos - below * sin
        y = self.conditions.center_y_px + along * sin + below * cos
        return np.stack([x, y], axis=-1).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LidFields:
    """Where every pixel lies with regard to the lids.

    Attributes:
        spread: See `Lids.spread`. Shape (rows, columns), float32.
        below_upper: Pixels below the edge of the upper lid; negative on the lid.
        above_lower: Pixels above the edge of the lower lid; negative on the lid.
        opening: 1 between the lids, 0 on them, soft over a pixel.
    """

    spread: Raster
    below_upper: Raster
    above_lower: Raster
    opening: Raster


def lid_fields(lids: Lids, softness_px: float) -> LidFields:
    """Work the lids out for the whole picture."""
    conditions = lids.conditions
    x = np.arange(conditions.columns, dtype=np.float32)[None, :] - np.float32(conditions.center_x_px)
    y = np.arange(conditions.rows, dtype=np.float32)[:, None] - np.float32(conditions.center_y_px)
    cos, sin = np.float32(np.cos(conditions.tilt_rad)), np.float32(np.sin(conditions.tilt_rad))
    along, below = x * cos + y * sin, y * cos - x * sin
    reach = int(np.hypot(conditions.rows, conditions.columns)) + 2
    table = np.arange(-reach, reach + 1, dtype=np.float32)
    place = (along + np.float32(reach)).astype(np.int32)
    place = np.clip(place, 0, 2 * reach)
    spread, upper, lower = (edge(table)[place] for edge in (lids.spread, lids.upper, lids.lower))
    below_upper, above_lower = below - upper, lower - below
    soft = np.float32(1 / softness_px)
    opening = clamp(below_upper * soft + 0.5, 0, 1) * clamp(above_lower * soft + 0.5, 0, 1) * (spread < 1)
    return LidFields(spread=spread, below_upper=below_upper, above_lower=above_lower, opening=opening)


def paint_skin(lids: Lids, fields: LidFields, rng: np.random.Generator) -> Raster:
    """Grey values of the skin around the eye. Shape (rows, columns)."""
    conditions = lids.conditions
    shape = (conditions.rows, conditions.columns)
    scale = conditions.columns / 320
    skin = np.full(shape, lids.master.skin_level, np.float32)
    towards, slope = rng.uniform(0, 2 * np.pi), rng.uniform(0, 50) / (160 * scale)
    skin += np.arange(shape[1], dtype=np.float32)[None, :] * np.float32(np.cos(towards) * slope)
    skin += np.arange(shape[0], dtype=np.float32)[:, None] * np.float32(np.sin(towards) * slope)
    for grain, most in ((90, 28), (25, 10), (4, 6)):
        skin += smooth_noise(rng, shape, correlation_px=grain * scale, deviation=rng.uniform(0, most))
    _folds(skin, conditions.radius_px, fields, rng)
    return skin


def _folds(skin: Raster, radius: float, fields: LidFields, rng: np.random.Generator) -> None:
    """Creases over the eye, a bag under it, and the margins of the lids."""
    above = -fields.below_upper
    for _ in range(int(rng.integers(0, 4))):
        distance, width = radius * rng.uniform(0.15, 1.2), rng.uniform(0.02, 0.1) * radius + 0.7
        skin += np.float32(rng.uniform(-50, 20)) * np.exp(-(((above - distance) / width) ** 2))
    if rng.random() < 0.7:
        depth = -fields.above_lower - np.float32(radius * rng.uniform(0.1, 0.5))
        skin += np.float32(rng.uniform(-25, 40)) * np.exp(-((depth / np.float32(radius * 0.2)) ** 2))
    for edge, darkest, brightest in ((above, -50, 35), (-fields.above_lower, -35, 45)):
        if rng.random() < 0.7:
            margin = np.float32(radius * rng.uniform(0.04, 0.25))
            skin += np.float32(rng.uniform(darkest, brightest)) * np.exp(-np.maximum(edge, 0) / margin)


def shade_globe(globe: Raster, fields: LidFields, radius_px: float, rng: np.random.Generator) -> None:
    """Darken the eye towards its corners and under the upper lid, in place."""
    under = np.maximum(fields.below_upper, 0)
    globe -= np.float32(rng.uniform(0, 60)) * np.minimum(fields.spread, 1) ** 2 * (fields.spread > 0.3)
    globe -= np.float32(rng.uniform(0, 35)) * np.exp(
        under * np.float32(-1 / (radius_px * rng.uniform(0.1, 0.4)))
    )
    globe -= np.float32(rng.uniform(0, 25)) * np.exp(under * np.float32(-1 / (radius_px * 0.12)))
