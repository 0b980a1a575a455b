"""Values of JSON objects from outside: of the type and range that is meant, or refused."""

from __future__ import annotations

import math


def whole_number(value: object, limit: int) -> int:
    """A whole number from 0 to below a limit.

    Raises:
        ValueError: It is none.
    """
    if type(value) is not int or not 0 <= value < limit:
        raise ValueError(f"a whole number from 0 to below {limit} was expected, got {value!r:.40}")
    return value


def number(value: object) -> float:
    """A finite number that was written as one with a point.

    Raises:
        ValueError: It is none.
    """
    if type(value) is not float or not math.isfinite(value):
        raise ValueError(f"a finite number was expected, got {value!r:.40}")
    return value


def text(value: object) -> str:
    """Text.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"text was expected, got {type(value).__name__}")
    return value
