"""Pictures of sensors without a lens: capacitive areas, swept lines and stripes."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.ground import lay_over, shape_of
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, blur, clamp
from biocapil.synthesis.skin import Contact


def capacitive(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Silicon cells: mid-grey ground with column gains, dark ridges, dust of sweat around the print."""
    shape = shape_of(ridge)
    ground = rng.uniform(85, 150) + smooth_noise(rng, shape, correlation_px=120, deviation=rng.uniform(3, 12))
    ground += rng.normal(0, rng.uniform(0.5, 4), (1, shape[1])).astype(np.float32)
    ground += smooth_noise(rng, shape, correlation_px=2, deviation=rng.uniform(2, 6))
    near = blur(contact.depth, 12) * (1 - contact.depth)
    sweat = clamp(contact.grain - rng.uniform(0.9, 1.6), 0, 1) * near
    touch = clamp(ridge * contact.touch + rng.uniform(0, 1.2) * sweat, 0, 1)
    return lay_over(ground, rng.uniform(15, 50), touch)


def thermal_sweep(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Swept line sensor: black and white without grey between, on a ground that drifts row by row."""
    shape = shape_of(ridge)
    drift = smooth_noise(rng, (shape[0], 3), correlation_px=60, deviation=rng.uniform(2, 8))[:, 1:2]
    ground = rng.uniform(75, 135) + drift
    ground = ground + smooth_noise(rng, shape, correlation_px=1.5, deviation=3)
    relief = ridge - blur(ridge, rng.uniform(7, 12))
    skin = rng.uniform(115, 150) - relief * rng.uniform(260, 520)
    warmth = blur(contact.depth, rng.uniform(2, 5))
    patchy = clamp(smooth_noise(rng, shape, correlation_px=90, deviation=0.8), 0, 1)
    rim = clamp(1 - np.abs(warmth - 0.35) * 3, 0, 1) * patchy
    picture: Raster = ground * (1 - warmth) + clamp(skin, 0, 255) * warmth
    picture += rng.uniform(0, 90) * rim
    return picture


def capacitive_small(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Small cheap cell array: checkered fixed pattern, dead cells, ridges grey to black."""
    shape = shape_of(ridge)
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    checker = np.where((rows + columns) % 2, 1.0, -1.0) * rng.uniform(0, 7)
    pattern = rng.normal(0, rng.uniform(1, 6), shape) + rng.normal(0, rng.uniform(0, 3), (shape[0], 1))
    ground = rng.uniform(140, 215) + smooth_noise(rng, shape, correlation_px=80, deviation=rng.uniform(2, 10))
    dark = rng.uniform(15, 85) + smooth_noise(rng, shape, correlation_px=40, deviation=rng.uniform(2, 15))
    cover = blur(ridge * contact.touch, rng.uniform(0.4, 0.8))
    picture = lay_over(ground, dark, cover) + (checker + pattern).astype(np.float32)
    dead = rng.random(shape) < rng.uniform(0, 0.0008)
    return np.where(dead, np.float32(rng.uniform(0, 60)), picture).astype(np.float32)


def swept_stripe(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Narrow array that a finger is drawn over: stripes of unlike gain, joined by software."""
    shape = shape_of(ridge)
    height = int(rng.integers(10, 26))
    stripe = (np.arange(shape[0]) + int(rng.integers(height))) // height
    gain = rng.normal(0, rng.uniform(0.01, 0.06), int(stripe[-1]) + 1)[stripe][:, None].astype(np.float32)
    ground = rng.uniform(150, 240) + rng.normal(0, rng.uniform(0, 4), (1, shape[1])).astype(np.float32)
    ground = ground + smooth_noise(rng, shape, correlation_px=2, deviation=rng.uniform(1, 4))
    dark = rng.uniform(20, 80) + smooth_noise(rng, shape, correlation_px=60, deviation=rng.uniform(2, 12))
    picture: Raster = lay_over(ground, dark, ridge * contact.touch) * (1 + gain)
    return picture.astype(np.float32)
