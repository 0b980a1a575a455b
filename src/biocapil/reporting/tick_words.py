"""How numbers are written beside an axis."""

from __future__ import annotations

import math
from collections.abc import Callable

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LONG = 0.99e-5
"""Rates below this are hard to read in per cent."""
SIZES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def plain(value: float) -> str:
    """A number as it is: ``0.25``."""
    return f"{value:g}"


def percent(rate: float) -> str:
    """A rate as people read it: ``0.1 %``."""
    return f"{100 * rate:g} %"


def rounded_percent(rate: float) -> str:
    """A rate to three digits: ``1.23 %``."""
    return percent(float(f"{rate:.3g}"))


def rate_words(smallest: float) -> Callable[[float], str]:
    """How an axis from this rate on is written: in per cent, or in powers of ten where those get long."""
    return percent if smallest >= LONG else power_of_ten


def grouped(count: float) -> str:
    """A count with its thousands apart: ``12,345``."""
    return f"{count:,.0f}"


def short_count(count: float) -> str:
    """A large count in few characters: ``500``, ``20k``, ``3M``."""
    for size, letter in SIZES:
        if count >= size:
            return f"{count / size:g}{letter}"
    return plain(count)


def power_of_ten(value: float) -> str:
    """A power of ten as such, ``10⁻⁶``; other values as they are."""
    exponent = round(math.log10(value)) if value > 0 else 0
    if not math.isclose(value, 10.0**exponent, rel_tol=1e-9):
        return plain(value)
    return "1" if exponent == 0 else f"10{str(exponent).translate(SUPERSCRIPTS)}"
