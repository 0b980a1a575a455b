"""Sensor styles: how different devices turn touching skin into grey values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

import numpy as np

from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, blur, clamp
from biocapil.synthesis.skin import Contact


class SensorStyle(Enum):
    """Families of devices by the look of their pictures."""

    OPTICAL_WHITE = "optical_white"
    OPTICAL_GREY = "optical_grey"
    OPTICAL_VIGNETTE = "optical_vignette"
    CAPACITIVE = "capacitive"
    THERMAL_SWEEP = "thermal_sweep"
    INK_CARD = "ink_card"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorProfile:
    """What is fixed about a style.

    Attributes:
        share: How often a random impression comes from such a sensor.
        shape: Rows and columns of its picture.
        scale: Range of master pixels per picture pixel: real sensors are seldom exactly 500 ppi.
        swept: The finger is drawn over the sensor, so that its whole length shows.
    """

    share: float
    shape: tuple[int, int]
    scale: tuple[float, float] = (0.95, 1.05)
    swept: bool = False


PROFILES: Mapping[SensorStyle, SensorProfile] = MappingProxyType(
    {
        SensorStyle.OPTICAL_WHITE: SensorProfile(share=0.28, shape=(384, 384)),
        SensorStyle.OPTICAL_GREY: SensorProfile(share=0.24, shape=(400, 320)),
        SensorStyle.OPTICAL_VIGNETTE: SensorProfile(share=0.12, shape=(384, 288)),
        SensorStyle.CAPACITIVE: SensorProfile(share=0.16, shape=(304, 304)),
        SensorStyle.THERMAL_SWEEP: SensorProfile(share=0.10, shape=(432, 304), swept=True),
        SensorStyle.INK_CARD: SensorProfile(share=0.10, shape=(416, 352)),
    }
)


def draw_style(rng: np.random.Generator) -> SensorStyle:
    """Style of a random sensor, at the shares of `PROFILES`."""
    styles = list(PROFILES)
    return styles[int(rng.choice(len(styles), p=[PROFILES[style].share for style in styles]))]


def render(rng: np.random.Generator, style: SensorStyle, ridge: Raster, contact: Contact) -> Raster:
    """Picture of touching skin on one sensor, before its optics and electronics add their own.

    Args:
        rng: Source of randomness.
        style: Sensor.
        ridge: Touch of the skin's relief, 0 in valleys to 1 on ridges.
        contact: Where the finger touched.

    Returns:
        Grey values, 0 black to 255 white, not yet clipped. Shape (rows, columns), float32.
    """
    return _RENDERERS[style](rng, ridge, contact)


def _optical_white(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Prism scanner with its background taken away: white ground, contrast often pushed to the ends."""
    shape = _shape(ridge)
    ground = (
        255 - rng.uniform(0, 12) + smooth_noise(rng, shape, correlation_px=90, deviation=rng.uniform(0, 3))
    )
    dark = rng.uniform(15, 100) + smooth_noise(rng, shape, correlation_px=60, deviation=rng.uniform(0, 20))
    picture = _ink(ground, dark, ridge * contact.touch)
    return (picture - 128) * rng.uniform(1.0, 1.3) + 128


def _optical_grey(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Prism scanner with its raw grey ground, dust, and at times the ghost of an earlier print."""
    shape = _shape(ridge)
    ground = rng.uniform(165, 225) + smooth_noise(
        rng, shape, correlation_px=150, deviation=rng.uniform(2, 14)
    )
    ground += smooth_noise(rng, shape, correlation_px=1.5, deviation=rng.uniform(1, 4))
    ground -= rng.uniform(0, 25) * blur(contact.depth, 3)
    dark = rng.uniform(15, 100) + smooth_noise(rng, shape, correlation_px=60, deviation=rng.uniform(0, 20))
    picture = _ink(ground, dark, ridge * contact.touch)
    if rng.random() < 0.5:
        dust = smooth_noise(rng, shape, correlation_px=2.2) - rng.uniform(1.7, 2.6)
        picture -= rng.uniform(10, 60) * clamp(dust, 0, 2)
    if rng.random() < 0.35:
        picture -= _ghost(rng, shape) * (1 - contact.touch)
    return picture


def _optical_vignette(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Cheap lens: corners fall dark, lamps shine."""
    shape = _shape(ridge)
    rows, columns = shape
    y, x = np.mgrid[-0.5 : 0.5 : rows * 1j, -0.5 : 0.5 : columns * 1j].astype(np.float32)
    fall = clamp(np.hypot(x, y) - 0.3, 0, 1)
    ground = rng.uniform(170, 215) - rng.uniform(40, 130) * fall
    ground += smooth_noise(rng, shape, correlation_px=40, deviation=rng.uniform(0, 4))
    picture = _ink(ground, rng.uniform(20, 100), ridge * contact.touch)
    if rng.random() < 0.5:
        shine = clamp(smooth_noise(rng, shape, correlation_px=25) - 1.6, 0, 2)
        picture += rng.uniform(10, 40) * blur(shine, 4) * (1 - 0.7 * contact.touch)
    return picture


def _capacitive(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Silicon cells: mid-grey ground with column gains, dark ridges, dust of sweat around the print."""
    shape = _shape(ridge)
    ground = rng.uniform(85, 150) + smooth_noise(rng, shape, correlation_px=120, deviation=rng.uniform(3, 12))
    ground += rng.normal(0, rng.uniform(0.5, 4), (1, shape[1])).astype(np.float32)
    ground += smooth_noise(rng, shape, correlation_px=2, deviation=rng.uniform(2, 6))
    near = blur(contact.depth, 12) * (1 - contact.depth)
    sweat = clamp(contact.grain - rng.uniform(0.9, 1.6), 0, 1) * near
    touch = clamp(ridge * contact.touch + rng.uniform(0, 1.2) * sweat, 0, 1)
    return _ink(ground, rng.uniform(15, 50), touch)


def _thermal_sweep(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Swept line sensor: black and white without grey between, on a ground that drifts row by row."""
    shape = _shape(ridge)
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


def _ink_card(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Ink on paper: fibres in the ground, ink that varies from too little to a blot."""
    shape = _shape(ridge)
    fibres = smooth_noise(rng, shape, correlation_px=1.5, deviation=rng.uniform(2, 6))
    fibres += smooth_noise(rng, shape, correlation_px=5, deviation=rng.uniform(1, 4))
    supply = 1 - clamp(smooth_noise(rng, shape, correlation_px=30, deviation=0.12), 0, 0.3)
    grip = 1 + clamp(fibres, -12, 12) * rng.uniform(-0.04, 0)
    dark = rng.uniform(25, 80) + smooth_noise(rng, shape, correlation_px=3, deviation=rng.uniform(3, 12))
    return _ink(rng.uniform(205, 245) + fibres, dark, clamp(ridge * contact.touch * supply * grip, 0, 1))


def _ink(ground: Raster, dark: Raster | float, cover: Raster) -> Raster:
    """Ground where nothing covers it, dark where all is covered."""
    return (ground - (ground - dark) * cover).astype(np.float32)


def _ghost(rng: np.random.Generator, shape: tuple[int, int]) -> Raster:
    """Faint level stripes of ridge period in patches: grease that an earlier finger left."""
    rows, columns = shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    bent = y + rng.normal(0, 0.2) * x + smooth_noise(rng, shape, correlation_px=60, deviation=12)
    stripes = clamp(np.sin(bent * np.float32(2 * np.pi / rng.uniform(7.5, 10.5))), 0, 1)
    patches = clamp(smooth_noise(rng, shape, correlation_px=50), 0, 1)
    ghost: Raster = stripes * patches * rng.uniform(3, 16)
    return ghost


def _shape(image: Raster) -> tuple[int, int]:
    return image.shape[0], image.shape[1]


_RENDERERS = {
    SensorStyle.OPTICAL_WHITE: _optical_white,
    SensorStyle.OPTICAL_GREY: _optical_grey,
    SensorStyle.OPTICAL_VIGNETTE: _optical_vignette,
    SensorStyle.CAPACITIVE: _capacitive,
    SensorStyle.THERMAL_SWEEP: _thermal_sweep,
    SensorStyle.INK_CARD: _ink_card,
}
