"""Scales and ticks of the diagrams."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from statistics import NormalDist
from typing import Protocol

NORMAL = NormalDist()
RATE_TICKS = (1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999)
"""Rates that get a label on a normal deviate axis."""


class AxisKind(Enum):
    """How an axis grows."""

    LINEAR = "linear"
    LOG = "log"
    NORMAL_DEVIATE = "normal-deviate"


class Scale(Protocol):
    """Puts values on an axis."""

    @property
    def kind(self) -> AxisKind:
        """How the axis grows."""
        ...

    @property
    def low(self) -> float:
        """Smallest value."""
        ...

    @property
    def high(self) -> float:
        """Largest value."""
        ...

    @property
    def start(self) -> float:
        """Place of the smallest value, user units."""
        ...

    @property
    def end(self) -> float:
        """Place of the largest value, user units."""
        ...

    def place(self, value: float) -> float:
        """Place of a value in user units; values beyond the axis land on its end."""
        ...

    def ticks(self) -> tuple[float, ...]:
        """Values worth a label."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearScale:
    """Equal steps for equal differences.

    Attributes:
        low: Smallest value.
        high: Largest value.
        start: Place of the smallest value, user units.
        end: Place of the largest value, user units.
    """

    low: float
    high: float
    start: float
    end: float

    @property
    def kind(self) -> AxisKind:
        """Linear."""
        return AxisKind.LINEAR

    def place(self, value: float) -> float:
        """Place of a value in user units; values beyond the axis land on its end."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * min(max(share, 0.0), 1.0)

    def ticks(self) -> tuple[float, ...]:
        """Four to ten round values."""
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / 4))
        for factor in (5, 2):
            if (self.high - self.low) / (step * factor) >= 4:
                step *= factor
                break
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return tuple(step * count for count in range(first, last + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogScale:
    """Equal steps for equal ratios.

    Attributes:
        low: Smallest value, above 0; smaller ones and 0 land there.
        high: Largest value.
        start: Place of the smallest value, user units.
        end: Place of the largest value, user units.
        steps: Multiples of each power of ten that get a label, rising from 1.
    """

    low: float
    high: float
    start: float
    end: float
    steps: tuple[int, ...] = (1,)

    @property
    def kind(self) -> AxisKind:
        """Logarithmic."""
        return AxisKind.LOG

    def place(self, value: float) -> float:
        """Place of a value in user units; values beyond the axis land on its end."""
        kept = min(max(value, self.low), self.high)
        share = math.log(kept / self.low) / math.log(self.high / self.low)
        return self.start + (self.end - self.start) * share

    def ticks(self) -> tuple[float, ...]:
        """Powers of ten and their multiples."""
        low, high = self.low * (1 - 1e-9), self.high * (1 + 1e-9)
        powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
        values = (step * 10.0**power for power in powers for step in self.steps)
        return tuple(value for value in values if low <= value <= high)


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalDeviateScale:
    """Equal steps for equal differences of the normal deviate: rates of normal scores lie on a line.

    Attributes:
        low: Smallest rate, above 0; smaller ones and 0 land there.
        high: Largest rate, above `low` and below 1; larger ones and 1 land there.
        start: Place of the smallest rate, user units.
        end: Place of the largest rate, user units.

    Raises:
        ValueError: The ends do not lie in this order between 0 and 1.

    Reference: ISO/IEC 19795-1:2021, 11; Martin et al. 1997, "The DET curve in assessment of detection
        task performance", Eurospeech.
    """

    low: float
    high: float
    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0 < self.low < self.high < 1:
            raise ValueError(f"need 0 < low < high < 1, got low {self.low!r} and high {self.high!r}")

    @property
    def kind(self) -> AxisKind:
        """Normal deviate."""
        return AxisKind.NORMAL_DEVIATE

    def place(self, value: float) -> float:
        """Place of a rate in user units; rates beyond the axis land on its end."""
        first, last = NORMAL.inv_cdf(self.low), NORMAL.inv_cdf(self.high)
        deviate = NORMAL.inv_cdf(min(max(value, self.low), self.high))
        return self.start + (self.end - self.start) * (deviate - first) / (last - first)

    def ticks(self) -> tuple[float, ...]:
        """Customary rates that lie on the axis."""
        low, high = self.low * (1 - 1e-9), self.high * (1 + 1e-9)
        return tuple(rate for rate in RATE_TICKS if low <= rate <= high)
