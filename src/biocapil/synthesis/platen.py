"""Faults at the glass: wiped and doubled ridges, the ghost of an earlier finger, dust."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis.degradation import Degradation, Severities
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, blur, clamp, convolve, sample_map
from biocapil.synthesis.warp import Warp

SMEAR_RADIUS_PX = 12
MOVE_RADIUS_PX = 13
GHOST_DARK, GHOST_DARK_PERCENT = 40.0, 1.0
"""Grey value that a full ghost would reach; in a dark picture the grey of its darkest hundredth."""

GHOST_REACH_PX = 150.0
GHOST_PLACES = 8
"""An earlier finger lies where it shows: at that of so many places where most of it is on free glass."""

COARSE_STEP_PX = 8


def smear(rng: np.random.Generator, touch: Raster, severities: Severities) -> Raster:
    """Touch of a finger that was wiped in places (SMUDGED) or slid while it was captured (MOVED)."""
    shape = (touch.shape[0], touch.shape[1])
    smudged, moved = severities[Degradation.SMUDGED], severities[Degradation.MOVED]
    if smudged:
        radius = 3 + (SMEAR_RADIUS_PX - 3) * smudged
        streaks = convolve(touch, _streak(rng.uniform(0, math.pi), radius, SMEAR_RADIUS_PX))
        where = clamp(smooth_noise(rng, shape, correlation_px=70) + np.float32(2.2 * smudged - 0.7), 0, 1)
        where *= np.float32(min(1.0, 2 * smudged))
        touch = touch * (1 - where) + where * (np.float32(0.12) + np.float32(0.9) * streaks)
    if moved:
        reach = 4 + (MOVE_RADIUS_PX - 4) * moved
        touch = convolve(touch, _double(rng.uniform(0, 2 * math.pi), reach, moved))
    return touch


def soil(
    rng: np.random.Generator, picture: Raster, skin: Raster, warp: Warp, *, touch: Raster,
    severities: Severities,
) -> Raster:  # fmt: skip
    """Picture with what lay on the glass: grease of an earlier finger, dust where no finger is.

    Args:
        rng: Source of randomness.
        picture: Grey values. Shape (rows, columns).
        skin: Ridge field of a master; its mirror image stands for another finger.
        warp: How the finger lay.
        touch: Where it touched, 0 to 1: it covers most of the grease.
        severities: LATENT_GHOST and NO_FINGER are used.

    Returns:
        Grey values. Same shape, float32.
    """
    ghost, missing = severities[Degradation.LATENT_GHOST], severities[Degradation.NO_FINGER]
    if missing and rng.random() < 0.5:
        ghost = max(ghost, rng.uniform(0.1, 0.4) * missing)
    if ghost:
        grease = _grease(rng, skin, warp, touch) * (1 - np.float32(0.5) * touch)
        dark = np.float32(min(GHOST_DARK, float(np.percentile(picture[::4, ::4], GHOST_DARK_PERCENT))))
        picture = picture - np.float32(0.8 * ghost) * grease * clamp(picture - dark, 0, 255)
    if missing:
        specks = smooth_noise(rng, warp.shape, correlation_px=2.2) - np.float32(rng.uniform(2.6, 3.2))
        picture = picture - np.float32(rng.uniform(20, 80) * missing) * clamp(specks, 0, 1)
    return picture


def _grease(rng: np.random.Generator, skin: Raster, warp: Warp, touch: Raster) -> Raster:
    """Ridges of another finger, patchy, on the glass that the touch leaves free if there is any; 0 to 1."""
    turn = rng.normal(0, 0.5)
    half_sides = (np.float32(rng.uniform(95, 130)), np.float32(rng.uniform(120, 180)))
    places = rng.uniform(-GHOST_REACH_PX, GHOST_REACH_PX, (GHOST_PLACES, 2))
    coarse = (slice(None, None, COARSE_STEP_PX),) * 2
    free = 1 - touch[coarse]
    shown = [
        float(
            (
                free
                * _cover(*_moved(warp.finger_x_px[coarse], warp.finger_y_px[coarse], place, turn), half_sides)
            ).sum()
        )
        for place in places
    ]
    x, y = _moved(warp.finger_x_px, warp.finger_y_px, places[int(np.argmax(shown))], turn)
    rows, columns = skin.shape
    ridges = sample_map(np.ascontiguousarray(skin[:, ::-1]), x + columns / 2, y + rows / 2, outside=-1.0)
    patches = clamp(smooth_noise(rng, warp.shape, correlation_px=35, deviation=0.5) + 0.7, 0, 1)
    return blur(clamp(ridges, 0, 1), 0.8) * patches * _cover(x, y, half_sides)


def _moved(x: Raster, y: Raster, place: NDArray[np.float64], turn_rad: float) -> tuple[Raster, Raster]:
    """Coordinates from the middle of a finger that lies at `place`, turned."""
    cosine, sine = np.float32(math.cos(turn_rad)), np.float32(math.sin(turn_rad))
    x, y = x - np.float32(place[0]), y - np.float32(place[1])
    return cosine * x - sine * y, sine * x + cosine * y


def _cover(x: Raster, y: Raster, half_sides_px: tuple[np.float32, np.float32]) -> Raster:
    """1 inside an oval, 0 outside."""
    return clamp((1 - (x / half_sides_px[0]) ** 2 - (y / half_sides_px[1]) ** 2) * 3, 0, 1)


def _streak(angle_rad: float, half_length_px: float, radius_px: int) -> Raster:
    """Kernel of a straight wipe, of sum 1."""
    along, across = _axes(angle_rad, radius_px)
    kernel = np.exp(-0.5 * (across / 0.6) ** 2) * (np.abs(along) <= half_length_px)
    streak: Raster = (kernel / kernel.sum()).astype(np.float32)
    return streak


def _double(angle_rad: float, reach_px: float, severity: float) -> Raster:
    """Kernel that leaves the print, adds a second one `reach_px` away, and a trace between; of sum 1."""
    along, across = _axes(angle_rad, MOVE_RADIUS_PX)
    first = np.exp(-0.5 * (along**2 + across**2) / 0.45**2)
    second = np.exp(-0.5 * ((along - reach_px) ** 2 + across**2) / 0.6**2)
    between = np.exp(-0.5 * (across / 0.6) ** 2) * (along > 0) * (along < reach_px)
    kernel: Raster = (
        (1 - 0.6 * severity) * first / first.sum()
        + 0.38 * severity * second / second.sum()
        + 0.22 * severity * between / between.sum()
    )
    return kernel.astype(np.float32)


def _axes(angle_rad: float, radius_px: int) -> tuple[Raster, Raster]:
    """Coordinates along and across a direction, on a kernel's grid."""
    y, x = np.mgrid[-radius_px : radius_px + 1, -radius_px : radius_px + 1].astype(np.float32)
    cosine, sine = np.float32(math.cos(angle_rad)), np.float32(math.sin(angle_rad))
    return x * cosine + y * sine, y * cosine - x * sine
