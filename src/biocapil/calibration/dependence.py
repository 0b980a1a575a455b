"""How much the evidence of two fingers of the same two persons says the same thing.

Two persons whose fingers are alike in quality, size or pattern are a little more alike in every finger, so
fingers are not independent witnesses. The correlation is measured between persons that are different.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration.root_scale import scaled_roots
from biocapil.calibration.table import CalibrationTable
from biocapil.labelled_scores import LabelledScores

ASSUMED = 0.1
"""Correlation assumed where no set holds two fingers of enough persons; real ten-prints gave 0.08."""

MIN_PERSON_PAIRS = 1000
"""Different pairs of persons from which on a measured correlation is believed."""


def instance_dependence(
    sets: Sequence[LabelledScores], table: CalibrationTable, units: NDArray[np.float64]
) -> float:
    """Mean correlation of log-likelihood ratios over all pairs of fingers, at least 0.

    Args:
        sets: Score sets.
        table: Turns roots into log-likelihood ratios.
        units: Unit of each size band.

    Returns:
        0 to 1; `ASSUMED` where two fingers were compared of fewer than `MIN_PERSON_PAIRS` pairs of persons.
    """
    weighted, total, person_pairs = 0.0, 0, 0
    for each in sets:
        by_finger = _evidence_by_finger(each, table, units)
        found = [
            _correlation(by_finger[first], by_finger[second])
            for first, second in combinations(sorted(by_finger), 2)
        ]
        weighted += sum(correlation * pairs for correlation, pairs in found)
        total += sum(pairs for _, pairs in found)
        person_pairs += max((pairs for _, pairs in found), default=0)
    if person_pairs < MIN_PERSON_PAIRS:
        return ASSUMED
    return min(max(weighted / total, 0.0), 1.0)


def _evidence_by_finger(
    scores: LabelledScores, table: CalibrationTable, units: NDArray[np.float64]
) -> dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """For each finger name: the person pairs and the mean evidence of that finger between them."""
    kept = scores.nonmated
    roots = scaled_roots(scores.similarities[kept], scores.sizes[kept], units)
    evidence = np.interp(roots, table.roots, table.llr)
    first, second = scores.first_subject[kept].astype(np.int64), scores.second_subject[kept].astype(np.int64)
    pair = np.minimum(first, second) * (1 << 31) + np.maximum(first, second)
    return dict(_means(scores.first_instance[kept], pair, evidence))


def _means(
    fingers: NDArray[np.int16], pair: NDArray[np.int64], evidence: NDArray[np.float64]
) -> Iterator[tuple[int, tuple[NDArray[np.int64], NDArray[np.float64]]]]:
    for finger in np.unique(fingers).tolist():
        chosen = fingers == finger
        names, place = np.unique(pair[chosen], return_inverse=True)
        yield finger, (names, np.bincount(place, evidence[chosen]) / np.bincount(place))


def _correlation(
    first: tuple[NDArray[np.int64], NDArray[np.float64]],
    second: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> tuple[float, int]:
    """Correlation over the person pairs that both fingers compare, and how many those are."""
    common, at_first, at_second = np.intersect1d(first[0], second[0], return_indices=True)
    if len(common) < 3:
        return 0.0, 0
    left, right = first[1][at_first], second[1][at_second]
    if min(np.ptp(left), np.ptp(right)) < 1e-9:
        return 0.0, len(common)
    return float(np.corrcoef(left, right)[0, 1]), len(common)
