"""Prints of synthetic fingers with known faults: whole sensors, styles, severities, and pairs of faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample
from biocapil.synthesis import (
    Degradation,
    Impression,
    MasterPrint,
    SensorStyle,
    make_master,
    trace_impression,
)
from biocapil.vocabulary import FingerReason

FAULTS = tuple(Degradation[reason.name] for reason in FingerReason)
"""The degradations that are reasons, in the order of the reasons."""

SEEN_GREY = 20
"""Difference of grey that a ghost has to make to be seen."""

SHOWING_MM2 = 3.0
"""Area of such differences from which a ghost shows: the ridges of a patch of some 3 × 4 mm."""

MASTER, IMPRESSION = 1, 2
"""What a seed is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which prints are drawn of each finger.

    Attributes:
        purpose: First part of every seed: other purposes give other fingers.
        clean: Prints without a fault.
        single: Prints with each of the faults alone.
        double: Prints with two faults drawn at random.
        more: Faults of further prints with one each.
        severity: Range of the severity.
        difficulty: Range of the difficulty, which draws natural unevenness of all kinds.
    """

    purpose: int
    clean: int = 2
    single: int = 1
    double: int = 3
    more: tuple[Degradation, ...] = ()
    severity: tuple[float, float] = (0.45, 1.0)
    difficulty: tuple[float, float] = (0.0, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaultyPrint:
    """One print with what is known of it.

    Attributes:
        sample: The print.
        finger: Number of the finger.
        faults: Severity of each fault, 0 where it was not applied, in the order of `FAULTS`.
        style: Sensor.
        difficulty: Difficulty.
        ghost: Where a latent ghost is seen beside the contact. Shape of the sample, bool.
        middle: Where the finger's middle lies, right of and below that of the picture, in parts of its
            width and height.
    """

    sample: CapturedSample
    finger: int
    faults: tuple[float, ...]
    style: SensorStyle
    difficulty: float
    ghost: NDArray[np.bool_]
    middle: tuple[float, float]

    @property
    def ghost_mm2(self) -> float:
        """Area beside the contact in which a latent ghost is seen; 0 without one."""
        return float(self.ghost.sum()) * (self.sample.um_per_px / 1000) ** 2


def finger_of(plan: Plan, finger: int) -> MasterPrint:
    """The master print of one finger of a plan."""
    return make_master((plan.purpose, MASTER, finger))


def draw_prints(plan: Plan, finger: int, *, master: MasterPrint | None = None) -> Iterator[FaultyPrint]:
    """All prints that a plan has of one finger.

    Args:
        plan: The plan.
        finger: Number of the finger.
        master: Its master print; None makes it.
    """
    known = finger_of(plan, finger) if master is None else master
    for number, faults in enumerate(_combinations(plan, finger)):
        yield _print(plan, known, finger, number, faults)


def _combinations(plan: Plan, finger: int) -> list[tuple[int, ...]]:
    """Places in `FAULTS` of the faults of each print."""
    rng = np.random.default_rng((plan.purpose, IMPRESSION, finger))
    paired = [at for at, fault in enumerate(FAULTS) if fault is not Degradation.NO_FINGER]
    doubles = [tuple(rng.choice(paired, 2, replace=False).tolist()) for _ in range(plan.double)]
    singles = [(at,) for at in range(len(FAULTS))] * plan.single
    more = [(FAULTS.index(each),) for each in plan.more]
    return [*([()] * plan.clean), *singles, *doubles, *more]


def _print(plan: Plan, master: MasterPrint, finger: int, number: int, faults: tuple[int, ...]) -> FaultyPrint:
    rng = np.random.default_rng((plan.purpose, IMPRESSION, finger, number))
    styles = list(SensorStyle)
    style = styles[int(rng.integers(len(styles)))]
    difficulty = float(rng.uniform(*plan.difficulty))
    severities = [0.0] * len(FAULTS)
    for at in faults:
        severities[at] = float(rng.uniform(*plan.severity))
    applied = {fault: each for fault, each in zip(FAULTS, severities, strict=True) if each}

    def touch(degradations: Mapping[Degradation, float]) -> Impression:
        seed = (plan.purpose, IMPRESSION, finger, number, 1)
        return trace_impression(master, seed, style=style, difficulty=difficulty, degradations=degradations)

    impression = touch(applied)
    ghost = np.zeros(impression.sample.pixels.shape, np.bool_)
    if Degradation.LATENT_GHOST in applied:
        without = touch(
            {fault: each for fault, each in applied.items() if fault is not Degradation.LATENT_GHOST}
        )
        ghost = _changed(impression, without)
    return FaultyPrint(
        sample=impression.sample,
        finger=finger,
        faults=tuple(severities),
        style=style,
        difficulty=difficulty,
        ghost=ghost,
        middle=_middle(impression),
    )


def _changed(first: Impression, second: Impression) -> NDArray[np.bool_]:
    """Where beside the contact two impressions of one touch differ by more than noise."""
    differences = np.abs(first.sample.pixels.astype(np.int16) - second.sample.pixels)
    return np.asarray((differences > SEEN_GREY) & (first.depth == 0), np.bool_)


def _middle(impression: Impression) -> tuple[float, float]:
    """Place of the contact's middle, in parts of the picture, read off the finger's own axes."""
    across, along = impression.warp.finger_x_px, impression.warp.finger_y_px
    cosine, sine = float(across[0, 1] - across[0, 0]), float(across[0, 0] - across[1, 0])
    x, y = float(across[0, 0]), float(along[0, 0])
    rows, columns = impression.warp.shape
    right = -(cosine * x + sine * y) - (columns - 1) / 2
    below = sine * x - cosine * y - (rows - 1) / 2
    return right / columns, below / rows
