"""Pictures of sensors with a lens: prism scanners and cameras."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.ground import lay_over, shape_of
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, blur, clamp
from biocapil.synthesis.skin import Contact


def optical_white(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Prism scanner with its background taken away: white ground, contrast often pushed to the ends."""
    shape = shape_of(ridge)
    ground = (
        255 - rng.uniform(0, 12) + smooth_noise(rng, shape, correlation_px=90, deviation=rng.uniform(0, 3))
    )
    dark = rng.uniform(15, 100) + smooth_noise(rng, shape, correlation_px=60, deviation=rng.uniform(0, 20))
    picture = lay_over(ground, dark, ridge * contact.touch)
    return (picture - 128) * rng.uniform(1.0, 1.3) + 128


def optical_grey(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Prism scanner with its raw grey ground, dust, and at times the ghost of an earlier print."""
    shape = shape_of(ridge)
    ground = rng.uniform(165, 225) + smooth_noise(
        rng, shape, correlation_px=150, deviation=rng.uniform(2, 14)
    )
    ground += smooth_noise(rng, shape, correlation_px=1.5, deviation=rng.uniform(1, 4))
    ground -= rng.uniform(0, 25) * blur(contact.depth, 3)
    dark = rng.uniform(15, 100) + smooth_noise(rng, shape, correlation_px=60, deviation=rng.uniform(0, 20))
    picture = lay_over(ground, dark, ridge * contact.touch)
    if rng.random() < 0.5:
        dust = smooth_noise(rng, shape, correlation_px=2.2) - rng.uniform(1.7, 2.6)
        picture -= rng.uniform(10, 60) * clamp(dust, 0, 2)
    if rng.random() < 0.35:
        picture -= _ghost(rng, shape) * (1 - contact.touch)
    return picture


def optical_vignette(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Cheap lens: corners fall dark, lamps shine."""
    shape = shape_of(ridge)
    rows, columns = shape
    y, x = np.mgrid[-0.5 : 0.5 : rows * 1j, -0.5 : 0.5 : columns * 1j].astype(np.float32)
    fall = clamp(np.hypot(x, y) - 0.3, 0, 1)
    ground = rng.uniform(170, 215) - rng.uniform(40, 130) * fall
    ground += smooth_noise(rng, shape, correlation_px=40, deviation=rng.uniform(0, 4))
    picture = lay_over(ground, rng.uniform(20, 100), ridge * contact.touch)
    if rng.random() < 0.5:
        shine = clamp(smooth_noise(rng, shape, correlation_px=25) - 1.6, 0, 2)
        picture += rng.uniform(10, 40) * blur(shine, 4) * (1 - 0.7 * contact.touch)
    return picture


def optical_enrollment(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Large certified scanner of a registration desk: bright even ground, hard contrast, breath around it."""
    shape = shape_of(ridge)
    ground = rng.uniform(238, 254) + smooth_noise(rng, shape, correlation_px=120, deviation=rng.uniform(0, 3))
    if rng.random() < 0.4:
        breath = blur(contact.depth, 18) * (1 - contact.depth)
        ground -= rng.uniform(5, 45) * breath
    dark = rng.uniform(5, 50) + smooth_noise(rng, shape, correlation_px=50, deviation=rng.uniform(0, 8))
    picture = lay_over(ground, dark, ridge * contact.touch)
    gain = rng.uniform(1.1, 1.7)
    return clamp(rng.uniform(110, 150) * (1 - gain) + picture * gain, 0, 255)


def contactless(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Camera or multispectral sensor: soft ridges of low contrast on a shaded, rounded finger."""
    shape = shape_of(ridge)
    body = blur(clamp(contact.depth * 3, 0, 1), rng.uniform(3, 7))
    shade = rng.uniform(0.5, 0.75) + blur(contact.depth, rng.uniform(15, 30)) * rng.uniform(0.25, 0.45)
    shade = shade + smooth_noise(rng, shape, correlation_px=90, deviation=rng.uniform(0.02, 0.08))
    soft = blur(ridge, rng.uniform(0.6, 1.3))
    skin = shade * (rng.uniform(175, 225) - rng.uniform(70, 130) * soft)
    skin = skin + smooth_noise(rng, shape, correlation_px=2.5, deviation=rng.uniform(1, 5))
    ground = rng.uniform(20, 235) + smooth_noise(rng, shape, correlation_px=100, deviation=6)
    picture: Raster = ground * (1 - body) + skin * body
    return picture.astype(np.float32)


def _ghost(rng: np.random.Generator, shape: tuple[int, int]) -> Raster:
    """Faint level stripes of ridge period in patches: grease that an earlier finger left."""
    rows, columns = shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    bent = y + rng.normal(0, 0.2) * x + smooth_noise(rng, shape, correlation_px=60, deviation=12)
    stripes = clamp(np.sin(bent * np.float32(2 * np.pi / rng.uniform(7.5, 10.5))), 0, 1)
    patches = clamp(smooth_noise(rng, shape, correlation_px=50), 0, 1)
    ghost: Raster = stripes * patches * rng.uniform(3, 16)
    return ghost
