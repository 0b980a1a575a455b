"""Scales and ticks of the diagrams."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol


class Scale(Protocol):
    """Puts values on an axis."""

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
    """

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Place of a value in user units; values beyond the axis land on its end."""
        kept = min(max(value, self.low), self.high)
        share = math.log(kept / self.low) / math.log(self.high / self.low)
        return self.start + (self.end - self.start) * share

    def ticks(self) -> tuple[float, ...]:
        """Powers of ten."""
        first = math.ceil(math.log10(self.low) - 1e-9)
        last = math.floor(math.log10(self.high) + 1e-9)
        return tuple(10.0**power for power in range(first, last + 1))
