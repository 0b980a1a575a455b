"""Movement: ridges that ran along it keep their contrast, ridges across it are washed out.

The strength of the cells is fitted by two waves over their orientation; their length says how much
stronger some directions are. Fine detail is looked at in the same way, for the whole print at once.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.picture import CELL_PX, Picture
from biocapil.quality.opencv import Mask, Raster, block_means

FEWEST_CELLS = 30
NAMES = ("strength_direction", "sharpness_direction", "sharpness", "sharpness_evenness", "steepest",
         "fine_direction")  # fmt: skip


def smear_measures(picture: Picture, foreground: Mask) -> dict[str, float]:
    """How sharp the print is, and how much direction has to do with that.

    Returns:
        `strength_direction` and `sharpness_direction`, 0 where all directions are alike, to 1; the
        sharpness: gradient in parts of strength; its evenness over the print; the sharpness of the
        sharpest cells; and how far fine detail differs along x and y (logarithm of the ratio).
    """
    if foreground.sum() < FEWEST_CELLS:
        return dict.fromkeys(NAMES, 0.0)
    tensor = picture.tensor[foreground]
    direction = tensor / (np.abs(tensor) + np.float32(1e-3))
    certainty = picture.coherence[foreground]
    strength = picture.strength[foreground]
    sharpness = np.sqrt(picture.energy[foreground]) / (strength + np.float32(2))
    weak, middle, strong, sharpest = (float(value) for value in np.percentile(sharpness, (10, 50, 90, 97)))
    fine = picture.grey - picture.smooth
    level, upright = _fine_energy(fine, foreground)
    return {
        "strength_direction": _direction(strength, direction, certainty),
        "sharpness_direction": _direction(sharpness, direction, certainty),
        "sharpness": middle,
        "sharpness_evenness": weak / max(strong, 0.01),
        "steepest": sharpest,
        "fine_direction": abs(math.log((level + 0.05) / (upright + 0.05))),
    }


def _fine_energy(fine: Raster, foreground: Mask) -> tuple[float, float]:
    """Energy over the print of the differences between neighbours along x and along y."""
    energies: list[float] = []
    for axis in (1, 0):
        steps = np.diff(fine, axis=axis, append=fine[:, -1:] if axis else fine[-1:])
        energies.append(float(block_means(steps * steps, CELL_PX)[foreground].mean()))
    return energies[0], energies[1]


def _direction(values: Raster, direction: NDArray[np.complex64], certainty: Raster) -> float:
    """Length, in parts of the mean, of the waves over doubled and fourfold angles that fit best."""
    twice = direction * direction
    waves = (np.ones_like(values), direction.real, direction.imag, twice.real, twice.imag)
    design = np.column_stack(waves) * certainty[:, None]
    level, *amplitudes = np.linalg.lstsq(design.T @ design, design.T @ (values * certainty), rcond=None)[0]
    return min(1.0, float(np.linalg.norm(amplitudes)) / max(abs(float(level)), 1e-3))
