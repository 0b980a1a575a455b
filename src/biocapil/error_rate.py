"""`ErrorRate`: a share of trials that went wrong, with the interval that the trials support."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Range in which the true rate lies with a given confidence.

    Attributes:
        low: Lower end, 0 to 1.
        high: Upper end, `low` to 1.
        confidence: Share of such intervals that hold the true rate, between 0 and 1.
    """

    low: float
    high: float
    confidence: float = 0.95

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 1:
            raise ValueError(
                f"an interval needs 0 <= low <= high <= 1, got low {self.low!r} and high {self.high!r}"
            )
        if not 0 < self.confidence < 1:
            raise ValueError(f"confidence must lie between 0 and 1, got {self.confidence!r}")

    def contains(self, value: float) -> bool:
        """Whether a value lies in the interval, ends included."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRate:
    """An observed rate and what it says about the true one.

    Attributes:
        value: Observed rate, or the extrapolated one; 0 to 1.
        interval: Where the true rate lies; holds `value`.
        errors: Trials that went wrong.
        trials: All trials, dependent ones each counted.
        extrapolated: Whether `value` comes from a model beyond what was observed.
    """

    value: float
    interval: Interval
    errors: int
    trials: int
    extrapolated: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.errors <= self.trials or self.trials < 1:
            raise ValueError(
                f"errors must lie in 0..trials with at least one trial, got {self.errors} of {self.trials}"
            )
        if not self.interval.contains(self.value):
            raise ValueError(
                f"value must lie in its interval {self.interval.low!r} to {self.interval.high!r}, "
                f"got {self.value!r}"
            )

    def words(self) -> str:
        """Rate for people, in percent: ``0.10 % (95 %: 0.02 to 0.41 %; 3 of 2,880)``."""
        low, high = self.interval.low, self.interval.high
        digits = _decimals(high)
        source = "extrapolated from " if self.extrapolated else ""
        return (
            f"{self.value:.{digits}%}".replace("%", " %")
            + f" ({self.interval.confidence * 100:g} %: {low * 100:.{digits}f} to {high * 100:.{digits}f} %; "
            + f"{source}{self.errors:,} of {self.trials:,})"
        )


def _decimals(rate: float) -> int:
    """Decimals of a percentage that show two figures of it, at least two decimals."""
    return max(2, 2 - math.ceil(math.log10(rate * 100))) if rate > 0 else 2
