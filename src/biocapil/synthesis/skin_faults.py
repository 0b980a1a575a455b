"""Faults of the skin: what dryness, sweat, pressure and wear add to the ridge field of one touch."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.degradation import Degradation, Severities
from biocapil.synthesis.lines import draw_scratch_net
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, clamp
from biocapil.synthesis.skin import draw_spot
from biocapil.synthesis.warp import Warp

DRY_OFFSET = -0.6
WET_OFFSET = 0.55
LIGHT_OFFSET = -0.5
HARD_OFFSET = 0.75
WORN_SPOTS = 7

SCRATCHES = 22
"""Scratches of one net at severity 1."""


def change_moisture(rng: np.random.Generator, moisture: Raster, severities: Severities) -> Raster:
    """Moisture of dry and of wet skin; wet skin holds blots in which the valleys fill."""
    moisture = moisture + np.float32(DRY_OFFSET * severities[Degradation.DRY])
    wet = severities[Degradation.WET]
    if wet:
        shape = (moisture.shape[0], moisture.shape[1])
        blots = clamp(smooth_noise(rng, shape, correlation_px=rng.uniform(14, 30)) + 0.1, 0, 1.6)
        moisture = moisture + np.float32(wet) * (np.float32(WET_OFFSET) + blots)
    return moisture


def change_ridges(
    rng: np.random.Generator, field: Raster, ridges: Raster, grain: Raster, *, warp: Warp,
    severities: Severities,
) -> Raster:  # fmt: skip
    """Ridge field of one degraded touch.

    Args:
        rng: Source of randomness.
        field: Ridge field with moisture and breaks. Shape (rows, columns).
        ridges: Ridge field of the unharmed skin. Same shape.
        grain: Fine unit noise.
        warp: How the finger lay.
        severities: DRY, LIGHT_PRESSURE, HARD_PRESSURE, ABRADED and SCRATCHED are used.

    Returns:
        The field. Same shape, float32.
    """
    if severities[Degradation.DRY]:
        field = field - _dry_gaps(rng, ridges, severities[Degradation.DRY])
    light, hard = severities[Degradation.LIGHT_PRESSURE], severities[Degradation.HARD_PRESSURE]
    field = field * np.float32(1 - 0.45 * hard) + ridges * np.float32(0.45 * hard)
    field = field + np.float32(LIGHT_OFFSET * light + HARD_OFFSET * hard)
    if severities[Degradation.ABRADED]:
        worn = _worn(rng, warp, severities[Degradation.ABRADED])
        field = field * (1 - worn) + worn * (
            np.float32(0.5) * grain + np.float32(0.2) * ridges - np.float32(0.6)
        )
    if severities[Degradation.SCRATCHED]:
        field = field - _scratches(rng, warp.shape, severities[Degradation.SCRATCHED])
    return field


def change_touch(touch: Raster, severities: Severities) -> Raster:
    """Darkness of the touch: pale ridges under light pressure, grey valleys under hard pressure."""
    pale = np.float32(1 - 0.55 * severities[Degradation.LIGHT_PRESSURE])
    floor = np.float32(0.3 * severities[Degradation.HARD_PRESSURE])
    return floor + (1 - floor) * touch * pale


def _dry_gaps(rng: np.random.Generator, ridges: Raster, severity: float) -> Raster:
    """What is missing of dry ridges: gaps along them that are as short as a ridge is wide."""
    shape = (ridges.shape[0], ridges.shape[1])
    gaps = smooth_noise(rng, shape, correlation_px=rng.uniform(2.2, 3.6))
    gaps = clamp(gaps - np.float32(0.7 - 0.7 * severity), 0, 2) * (ridges > 0)
    return gaps * np.float32(1.4 * severity)


def _scratches(rng: np.random.Generator, shape: tuple[int, int], severity: float) -> Raster:
    """Depth of several nets of scratches, each around a place and with a direction of its own."""
    nets = [
        draw_scratch_net(rng, shape, count=round(SCRATCHES * severity))
        for _ in range(1 + round(3 * severity))
    ]
    deepest: Raster = np.maximum.reduce(nets) * np.float32(0.8 + 2.4 * severity)
    return deepest


def _worn(rng: np.random.Generator, warp: Warp, severity: float) -> Raster:
    """Share of the relief that is worn off at each place, 0 to 1."""
    worn = np.zeros(warp.shape, np.float32)
    for _ in range(1 + round((WORN_SPOTS - 1) * severity)):
        worn += draw_spot(rng, warp, reach_px=110, size_px=(15, 40))
    ragged = smooth_noise(rng, warp.shape, correlation_px=8, deviation=0.25)
    return clamp((worn * 1.6 + ragged * (worn > 0.1)) * np.float32(severity), 0, 1)
