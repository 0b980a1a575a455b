"""Master prints: the whole ridge skin of one finger that does not exist, before any sensor saw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from biocapil.synthesis.lines import draw_creases
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.orientation import draw_orientation
from biocapil.synthesis.pattern import Pattern, draw_pattern
from biocapil.synthesis.period import FINGER_PERIOD_PX, draw_finger_period, draw_period_map
from biocapil.synthesis.pores import draw_pores
from biocapil.synthesis.raster import Raster, resize, sample_map
from biocapil.synthesis.ridges import CELLS_PER_PERIOD, grow_ridges

Seed = int | Sequence[int] | np.random.Generator

MASTER_SHAPE = (576, 448)
"""Rows and columns of a master: 29 × 23 mm at 500 ppi."""

MASTER_PPI = 500.0
SQUASH = 1.3
"""Slope of the squashing that gives ridges and valleys their flat tops."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MasterPrint:
    """The ridge skin of one synthetic finger at 500 ppi.

    Attributes:
        pattern: Pattern class.
        ridges: Ridge field: about 1 on ridges, -1 in valleys. Shape MASTER_SHAPE, float32, read-only.
        pores: Depth of the pores, 0 to about 1. Same shape.
        creases: Depth of the finger's own creases, 0 to 1. Same shape.
        orientation_rad: Ridge orientation on the growth grid, counter-clockwise as a viewer sees it,
            -π/2 to π/2. Float32, read-only.
        period_px: Ridge period on the growth grid, pixels. Same shape as the orientation.
    """

    pattern: Pattern
    ridges: Raster
    pores: Raster
    creases: Raster
    orientation_rad: Raster
    period_px: Raster

    def __post_init__(self) -> None:
        for name in ("ridges", "pores", "creases"):
            if getattr(self, name).shape != MASTER_SHAPE:
                raise ValueError(f"{name} must have shape {MASTER_SHAPE}, got {getattr(self, name).shape}")
        if self.orientation_rad.shape != self.period_px.shape:
            raise ValueError(
                f"orientation and period must share one grid, got {self.orientation_rad.shape} "
                f"and {self.period_px.shape}"
            )
        for name in ("ridges", "pores", "creases", "orientation_rad", "period_px"):
            array = getattr(self, name)
            if array.dtype != np.float32:
                raise ValueError(f"{name} must be float32, got {array.dtype}")
            view = array.view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    @property
    def mean_period_px(self) -> float:
        """Mean ridge period, pixels at 500 ppi."""
        return float(self.period_px.mean())

    def __repr__(self) -> str:
        return f"MasterPrint({self.pattern.value}, mean ridge period {self.mean_period_px:.1f} px)"


def make_master(seed: Seed, *, pattern: Pattern | None = None, period_px: float | None = None) -> MasterPrint:
    """Make the ridge skin of one finger.

    Args:
        seed: Generator, or a seed (one number or several) for a fresh one: same seed, same finger.
        pattern: Pattern class; None draws one at the natural frequencies of all fingers.
        period_px: Typical ridge period, pixels at 500 ppi, inside `FINGER_PERIOD_PX`; None draws one.

    Returns:
        The finger.

    Raises:
        ValueError: The period lies outside the range.
        MissingPart: OpenCV is not installed.
    """
    if period_px is not None and not FINGER_PERIOD_PX[0] <= period_px <= FINGER_PERIOD_PX[1]:
        raise ValueError(
            f"period_px must lie in {FINGER_PERIOD_PX[0]}..{FINGER_PERIOD_PX[1]}, got {period_px!r}"
        )
    rng = np.random.default_rng(seed)
    chosen = draw_pattern(rng) if pattern is None else pattern
    finger_period = draw_finger_period(rng) if period_px is None else period_px
    cell_px = finger_period / CELLS_PER_PERIOD
    grid = (round(MASTER_SHAPE[0] / cell_px), round(MASTER_SHAPE[1] / cell_px))
    orientation = draw_orientation(rng, chosen, grid, cell_px=cell_px)
    period = draw_period_map(rng, finger_period, grid, cell_px=cell_px)
    return _grow(rng, chosen, orientation, period)


def make_lookalike(master: MasterPrint, seed: Seed) -> MasterPrint:
    """Make another finger with the same pattern, ridge flow and period but other minutiae.

    Args:
        master: Finger whose flow is taken.
        seed: As for `make_master`.

    Returns:
        A finger that a careless comparison takes for `master`, and that must not match it.
    """
    rng = np.random.default_rng(seed)
    return _grow(rng, master.pattern, master.orientation_rad, master.period_px)


def _grow(
    rng: np.random.Generator, pattern: Pattern, orientation_rad: Raster, period_px: Raster
) -> MasterPrint:
    """Everything of a finger that is not its flow."""
    cell_px = MASTER_SHAPE[0] / orientation_rad.shape[0]
    grown = grow_ridges(rng, orientation_rad, period_px / np.float32(cell_px))
    ridges = _make_irregular(rng, np.tanh(resize(grown, MASTER_SHAPE) * np.float32(SQUASH)))
    return MasterPrint(
        pattern=pattern,
        ridges=ridges,
        pores=draw_pores(rng, ridges),
        creases=draw_creases(rng, MASTER_SHAPE),
        orientation_rad=orientation_rad,
        period_px=period_px,
    )


def _make_irregular(rng: np.random.Generator, ridges: Raster) -> Raster:
    """Shake ridge borders and vary ridge widths a little: no skin is as even as a filter's answer."""
    y, x = np.mgrid[0 : MASTER_SHAPE[0], 0 : MASTER_SHAPE[1]].astype(np.float32)
    shake_px, width = rng.uniform(0.12, 0.5), rng.uniform(0.05, 0.22)
    x += smooth_noise(rng, MASTER_SHAPE, correlation_px=5, deviation=shake_px)
    y += smooth_noise(rng, MASTER_SHAPE, correlation_px=5, deviation=shake_px)
    return sample_map(ridges, x, y) + smooth_noise(rng, MASTER_SHAPE, correlation_px=4, deviation=width)
