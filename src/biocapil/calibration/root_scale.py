"""The scale on which scores are calibrated: roots of similarity, made alike for templates of any size.

On it the upper tail of non-mated scores falls almost exactly as an exponential does: on 2.1 million
real non-mated pairs the shape of the tail was 0.02 (0 is exponential). Small templates reach smaller scores
by chance, so each band of sizes has its own unit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.labelled_scores import LabelledScores

SIZE_BANDS = (0, 20, 30, 37)
"""Smallest size of each band: minutiae that the smaller template of a pair brings into the comparison."""

STEP = 0.01
"""Width of a cell of the fine grid on which scores are counted, in roots of similarity."""

CELLS = 4600
"""Cells of the fine grid: it reaches to a similarity of 2,100, beyond which all is one."""

UNIT_SHARE = 0.05
"""Share of non-mated pairs above the point at which the bands are made alike."""

LEAST_UNIT, LARGEST_UNIT = 0.8, 1.25
"""Bounds of a band's unit: real sets of six sensors stayed within them, faint synthetic prints did not."""

UNIT_PRIOR = 20.0
"""Pairs above that point that a band must have before its own unit outweighs the common one."""

MOST_PAIRS = 500.0
"""Pairs above that point with which one set counts at most, so that a large set does not speak alone."""

ROUNDS = 20
"""Rounds of fitting sets and bands in turn; the units stand still long before."""


def band_of(sizes: NDArray[np.integer]) -> NDArray[np.intp]:
    """Place of each size among `SIZE_BANDS`.

    Args:
        sizes: Minutiae of the smaller template. Shape (P,).
    """
    return np.searchsorted(np.asarray(SIZE_BANDS), sizes, side="right") - 1


def band_units(sets: Sequence[LabelledScores]) -> NDArray[np.float64]:
    """Unit of each size band: how far its non-mated scores reach, relative to templates of full size.

    Sets differ in how far their scores reach, whatever the size, so that is taken out first: each set's
    and each band's part are fitted in turn. A band with few pairs is drawn towards a unit of 1.

    Args:
        sets: Score sets.

    Returns:
        Shape (len(SIZE_BANDS),), float64, above 0, the last 1, rounded to six decimals as in a record.
    """
    reach, pairs = _reaches(sets)
    counted = np.minimum(pairs, MOST_PAIRS)
    of_band = np.zeros(len(SIZE_BANDS))
    for _ in range(ROUNDS):
        of_set = _weighted_mean(reach - of_band, counted, prior=0.0, axis=1)
        of_band = _weighted_mean(reach - of_set[:, None], counted, prior=UNIT_PRIOR, axis=0)
    units = np.clip(np.exp(of_band - of_band[-1]), LEAST_UNIT, LARGEST_UNIT)
    return np.asarray(np.round(units, 6), dtype=np.float64)


def _reaches(sets: Sequence[LabelledScores]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithm of the high point of each set's bands, and the pairs above it. Both (sets, bands)."""
    reach = np.zeros((len(sets), len(SIZE_BANDS)))
    pairs = np.zeros_like(reach)
    for row, each in enumerate(sets):
        roots, bands = np.sqrt(each.similarities[each.nonmated]), band_of(each.sizes[each.nonmated])
        for band in range(len(SIZE_BANDS)):
            own = roots[bands == band]
            high = float(np.quantile(own, 1 - UNIT_SHARE)) if len(own) else 0.0
            if high > 0:
                reach[row, band], pairs[row, band] = np.log(high), len(own) * UNIT_SHARE
    return reach, pairs


def _weighted_mean(
    values: NDArray[np.float64], weights: NDArray[np.float64], *, prior: float, axis: int
) -> NDArray[np.float64]:
    """Mean along an axis, drawn towards 0 by the weight of a prior."""
    total = weights.sum(axis=axis) + prior
    return np.asarray((values * weights).sum(axis=axis) / np.maximum(total, 1e-9), dtype=np.float64)


def scaled_roots(
    similarities: NDArray[np.floating], sizes: NDArray[np.integer], units: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Roots of similarity in the unit of each pair's size band. Shape (P,), float64."""
    return np.sqrt(np.asarray(similarities, dtype=np.float64)) / units[band_of(sizes)]


def cells_of(roots: NDArray[np.float64]) -> NDArray[np.intp]:
    """Cell of the fine grid that holds each root, the last for all beyond. Shape (P,)."""
    return np.minimum(roots / STEP, CELLS - 1).astype(np.intp)


def cell_starts() -> NDArray[np.float64]:
    """Lower border of each cell. Shape (CELLS,), float64."""
    return np.arange(CELLS, dtype=np.float64) * STEP
