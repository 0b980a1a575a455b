"""Labelled prints: synthetic impressions with the minutiae that lie under them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from biocapil.synthesis import (
    Degradation,
    impression_minutiae,
    make_master,
    master_minutiae,
    trace_impression,
)
from biocapil.synthesis.raster import opencv

FEWEST_MINUTIAE = 5
EASIEST, HARDEST = 0.1, 0.95
"""Difficulty is drawn evenly between them."""
DEGRADED_SHARE = 0.3
"""Share of impressions with one named degradation on top."""
DEGRADATIONS = tuple(
    kind for kind in Degradation if kind not in {Degradation.NO_FINGER, Degradation.UPSIDE_DOWN}
)
FINGER, TOUCH = range(2)
"""First number of a seed after the run's own: what it is drawn for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelledPrint:
    """One impression and what it is known to show.

    Attributes:
        pixels: Grey values. Shape (rows, columns), uint8.
        minutiae: x, y (pixels) and angle (radians). Shape (N, 3), float32.
    """

    pixels: NDArray[np.uint8]
    minutiae: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRecipe:
    """What is rendered.

    Attributes:
        seed: Same seed, same prints.
        fingers: Number of fingers.
        impressions: Impressions of each.
    """

    seed: int
    fingers: int
    impressions: int


def render_prints(recipe: PrintRecipe, *, workers: int) -> Iterator[LabelledPrint]:
    """Render all prints of a recipe, in order of finger, in worker processes.

    Prints with fewer than `FEWEST_MINUTIAE` minutiae are left out.
    """
    with get_context("spawn").Pool(workers) as pool:
        for prints in pool.imap(partial(_prints_of_finger, recipe), range(recipe.fingers), chunksize=4):
            yield from prints


def _prints_of_finger(recipe: PrintRecipe, finger: int) -> list[LabelledPrint]:
    opencv().setNumThreads(1)
    master = make_master((recipe.seed, FINGER, finger))
    minutiae = master_minutiae(master)
    prints: list[LabelledPrint] = []
    for touch in range(recipe.impressions):
        rng = np.random.default_rng((recipe.seed, TOUCH, finger, touch))
        impression = trace_impression(
            master, rng, difficulty=float(rng.uniform(EASIEST, HARDEST)), degradations=_degradations(rng)
        )
        shown = impression_minutiae(minutiae, impression)
        if len(shown) < FEWEST_MINUTIAE:
            continue
        labels = np.column_stack([shown.places_px, shown.angles_rad]).astype(np.float32)
        prints.append(LabelledPrint(pixels=impression.sample.pixels, minutiae=labels))
    return prints


def _degradations(rng: np.random.Generator) -> dict[Degradation, float]:
    if rng.random() >= DEGRADED_SHARE:
        return {}
    return {DEGRADATIONS[int(rng.integers(len(DEGRADATIONS)))]: float(rng.uniform(0.1, 0.8))}
