"""`ExpectedRate`: an error rate that a calibration predicts, with its limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from biocapil.error_rate import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRate:
    """A predicted rate and how far it can be trusted.

    Attributes:
        value: Best estimate, 0 to 1; lies in `interval`.
        interval: Where the true rate lies.
        extrapolated: Whether it lies beyond what was counted when the calibration was made.
    """

    value: float
    interval: Interval
    extrapolated: bool

    def __post_init__(self) -> None:
        if not self.interval.contains(self.value):
            raise ValueError(
                f"value must lie in its interval {self.interval.low!r} to {self.interval.high!r}, "
                f"got {self.value!r}"
            )

    def among(self, people: int) -> ExpectedRate:
        """Chance that at least one of so many independent comparisons has the event.

        Raises:
            ValueError: There are fewer than 0 people.
        """
        return ExpectedRate(
            value=at_least_once(self.value, people),
            interval=Interval(
                low=at_least_once(self.interval.low, people),
                high=at_least_once(self.interval.high, people),
                confidence=self.interval.confidence,
            ),
            extrapolated=self.extrapolated,
        )

    def words(self) -> str:
        """Rate for people: ``3 in 10 million (95 %: 2 in 100 million to 8 in 10 million, extrapolated)``."""
        low, high = one_in(self.interval.low), one_in(self.interval.high)
        note = ", extrapolated" if self.extrapolated else ""
        return f"{one_in(self.value)} ({self.interval.confidence * 100:g} %: {low} to {high}{note})"


def at_least_once(rate: float, trials: float) -> float:
    """Chance of at least one event in so many independent trials.

    Args:
        rate: Chance of the event in one trial, 0 to 1.
        trials: Trials, 0 and more.

    Raises:
        ValueError: The rate is no chance, or there are fewer than 0 trials.
    """
    if not (0 <= rate <= 1 and trials >= 0):
        raise ValueError(f"needs a rate in [0, 1] and 0 trials or more, got {rate!r} and {trials!r}")
    if trials == 0:
        return 0.0
    if rate >= 1.0:
        return 1.0
    return min(1.0, max(0.0, -math.expm1(trials * math.log1p(-rate))))


def one_in(rate: float) -> str:
    """A rate as people read it: percent down to 0.01 %, then ``3 in 100,000``, at last ``3 in 10^14``."""
    if rate <= 0:
        return "0"
    if rate >= 1e-4:
        return f"{rate * 100:.3g} %" if rate >= 0.1 else f"{rate * 100:.2g} %"
    digit, _, power = f"{rate:.0e}".partition("e-")
    many = f"{10 ** int(power):,}" if int(power) <= 12 else f"10^{int(power)}"
    return f"{digit} in {many}"
