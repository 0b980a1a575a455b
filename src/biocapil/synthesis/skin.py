"""What the skin was like when it touched: where it pressed, how wet it was, what was worn off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, blur, clamp
from biocapil.synthesis.warp import Warp


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contact:
    """Where the finger touched.

    Attributes:
        depth: 0 outside and at the border of the contact, 1 well inside. Shape (rows, columns), float32.
        touch: Share of skin that really touched at each place: `depth` with its border dissolved into dots.
        grain: Unit noise as fine as ridge units, which several effects share.
    """

    depth: Raster
    touch: Raster
    grain: Raster


def draw_contact(
    rng: np.random.Generator, warp: Warp, *, full_length: bool, difficulty: float, lost: Raster | None = None
) -> Contact:
    """Contact region of one impression: a rounded patch along the finger with an uneven border.

    Args:
        rng: Source of randomness.
        warp: How the finger lay.
        full_length: The finger was swept, so that the patch has no lower end.
        difficulty: 0 to 1; how small the patch may be.
        lost: What a degraded touch loses of the contact, in parts of its radius; None loses nothing.

    Returns:
        The contact.
    """
    shape = warp.shape
    x = warp.finger_x_px - rng.normal(0, 10)
    y = warp.finger_y_px - rng.normal(0, 10)
    room = rng.uniform(0, 20) + 25 * (0.5 - difficulty)
    half_width, half_height = rng.uniform(95, 150) + room, rng.uniform(130, 205) + room
    below = half_height * (3.0 if full_length else rng.uniform(0.8, 1.3))
    power = rng.uniform(2.0, 2.8)
    along = np.abs(y) / np.where(y > 0, np.float32(below), np.float32(half_height))
    distance = ((np.abs(x) / np.float32(half_width)) ** power + along**power) ** (1 / power)
    distance = distance + smooth_noise(rng, shape, correlation_px=60, deviation=0.028)
    distance = distance + smooth_noise(rng, shape, correlation_px=10, deviation=0.02)
    if lost is not None:
        distance = distance + lost
    rise = (1 - distance).astype(np.float32) / rng.uniform(0.05, 0.22)
    depth = clamp(rise, 0, 1)
    grain = smooth_noise(rng, shape, correlation_px=rng.uniform(1.6, 2.6))
    return Contact(depth=depth, touch=_dissolve_border(rng, rise, depth, grain), grain=grain)


def _dissolve_border(rng: np.random.Generator, rise: Raster, depth: Raster, grain: Raster) -> Raster:
    """Border of the contact as dots of skin rather than a clean cut."""
    if rng.random() < 0.2:
        return blur(depth, 0.7)
    dots = rise + rng.uniform(0.1, 0.45) * grain * (depth < 1)
    return blur((dots > rng.uniform(0.1, 0.4)).astype(np.float32), 0.7)


def draw_moisture(rng: np.random.Generator, warp: Warp, depth: Raster, *, difficulty: float) -> Raster:
    """Pressure and moisture: above 0 ridges swell and merge, below 0 they thin and break.

    Args:
        rng: Source of randomness.
        warp: How the finger lay.
        depth: Depth inside the contact; the border is drier.
        difficulty: 0 to 1; how far from even the skin is.

    Returns:
        Offset of the ridge field. Shape (rows, columns), float32.
    """
    unevenness = rng.uniform(0.05, 0.1 + 0.55 * difficulty)
    moisture = smooth_noise(rng, warp.shape, correlation_px=70, deviation=unevenness)
    moisture = moisture + rng.normal(0, 0.15 + 0.42 * difficulty)
    moisture -= rng.uniform(0.1, 0.7) * (1 - depth)
    if rng.random() < 0.5 * difficulty:
        moisture += draw_spot(rng, warp, reach_px=80, size_px=(20, 60)) * rng.uniform(0.4, 1.0)
    if rng.random() < 0.22 * difficulty:
        moisture += rng.uniform(0.35, 0.9)
    return moisture


def break_ridges(
    rng: np.random.Generator, ridges: Raster, moisture: Raster, grain: Raster, *, difficulty: float
) -> Raster:
    """Ridge field with the breaks of dry, rough skin.

    Args:
        rng: Source of randomness.
        ridges: Ridge field on the sensor, positive on ridges.
        moisture: Offset from `draw_moisture`, which is added.
        grain: Fine unit noise.
        difficulty: 0 to 1; how rough the skin is.

    Returns:
        The field. Same shape, float32.
    """
    shape = (ridges.shape[0], ridges.shape[1])
    dryness = clamp(-moisture, 0, 1.2)
    roughness = rng.uniform(0.05, 0.1 + 0.5 * difficulty) + dryness * np.float32(rng.uniform(0.3, 1.0))
    coarse = smooth_noise(rng, shape, correlation_px=rng.uniform(3.5, 7))
    noise = roughness * (grain + rng.uniform(0.2, 0.8) * coarse)
    in_valleys = rng.uniform(0.2, 0.8)
    noise *= in_valleys + (1 - in_valleys) * clamp(ridges + 0.6, 0, 1)
    field: Raster = ridges + moisture + noise
    if rng.random() < 0.6 * difficulty:
        size = rng.uniform(0.25, 0.4 + 1.2 * difficulty)
        field += smooth_noise(rng, shape, correlation_px=rng.uniform(2, 4), deviation=size)
    if rng.random() < 0.4 * difficulty:
        gaps = smooth_noise(rng, shape, correlation_px=rng.uniform(2.5, 4.5))
        gaps = clamp(gaps - rng.uniform(0.1, 0.6), 0, 2) * (ridges > 0)
        field -= rng.uniform(0.5, 1.5) * gaps
    return field


def draw_abrasion(rng: np.random.Generator, warp: Warp, grain: Raster, *, difficulty: float) -> Raster:
    """Patch where the ridges are worn off, at times; what to take from the ridge field."""
    if rng.random() >= 0.24 * difficulty:
        return np.zeros(warp.shape, np.float32)
    worn = draw_spot(rng, warp, reach_px=110, size_px=(12, 35)) * rng.uniform(0.6, 1.6)
    return worn * (1 + 0.9 * grain)


def draw_spot(
    rng: np.random.Generator, warp: Warp, *, reach_px: float, size_px: tuple[float, float]
) -> Raster:
    """Gaussian bump of height 1 somewhere near the middle of the contact."""
    x, y = rng.uniform(-reach_px, reach_px, 2)
    size = rng.uniform(*size_px)
    distance = (warp.finger_x_px - np.float32(x)) ** 2 + (warp.finger_y_px - np.float32(y)) ** 2
    return np.exp(distance / np.float32(-2 * size**2))
