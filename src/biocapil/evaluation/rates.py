"""Error rates of a comparison set at every threshold: DET points, EER, FNMR at a given FMR.

A pair matches if, and only if, its similarity is at least the threshold. A pair with a side from which
nothing could be extracted has the similarity -inf: it matches at no threshold, so it counts as a false
non-match where the pair is mated, and as a correct non-match where it is not.

Reference: ISO/IEC 19795-1:2021, 9.3 (comparison error rates) and 11 (DET plots).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DetCurve:
    """Every operating point that a set of comparisons distinguishes, by rising threshold.

    Attributes:
        thresholds: The finite similarities that occur, then inf. Shape (T,), float64.
        fmr: Share of non-mated pairs that match. Shape (T,), float64, falling, 0 at the end.
        fnmr: Share of mated pairs that do not match. Shape (T,), float64, rising, 1 at the end.
    """

    thresholds: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """One threshold with its two error rates.

    Attributes:
        threshold: Smallest similarity that matches.
        fmr: False match rate, 0 to 1.
        fnmr: False non-match rate, 0 to 1.
    """

    threshold: float
    fmr: float
    fnmr: float


def det_curve(mated: NDArray[np.floating], nonmated: NDArray[np.floating]) -> DetCurve:
    """DET points of two sets of similarities, exact also where similarities tie.

    Args:
        mated: Similarities of mated pairs; -inf where a side failed. Shape (M,), M >= 1.
        nonmated: The same of non-mated pairs. Shape (K,), K >= 1.

    Raises:
        ValueError: A set is empty, or holds NaN or +inf.
    """
    same, different = _ascending("mated", mated), _ascending("nonmated", nonmated)
    occurring = np.unique(np.concatenate([same, different]))
    thresholds = np.append(occurring[np.isfinite(occurring)], np.inf)
    return DetCurve(
        thresholds=thresholds,
        fmr=(len(different) - np.searchsorted(different, thresholds, side="left")) / len(different),
        fnmr=np.searchsorted(same, thresholds, side="left") / len(same),
    )


def equal_error_rate(curve: DetCurve) -> float:
    """Rate at which FMR and FNMR are equal, 0 to 1.

    The two neighbouring DET points between which FMR falls below FNMR are joined by a straight line,
    and the rate is read where that line crosses FMR = FNMR. Where failures alone keep FNMR above
    FMR at every threshold, it is FNMR at the lowest one.
    """
    surplus = curve.fmr - curve.fnmr
    after = int(np.argmax(surplus <= 0))
    if after == 0:
        return float(curve.fnmr[0])
    before = after - 1
    share = surplus[before] / (surplus[before] - surplus[after])
    return float(curve.fnmr[before] + share * (curve.fnmr[after] - curve.fnmr[before]))


def operating_point(curve: DetCurve, *, max_fmr: float) -> OperatingPoint:
    """Lowest threshold whose FMR does not exceed a limit.

    Args:
        curve: DET points.
        max_fmr: The limit, 0 to 1.
    """
    if not 0 <= max_fmr <= 1:
        raise ValueError(f"max_fmr must lie in [0, 1], got {max_fmr!r}")
    at = int(np.argmax(curve.fmr <= max_fmr))
    return OperatingPoint(
        threshold=float(curve.thresholds[at]), fmr=float(curve.fmr[at]), fnmr=float(curve.fnmr[at])
    )


def _ascending(name: str, similarities: NDArray[np.floating]) -> NDArray[np.float64]:
    values = np.sort(np.asarray(similarities, dtype=np.float64))
    if values.ndim != 1 or not len(values):
        raise ValueError(f"{name} must be a non-empty array of shape (N,), got shape {values.shape}")
    if not (values < np.inf).all():
        raise ValueError(f"{name} must hold no NaN and no +inf")
    return values
