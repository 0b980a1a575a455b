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

MOST_UNIT = 5.0
"""Largest unit of a band, and its inverse the smallest: more would be a set that is not what it says."""

UNIT_PRIOR = 20.0
"""Pairs above that point that a band must have before its own unit outweighs the common one."""


def band_of(sizes: NDArray[np.integer]) -> NDArray[np.intp]:
    """Place of each size among `SIZE_BANDS`.

    Args:
        sizes: Minutiae of the smaller template. Shape (P,).
    """
    return np.searchsorted(np.asarray(SIZE_BANDS), sizes, side="right") - 1


def band_units(sets: Sequence[LabelledScores]) -> NDArray[np.float64]:
    """Unit of each size band: how far, relative to all, its non-mated scores reach.

    A band with few pairs is drawn towards the common unit of 1.

    Args:
        sets: Score sets.

    Returns:
        Shape (len(SIZE_BANDS),), float64, above 0, rounded to six decimals as a record keeps them.
    """
    roots = np.concatenate([np.sqrt(each.similarities[each.nonmated]) for each in sets])
    bands = np.concatenate([band_of(each.sizes[each.nonmated]) for each in sets])
    common = float(np.quantile(roots, 1 - UNIT_SHARE))
    units = np.ones(len(SIZE_BANDS))
    for band in range(len(SIZE_BANDS)):
        own = roots[bands == band]
        above = len(own) * UNIT_SHARE
        if above >= 1 and common > 0:
            ratio = float(np.quantile(own, 1 - UNIT_SHARE)) / common
            units[band] = np.clip(ratio, 1 / MOST_UNIT, MOST_UNIT) ** (above / (above + UNIT_PRIOR))
    return np.round(units, 6)


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
