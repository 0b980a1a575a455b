"""Checks of the arrays that the pictures are drawn from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def check_lengths(**arrays: NDArray[Any]) -> None:
    """Refuse arrays that are not all of one shape (N,).

    Raises:
        ValueError: One has another number of axes or another length.
    """
    shapes = [array.shape for array in arrays.values()]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        raise ValueError(f"{_listed(list(arrays))} must have one shape (N,), got {_listed(shapes)}")


def check_range(name: str, values: NDArray[Any], low: float, high: float) -> None:
    """Refuse values outside a closed range; NaN passes.

    Raises:
        ValueError: One lies outside.
    """
    outside = values[(values < low) | (values > high)]
    if outside.size:
        raise ValueError(f"{name} must lie from {low:g} to {high:g}, got {outside[0]}")


def check_numbers(name: str, values: NDArray[Any]) -> None:
    """Refuse NaN.

    Raises:
        ValueError: One value is not a number.
    """
    gaps = np.flatnonzero(np.isnan(values))
    if gaps.size:
        raise ValueError(f"{name} must hold numbers, got NaN at {int(gaps[0])}")


def check_rising(name: str, values: NDArray[Any]) -> None:
    """Refuse values of which one does not exceed the one before it.

    Raises:
        ValueError: The values do not rise, or one is not a number.
    """
    falls = np.flatnonzero(~(values[1:] > values[:-1]))
    if falls.size:
        at = int(falls[0])
        raise ValueError(f"{name} must rise, got {values[at]} before {values[at + 1]}")


def _listed(items: list[Any]) -> str:
    names = [str(item) for item in items]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
