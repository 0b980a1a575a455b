"""What a number of trials can prove: the rule of 3, the rule of 30 and the largest claim supported.

Reference: ISO/IEC 19795-1:2021, annex B.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from biocapil.error_rate import ErrorRate


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedClaim:
    """The strongest statement that an evaluation supports, and what a stronger one would take.

    Attributes:
        rate: Error rate that is not exceeded, at the confidence of the interval; 0 to 1.
        confidence: That confidence.
        words: The same for people.
        wanted: Rate that somebody would like to claim; None where nobody asked.
        is_supported: Whether the wanted rate is claimed rightly; True where nobody asked.
        independent_trials_needed: Independent trials without an error that would prove the wanted rate;
            None where nobody asked.
    """

    rate: float
    confidence: float
    words: str
    wanted: float | None
    is_supported: bool
    independent_trials_needed: int | None


def rule_of_three(trials: int) -> float:
    """Upper limit of an error rate, at 95 % confidence, after so many independent trials without an error.

    Args:
        trials: Number of trials, at least 1.
    """
    if trials < 1:
        raise ValueError(f"trials must be at least 1, got {trials}")
    return min(1.0, 3.0 / trials)


def trials_for_claim(rate: float) -> int:
    """Independent trials without an error that prove a rate at 95 % confidence: the rule of 3, reversed."""
    return math.ceil(3.0 / _checked(rate))


def rule_of_thirty(rate: float) -> int:
    """Independent trials in which 30 errors are expected: then the rate is known within 30 % at 90 %."""
    return math.ceil(30.0 / _checked(rate))


def largest_supported_claim(
    error_rate: ErrorRate, *, name: str, wanted: float | None = None
) -> SupportedClaim:
    """Strongest upper limit of an error rate that the trials support.

    The upper end of the interval is the limit, so that trials that depend on each other prove less than
    their number.

    Args:
        error_rate: Observed rate with its interval.
        name: What it is a rate of, such as FMR.
        wanted: Rate that somebody would like to claim, above 0 up to 1.
    """
    limit = _rounded_up(error_rate.interval.high)
    confidence = error_rate.interval.confidence
    words = (
        f"{error_rate.errors:,} errors in {error_rate.trials:,} trials support {name} ≤ {limit * 100:.2g} % "
        f"at {confidence * 100:g} % confidence"
    )
    needed = None if wanted is None else trials_for_claim(wanted)
    is_supported = wanted is None or error_rate.interval.high <= wanted
    if wanted is not None and not is_supported:
        words += f"; {name} ≤ {wanted * 100:g} % would take {needed:,} independent trials without an error"
    return SupportedClaim(
        rate=limit,
        confidence=confidence,
        words=words,
        wanted=wanted,
        is_supported=is_supported,
        independent_trials_needed=needed,
    )


def _checked(rate: float) -> float:
    if not 0 < rate <= 1:
        raise ValueError(f"rate must lie above 0 and up to 1, got {rate!r}")
    return rate


def _rounded_up(rate: float) -> float:
    """Two figures of a rate, rounded up so that nothing is claimed beyond the limit."""
    if rate <= 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(rate)) - 1)
    return min(1.0, float(f"{math.ceil(rate / unit - 1e-9) * unit:.2g}"))
