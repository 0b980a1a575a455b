"""The ten fingers of a person: which pattern and how fine ridges each has, and how they go together.

A finger's pattern follows a hidden normal number: low is an arch, middle a loop, high a whorl. The
number has a share of the person, one of the digit on both hands, and one of the finger alone; its
thresholds give every finger its own frequencies.

Reference: Galton, Finger Prints (1892), chapter VIII: tables I and V (500 people, 5,000 fingers) for arches,
loops and whorls by finger; tables VIa and VIb for fingers of one person with the same class: 72 % of pairs of
one name on two hands, 58 % of others. Holt, The Genetics of Dermal Ridges (1968), for 5.4 % radial loops
among all fingers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType

import numpy as np

from biocapil.synthesis.pattern import FREQUENCIES, Pattern
from biocapil.synthesis.period import FINGER_PERIOD_PX
from biocapil.vocabulary import FingerPosition

SHARED_BY_PERSON = 0.38
SHARED_BY_DIGIT = 0.32
"""Parts of the variance of the pattern's number that all fingers of a person share, and that the same digit
of both hands shares beyond that: chosen so that Galton's 72 % and 58 % come out."""

PERIOD_SHARED_BY_PERSON = 0.7
"""The same part for the ridge period: an estimate, no table of it was at hand."""

NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """Parts of the fingers of one position with a pattern.

    Attributes:
        arch: Arches, plain and tented.
        whorl: Whorls, plain and double; the rest are loops.
        radial: Loops that open towards the thumb, among all fingers.
    """

    arch: float
    whorl: float
    radial: float


FREQUENCIES_BY_POSITION: Mapping[FingerPosition, Frequencies] = MappingProxyType(
    {
        FingerPosition.RIGHT_THUMB: Frequencies(arch=0.03, whorl=0.44, radial=0.005),
        FingerPosition.RIGHT_INDEX: Frequencies(arch=0.17, whorl=0.30, radial=0.21),
        FingerPosition.RIGHT_MIDDLE: Frequencies(arch=0.07, whorl=0.15, radial=0.03),
        FingerPosition.RIGHT_RING: Frequencies(arch=0.02, whorl=0.45, radial=0.02),
        FingerPosition.RIGHT_LITTLE: Frequencies(arch=0.01, whorl=0.13, radial=0.005),
        FingerPosition.LEFT_THUMB: Frequencies(arch=0.05, whorl=0.30, radial=0.005),
        FingerPosition.LEFT_INDEX: Frequencies(arch=0.17, whorl=0.28, radial=0.21),
        FingerPosition.LEFT_MIDDLE: Frequencies(arch=0.08, whorl=0.16, radial=0.03),
        FingerPosition.LEFT_RING: Frequencies(arch=0.03, whorl=0.31, radial=0.02),
        FingerPosition.LEFT_LITTLE: Frequencies(arch=0.02, whorl=0.08, radial=0.005),
    }
)
"""Arches and whorls after Galton's tables I and V, radial loops of index fingers after his remark to table V;
those of the other fingers are few, and sum with them to Holt's 5.4 %."""

TENTED_SHARE = FREQUENCIES[Pattern.TENTED_ARCH] / (
    FREQUENCIES[Pattern.ARCH] + FREQUENCIES[Pattern.TENTED_ARCH]
)
DOUBLE_SHARE = FREQUENCIES[Pattern.DOUBLE_LOOP] / (
    FREQUENCIES[Pattern.WHORL] + FREQUENCIES[Pattern.DOUBLE_LOOP]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerTraits:
    """What a finger has in common with the others of its person, and of its kind.

    Attributes:
        pattern: Pattern class.
        period_px: Typical ridge period, pixels at 500 ppi.
    """

    pattern: Pattern
    period_px: float


def draw_ten_fingers(
    seed: int | tuple[int, ...] | np.random.Generator,
) -> Mapping[FingerPosition, FingerTraits]:
    """Patterns and ridge periods of the ten fingers of a random person.

    Args:
        seed: Generator, or a seed for a fresh one: same seed, same person.

    Returns:
        Traits of all ten fingers, right thumb first; hand them to `make_master`.
    """
    rng = np.random.default_rng(seed)
    person, person_period = rng.standard_normal(2)
    by_digit, by_digit_slope = rng.standard_normal((2, 5))
    traits: dict[FingerPosition, FingerTraits] = {}
    for position, frequencies in FREQUENCIES_BY_POSITION.items():
        digit = (position - 1) % 5
        own, own_slope, own_period, kind = rng.standard_normal(4)
        alone = 1 - SHARED_BY_PERSON - SHARED_BY_DIGIT
        number = (
            math.sqrt(SHARED_BY_PERSON) * person
            + math.sqrt(SHARED_BY_DIGIT) * by_digit[digit]
            + math.sqrt(alone) * own
        )
        slope = math.sqrt(1 - alone) * by_digit_slope[digit] + math.sqrt(alone) * own_slope
        period = (
            math.sqrt(PERIOD_SHARED_BY_PERSON) * person_period
            + math.sqrt(1 - PERIOD_SHARED_BY_PERSON) * own_period
        )
        low, high = FINGER_PERIOD_PX
        traits[position] = FingerTraits(
            pattern=_pattern(position, frequencies, NORMAL.cdf(number), NORMAL.cdf(slope), NORMAL.cdf(kind)),
            period_px=low + (high - low) * NORMAL.cdf(period),
        )
    return MappingProxyType(traits)


def _pattern(
    position: FingerPosition, frequencies: Frequencies, rank: float, slope: float, kind: float
) -> Pattern:
    """Pattern of a finger from three ranks among all fingers of its position, each 0 to 1."""
    if rank < frequencies.arch:
        return Pattern.TENTED_ARCH if kind < TENTED_SHARE else Pattern.ARCH
    if rank > 1 - frequencies.whorl:
        return Pattern.DOUBLE_LOOP if kind < DOUBLE_SHARE else Pattern.WHORL
    is_radial = slope < frequencies.radial / (1 - frequencies.arch - frequencies.whorl)
    is_right_hand = position <= FingerPosition.RIGHT_LITTLE
    return Pattern.LEFT_LOOP if is_radial is is_right_hand else Pattern.RIGHT_LOOP
