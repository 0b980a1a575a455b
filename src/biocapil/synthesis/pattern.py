"""Pattern classes of fingers: how often each occurs and where its cores and deltas lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

import numpy as np


class Pattern(Enum):
    """Ridge pattern of a finger (Henry classes; loops named as a viewer of the print sees them)."""

    ARCH = "arch"
    TENTED_ARCH = "tented_arch"
    LEFT_LOOP = "left_loop"
    RIGHT_LOOP = "right_loop"
    WHORL = "whorl"
    DOUBLE_LOOP = "double_loop"


FREQUENCIES: Mapping[Pattern, float] = MappingProxyType(
    {
        Pattern.ARCH: 0.04,
        Pattern.TENTED_ARCH: 0.03,
        Pattern.LEFT_LOOP: 0.33,
        Pattern.RIGHT_LOOP: 0.32,
        Pattern.WHORL: 0.22,
        Pattern.DOUBLE_LOOP: 0.06,
    }
)
"""Share of each class among all fingers.

Reference: Wilson, Candela, Watson, Neural network fingerprint classification (1994): arch 3.7 %,
tented arch 2.9 %, left loop 33.8 %, right loop 31.7 %, whorl 27.9 %, here parted into plain and double.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Singularities:
    """Where ridges turn around (cores) and where they part (deltas).

    Attributes:
        cores: x and y of each core in finger coordinates: pixels from the centre, y up.
        deltas: The same for each delta.
        lean_px: x of the finger's axis, that the arching of the tip follows.
        tip_px: y above which the ridges follow the rounding of the finger tip.
    """

    cores: tuple[tuple[float, float], ...]
    deltas: tuple[tuple[float, float], ...]
    lean_px: float
    tip_px: float


def draw_pattern(rng: np.random.Generator) -> Pattern:
    """Class of a random finger, at the natural frequencies."""
    classes = list(FREQUENCIES)
    return classes[int(rng.choice(len(classes), p=list(FREQUENCIES.values())))]


def place_singularities(rng: np.random.Generator, pattern: Pattern) -> Singularities:
    """Cores and deltas of one finger of the given class, in pixels at 500 ppi."""
    x, y = float(rng.uniform(-20, 20)), float(rng.uniform(-10, 50))
    cores, deltas = _PLACERS[pattern](rng, x, y)
    return Singularities(cores=cores, deltas=deltas, lean_px=x, tip_px=y)


Points = tuple[tuple[float, float], ...]


def _place_none(_rng: np.random.Generator, _x: float, _y: float) -> tuple[Points, Points]:
    return (), ()


def _place_tented(rng: np.random.Generator, x: float, y: float) -> tuple[Points, Points]:
    return ((x, y),), ((x + rng.uniform(-10, 10), y - rng.uniform(70, 130)),)


def _place_left_loop(rng: np.random.Generator, x: float, y: float) -> tuple[Points, Points]:
    return ((x, y),), ((x + rng.uniform(75, 135), y - rng.uniform(85, 150)),)


def _place_right_loop(rng: np.random.Generator, x: float, y: float) -> tuple[Points, Points]:
    return ((x, y),), ((x - rng.uniform(75, 135), y - rng.uniform(85, 150)),)


def _place_whorl(rng: np.random.Generator, x: float, y: float) -> tuple[Points, Points]:
    half_gap, lean = rng.uniform(4, 23), rng.uniform(-0.6, 0.6)
    dx, dy = half_gap * np.sin(lean), half_gap * np.cos(lean)
    return ((x + dx, y + dy), (x - dx, y - dy)), _two_deltas(rng, x, y)


def _place_double_loop(rng: np.random.Generator, x: float, y: float) -> tuple[Points, Points]:
    side = float(rng.choice((-1, 1)))
    upper = (x - side * rng.uniform(15, 30), y + rng.uniform(15, 35))
    lower = (x + side * rng.uniform(15, 30), y - rng.uniform(25, 45))
    return (upper, lower), _two_deltas(rng, x, y)


def _two_deltas(rng: np.random.Generator, x: float, y: float) -> Points:
    left = (x - rng.uniform(92, 150), y - rng.uniform(75, 140))
    return left, (x + rng.uniform(92, 150), y - rng.uniform(75, 140))


_PLACERS = {
    Pattern.ARCH: _place_none,
    Pattern.TENTED_ARCH: _place_tented,
    Pattern.LEFT_LOOP: _place_left_loop,
    Pattern.RIGHT_LOOP: _place_right_loop,
    Pattern.WHORL: _place_whorl,
    Pattern.DOUBLE_LOOP: _place_double_loop,
}
