"""What fields are learned from: cells with what each shows, and pictures with where the finger lies."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.foreground import find_foreground
from biocapil.quality.finger.ghost import cell_features
from biocapil.quality.finger.picture import CELL_PX, working_picture
from biocapil.quality.finger.placing import place_features
from biocapil.quality.finger.relief import find_relief
from biocapil.threads import map_in_order
from finger_quality.prints import FAULTS, FaultyPrint, Plan, draw_prints

QUIET_SHARE = 0.1
"""Share of the cells without a ghost that are looked at."""

GHOST_SHARE = 0.06
"""Share of a cell's neighbourhood that a ghost changed, from which the cell shows it."""

SMOOTH_CELLS = 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownPlaces:
    """N cells and P prints.

    Attributes:
        cells: Features of the cells. Shape (N, CELL_FEATURES), float32.
        shows: Whether each shows a ghost. Shape (N,), bool.
        prints: Features of the prints. Shape (P, PLACE_FEATURES), float32.
        middle: Where each finger's middle lies, in parts of the picture. Shape (P, 2), float32.
    """

    cells: NDArray[np.float32]
    shows: NDArray[np.bool_]
    prints: NDArray[np.float32]
    middle: NDArray[np.float32]


def know_places(plan: Plan, fingers: int) -> KnownPlaces:
    """Draw the prints of the first fingers of a plan, and look at their places."""
    parts = list(map_in_order(partial(_finger, plan), range(fingers)))
    names = [each.name for each in fields(KnownPlaces)]
    return KnownPlaces(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def _finger(plan: Plan, finger: int) -> KnownPlaces:
    rng = np.random.default_rng((plan.purpose, len(FAULTS), finger))
    found = [_print(rng, each) for each in draw_prints(plan, finger)]
    cells, shows, prints, middle = zip(*found, strict=True)
    return KnownPlaces(
        cells=np.concatenate(cells),
        shows=np.concatenate(shows),
        prints=np.stack(prints),
        middle=np.array(middle, np.float32),
    )


def _print(
    rng: np.random.Generator, known: FaultyPrint
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float32], tuple[float, float]]:
    picture = working_picture(known.sample)
    foreground = find_foreground(picture)
    shows = _cells_of(known.ghost, foreground.shape).ravel()
    looked_at = shows | (rng.random(len(shows)) < QUIET_SHARE)
    cells = cell_features(picture, foreground, find_relief(picture))
    return cells[looked_at], shows[looked_at], place_features(picture, foreground), known.middle


def _cells_of(ghost: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Cells in whose neighbourhood enough of the ghost is seen."""
    rows, columns = shape
    whole = ghost[: rows * CELL_PX, : columns * CELL_PX].astype(np.float32)
    share = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(share, (0, 0), SMOOTH_CELLS, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(smooth > GHOST_SHARE, np.bool_)
