"""Accuracy of one comparison set: the figures that a person asks for, out of the DET curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.evaluation.rates import (
    DetCurve,
    OperatingPoint,
    det_curve,
    equal_error_rate,
    operating_point,
    smallest_provable_fmr,
)

FMR_LIMITS = (0.01, 0.001, 0.0)
"""False match rates at which the false non-match rate is told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Accuracy:
    """How well mated and non-mated pairs are told apart.

    Attributes:
        eer: Equal error rate, 0 to 1.
        points: Operating point at each of `FMR_LIMITS`, in that order.
        smallest_provable_fmr: No claim of a lower FMR can rest on this set, at 95 % confidence.
        curve: All DET points.
    """

    eer: float
    points: tuple[OperatingPoint, ...]
    smallest_provable_fmr: float
    curve: DetCurve

    @property
    def zero_fmr_threshold(self) -> float:
        """Lowest threshold without a false match; inf where every mated pair lies below one."""
        return self.points[FMR_LIMITS.index(0.0)].threshold


def measure_accuracy(mated: NDArray[np.float32], nonmated: NDArray[np.float32]) -> Accuracy | None:
    """Figures of a comparison set; None where one of the two kinds of pairs does not occur.

    Args:
        mated: Similarities of mated pairs; -inf where a side failed. Shape (M,), float32.
        nonmated: The same of non-mated pairs. Shape (K,), float32.
    """
    if not len(mated) or not len(nonmated):
        return None
    curve = det_curve(mated, nonmated)
    return Accuracy(
        eer=equal_error_rate(curve),
        points=tuple(operating_point(curve, max_fmr=limit) for limit in FMR_LIMITS),
        smallest_provable_fmr=smallest_provable_fmr(len(nonmated)),
        curve=curve,
    )
