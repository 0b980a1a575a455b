"""Sensor styles: how different devices turn touching skin into grey values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

import numpy as np

from biocapil.synthesis.optical import (
    contactless,
    optical_enrollment,
    optical_grey,
    optical_vignette,
    optical_white,
)
from biocapil.synthesis.paper import ink_card
from biocapil.synthesis.raster import Raster
from biocapil.synthesis.silicon import capacitive, capacitive_small, swept_stripe, thermal_sweep
from biocapil.synthesis.skin import Contact


class SensorStyle(Enum):
    """Families of devices by the look of their pictures."""

    OPTICAL_WHITE = "optical_white"
    OPTICAL_GREY = "optical_grey"
    OPTICAL_VIGNETTE = "optical_vignette"
    OPTICAL_ENROLLMENT = "optical_enrollment"
    CONTACTLESS = "contactless"
    CAPACITIVE = "capacitive"
    CAPACITIVE_SMALL = "capacitive_small"
    THERMAL_SWEEP = "thermal_sweep"
    SWEPT_STRIPE = "swept_stripe"
    INK_CARD = "ink_card"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorProfile:
    """What is fixed about a style.

    Attributes:
        share: How often a random impression comes from such a sensor.
        shape: Rows and columns of its picture.
        scale: Range of master pixels per picture pixel: real sensors are seldom exactly 500 ppi.
        swept: The finger is drawn over the sensor, so that its whole length shows.
        pore_gain: How clearly pores show.
        stripe_rows: Height of the stripes that the picture is joined of; 0 for none.
    """

    share: float
    shape: tuple[int, int]
    scale: tuple[float, float] = (0.95, 1.05)
    swept: bool = False
    pore_gain: float = 1.0
    stripe_rows: int = 0


PROFILES: Mapping[SensorStyle, SensorProfile] = MappingProxyType(
    {
        SensorStyle.OPTICAL_WHITE: SensorProfile(share=0.20, shape=(384, 384)),
        SensorStyle.OPTICAL_GREY: SensorProfile(share=0.18, shape=(400, 320), scale=(0.86, 1.06)),
        SensorStyle.OPTICAL_VIGNETTE: SensorProfile(share=0.08, shape=(384, 288)),
        SensorStyle.OPTICAL_ENROLLMENT: SensorProfile(share=0.10, shape=(480, 416), scale=(0.98, 1.02)),
        SensorStyle.CONTACTLESS: SensorProfile(share=0.05, shape=(400, 320), scale=(0.88, 1.15)),
        SensorStyle.CAPACITIVE: SensorProfile(share=0.12, shape=(304, 304)),
        SensorStyle.CAPACITIVE_SMALL: SensorProfile(
            share=0.08, shape=(288, 240), scale=(0.85, 1.15), pore_gain=1.25
        ),
        SensorStyle.THERMAL_SWEEP: SensorProfile(share=0.07, shape=(432, 304), scale=(0.9, 1.1), swept=True),
        SensorStyle.SWEPT_STRIPE: SensorProfile(
            share=0.05, shape=(448, 256), scale=(0.88, 1.12), swept=True, stripe_rows=16
        ),
        SensorStyle.INK_CARD: SensorProfile(share=0.07, shape=(416, 352)),
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


_RENDERERS = {
    SensorStyle.OPTICAL_WHITE: optical_white,
    SensorStyle.OPTICAL_GREY: optical_grey,
    SensorStyle.OPTICAL_VIGNETTE: optical_vignette,
    SensorStyle.OPTICAL_ENROLLMENT: optical_enrollment,
    SensorStyle.CONTACTLESS: contactless,
    SensorStyle.CAPACITIVE: capacitive,
    SensorStyle.CAPACITIVE_SMALL: capacitive_small,
    SensorStyle.THERMAL_SWEEP: thermal_sweep,
    SensorStyle.SWEPT_STRIPE: swept_stripe,
    SensorStyle.INK_CARD: ink_card,
}
