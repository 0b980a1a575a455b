"""What is measured of many prints, as arrays to fit and to count on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.quality import measure_finger
from biocapil.threads import map_in_order
from finger_quality.prints import Plan, draw_prints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasuredPrints:
    """Measures and labels of N prints.

    Attributes:
        names: Names of the measures. Shape (M,), str.
        measures: Shape (N, M), float32.
        flow: Differences of flow. Shape (N, 93), float32.
        faults: Severity of each fault. Shape (N, 12), float32.
        finger: Number of the finger. Shape (N,), int64.
        style: Sensor. Shape (N,), str.
        difficulty: Shape (N,), float32.
        ghost_mm2: Area beside the contact in which a latent ghost shows. Shape (N,), float32.
    """

    names: NDArray[np.str_]
    measures: NDArray[np.float32]
    flow: NDArray[np.float32]
    faults: NDArray[np.float32]
    finger: NDArray[np.int64]
    style: NDArray[np.str_]
    difficulty: NDArray[np.float32]
    ghost_mm2: NDArray[np.float32]

    @property
    def clean(self) -> NDArray[np.bool_]:
        """Prints without a fault."""
        return np.asarray(~self.faults.any(axis=1), np.bool_)

    @property
    def single(self) -> NDArray[np.bool_]:
        """Prints with one fault."""
        return np.asarray((self.faults > 0).sum(axis=1) == 1, np.bool_)


def measure_prints(plan: Plan, fingers: int) -> MeasuredPrints:
    """Draw and measure the prints of the first fingers of a plan."""
    parts = list(map_in_order(partial(_finger, plan), range(fingers)))
    joined = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(MeasuredPrints)
        if each.name != "names"
    }
    return MeasuredPrints(names=parts[0].names, **joined)


def remembered(plan: Plan, fingers: int, file: Path | None) -> MeasuredPrints:
    """Measured prints from a file, or made and written into it; None keeps nothing."""
    if file is not None and file.exists():
        with np.load(file) as arrays:
            return MeasuredPrints(**arrays)
    made = measure_prints(plan, fingers)
    if file is not None:
        np.savez(file, **{each.name: getattr(made, each.name) for each in fields(made)})
    return made


def _finger(plan: Plan, finger: int) -> MeasuredPrints:
    prints = list(draw_prints(plan, finger))
    found = [measure_finger(each.sample) for each in prints]
    return MeasuredPrints(
        names=np.array(list(found[0].measures)),
        measures=np.array([list(each.measures.values()) for each in found], np.float32),
        flow=np.stack([each.flow for each in found]),
        faults=np.array([each.faults for each in prints], np.float32),
        finger=np.array([each.finger for each in prints], np.int64),
        style=np.array([each.style.value for each in prints]),
        difficulty=np.array([each.difficulty for each in prints], np.float32),
        ghost_mm2=np.array([each.ghost_mm2 for each in prints], np.float32),
    )
