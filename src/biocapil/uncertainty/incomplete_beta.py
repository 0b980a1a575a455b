"""Regularised incomplete beta function: tails of the binomial and of Student's distribution."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count

PRECISION = 1e-14
TINY = 1e-300


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Value of I_x(a, b); for whole numbers P(X >= a) of X ~ Binomial(a + b - 1, x).

    Args:
        x: Upper end of the integral, 0 to 1.
        a: First parameter, above 0.
        b: Second parameter, above 0.

    Returns:
        0 to 1, rising with `x`.

    Raises:
        ValueError: An argument is outside its range.

    Reference: NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov/8.17, equation 8.17.22.
    """
    if not 0 <= x <= 1:
        raise ValueError(f"x must lie in [0, 1], got {x!r}")
    if not (a > 0 and b > 0):
        raise ValueError(f"a and b must be above 0, got {a!r} and {b!r}")
    if x in {0.0, 1.0}:
        return float(x)
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _lower_part(1.0 - x, b, a)
    return _lower_part(x, a, b)


def _lower_part(x: float, a: float, b: float) -> float:
    """Value left of the mode, where the fraction converges fast."""
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) * _continued_fraction(x, a, b) / a


def _continued_fraction(x: float, a: float, b: float) -> float:
    """Continued fraction by the modified Lentz method; needs about sqrt(max(a, b)) terms."""
    inverse = 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1))
    ratio, value, factor = 1.0, inverse, 0.0
    terms = _terms(x, a, b)
    while abs(factor - 1.0) > PRECISION:
        term = next(terms)
        inverse = 1.0 / _away_from_zero(1.0 + term * inverse)
        ratio = _away_from_zero(1.0 + term / ratio)
        factor = ratio * inverse
        value *= factor
    return value


def _terms(x: float, a: float, b: float) -> Iterator[float]:
    """Numerators of the fraction from the second on; a zero among them ends it."""
    for step in count(1):
        place = a + 2 * step
        yield step * (b - step) * x / ((place - 1) * place)
        yield -(a + step) * (a + b + step) * x / (place * (place + 1))


def _away_from_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY
