"""Faults of placing: how a degraded touch is dragged over the glass, and what it loses of its contact."""

from __future__ import annotations

import math

import numpy as np

from biocapil.synthesis.degradation import Degradation, Severities
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster

STRETCH_TWIST_RAD = 0.3
STRETCH_PUSH_PX = 20.0
STRETCH_SLOW_PX = 5.0
STRETCH_REACH_PX = 90.0
FLATTENING = 0.09
"""Share by which hard pressed skin spreads at most."""

FLATTENING_REACH_PX = 140.0
PARTIAL_CUT_PX = (105.0, -25.0)
"""Distance of the cut from the middle of the finger at severity 0 and 1."""

LOST_PER_SEVERITY = {
    Degradation.LIGHT_PRESSURE: 0.3,
    Degradation.HARD_PRESSURE: -0.22,
    Degradation.SMALL_AREA: 0.55,
    Degradation.NO_FINGER: 1.7,
}
"""How much of the contact's radius goes; above 1 by enough that not even the dots of its border stay."""


def drag(rng: np.random.Generator, x: Raster, y: Raster, severities: Severities) -> tuple[Raster, Raster]:
    """Places of the skin after it was dragged over the glass or pressed flat.

    Args:
        rng: Source of randomness.
        x: x of each pixel from the middle of the contact. Shape (rows, columns).
        y: The same for y.
        severities: STRETCHED and HARD_PRESSURE are used.

    Returns:
        x and y on the skin at rest, in the same axes.
    """
    stretched, pressed = severities[Degradation.STRETCHED], severities[Degradation.HARD_PRESSURE]
    if stretched:
        shape = (x.shape[0], x.shape[1])
        moved = (1 - np.exp((x**2 + y**2) / np.float32(-2 * STRETCH_REACH_PX**2))).astype(np.float32)
        twist = np.float32(rng.choice((-1, 1)) * rng.uniform(0.6, 1) * STRETCH_TWIST_RAD * stretched)
        direction = rng.uniform(0, 2 * math.pi)
        push = STRETCH_PUSH_PX * stretched * moved
        slow = STRETCH_SLOW_PX * stretched
        slow_x, slow_y = (smooth_noise(rng, shape, correlation_px=80, deviation=slow) for _ in range(2))
        x, y = (
            x + slow_x + push * np.float32(math.cos(direction)) - moved * twist * y,
            y + slow_y + push * np.float32(math.sin(direction)) + moved * twist * x,
        )
    if pressed:
        near = np.exp((x**2 + y**2) / np.float32(-2 * FLATTENING_REACH_PX**2))
        spread = 1 - np.float32(FLATTENING * pressed) * near
        x, y = x * spread, y * spread
    return x, y


def draw_lost_contact(
    rng: np.random.Generator, finger_x_px: Raster, finger_y_px: Raster, severities: Severities
) -> Raster:
    """What a degraded touch loses of its contact, in parts of the contact's radius; below 0 it gains.

    Args:
        rng: Source of randomness.
        finger_x_px: x of each pixel from the middle of the contact, along the finger's axes.
        finger_y_px: The same for y.
        severities: PARTIAL and those of `LOST_PER_SEVERITY` are used.

    Returns:
        The loss at every pixel. Same shape, float32.
    """
    everywhere = sum(share * severities[degradation] for degradation, share in LOST_PER_SEVERITY.items())
    lost = np.full(finger_x_px.shape, everywhere, np.float32)
    severity = severities[Degradation.PARTIAL]
    if severity:
        direction = rng.uniform(0, 2 * math.pi)
        beyond = finger_x_px * np.float32(math.cos(direction)) + finger_y_px * np.float32(math.sin(direction))
        cut = PARTIAL_CUT_PX[0] + severity * (PARTIAL_CUT_PX[1] - PARTIAL_CUT_PX[0])
        lost += np.clip((beyond - np.float32(cut)) / 15, 0, 3)
    return lost
