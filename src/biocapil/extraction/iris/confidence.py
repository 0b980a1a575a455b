"""How sure the geometry is: agreement of the maps with the discs that were drawn through them.

A network that has lost the eye answers maps that are no discs, or discs that are no eye. A weighted sum of
measures, fitted on synthetic eyes whose true borders are known, tells those from the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.iris.contour import COS, SIN, Disc
from biocapil.extraction.iris.network_maps import opencv

SUBCELL_BITS = 4
"""Borders are drawn to a sixteenth of a cell."""

MEASURES = (
    "pupil_overlap",
    "iris_overlap",
    "pupil_blur",
    "iris_blur",
    "rays",
    "visible",
    "offset",
    "dilation",
)
"""Overlap of each map with its disc; how blurred each border is; share of rays that met it; share of the ring
that is seen; distance of the centres, and how far the pupil's radius is from 0.4, in radii of the iris."""


def confidence_measures(pupil: Disc, iris: Disc, maps: dict[str, NDArray[np.float32]]) -> tuple[float, ...]:
    """Measure the agreement.

    Args:
        pupil: Border of the pupil in cells.
        iris: Border of the iris in cells.
        maps: Answers of the network by channel. Each of shape (rows, columns).

    Returns:
        One number for each of `MEASURES`.
    """
    inside = {"pupil": _filled(pupil, maps["pupil"].shape), "iris": _filled(iris, maps["iris"].shape)}
    ring = inside["iris"] & ~inside["pupil"]
    apart = math.dist(pupil.center, iris.center) / iris.radius
    return (
        _overlap(maps["pupil"], inside["pupil"]),
        _overlap(maps["iris"], inside["iris"]),
        _blur(maps["pupil"], pupil.radius),
        _blur(maps["iris"], iris.radius),
        min(pupil.agreement, iris.agreement),
        float(maps["valid"][ring].mean()) if ring.any() else 0.0,
        apart,
        abs(pupil.radius / iris.radius - 0.4),
    )


def confidence_of(measures: Sequence[float], weights: Sequence[float]) -> float:
    """Estimated probability that both borders are right.

    Args:
        measures: Of `confidence_measures`.
        weights: Constant, then one for each measure.

    Raises:
        ValueError: The numbers of weights and measures do not fit.
    """
    if len(weights) != len(measures) + 1:
        raise ValueError(f"confidence needs {len(measures) + 1} weights, got {len(weights)}")
    total = weights[0] + sum(w * m for w, m in zip(weights[1:], measures, strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def _filled(disc: Disc, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Cells inside a border."""
    points = np.stack([disc.center[0] + disc.radii * COS, disc.center[1] + disc.radii * SIN], axis=-1)
    canvas = np.zeros(shape, np.uint8)
    fixed = np.round(points * (1 << SUBCELL_BITS)).astype(np.int32)
    opencv().fillPoly(canvas, [fixed], 1, shift=SUBCELL_BITS)
    return canvas.astype(np.bool_)


def _overlap(share: NDArray[np.float32], inside: NDArray[np.bool_]) -> float:
    """Common part of map and disc over what either covers."""
    common = float(share[inside].sum())
    either = float(share.sum()) + float(inside.sum()) - common
    return common / max(either, 1.0)


def _blur(share: NDArray[np.float32], radius: float) -> float:
    """Width of the border, in radii: how far the map is from yes and no."""
    return float((share * (1 - share)).sum()) / max(2 * math.pi * radius * radius, 1.0)
