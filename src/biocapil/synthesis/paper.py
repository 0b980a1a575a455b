"""Pictures of inked fingers on cards."""

from __future__ import annotations

import numpy as np

from biocapil.synthesis.ground import lay_over, shape_of
from biocapil.synthesis.noise import smooth_noise
from biocapil.synthesis.raster import Raster, clamp
from biocapil.synthesis.skin import Contact


def ink_card(rng: np.random.Generator, ridge: Raster, contact: Contact) -> Raster:
    """Ink on paper: fibres in the ground, ink that varies from too little to a blot."""
    shape = shape_of(ridge)
    fibres = smooth_noise(rng, shape, correlation_px=1.5, deviation=rng.uniform(2, 6))
    fibres += smooth_noise(rng, shape, correlation_px=5, deviation=rng.uniform(1, 4))
    supply = 1 - clamp(smooth_noise(rng, shape, correlation_px=30, deviation=0.12), 0, 0.3)
    grip = 1 + clamp(fibres, -12, 12) * rng.uniform(-0.04, 0)
    dark = rng.uniform(25, 80) + smooth_noise(rng, shape, correlation_px=3, deviation=rng.uniform(3, 12))
    return lay_over(rng.uniform(205, 245) + fibres, dark, clamp(ridge * contact.touch * supply * grip, 0, 1))
