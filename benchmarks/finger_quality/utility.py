"""How useful prints were: their similarity to clean prints of the same finger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import compare
from biocapil.extraction import Extractor
from biocapil.quality import measure_finger
from biocapil.sample import CapturedSample
from biocapil.synthesis import SensorStyle, make_impression
from biocapil.template import FingerprintTemplate
from biocapil.threads import map_in_order
from finger_quality.prints import Plan, draw_prints, finger_of

REFERENCE = 3
"""What a seed is for."""

REFERENCE_STYLES = (SensorStyle.OPTICAL_ENROLLMENT, SensorStyle.OPTICAL_WHITE)
REFERENCE_DIFFICULTY = 0.05
SHARE_OF_SINGLES = 0.5
"""Share of the prints with a fault that are looked at, to save time."""


References = Callable[[int], list[FingerprintTemplate | None]]
"""Templates of the clean prints of a finger."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UsedPrints:
    """Measures and similarities of N prints.

    Attributes:
        measures: Shape (N, M), float32.
        flow: Differences of flow. Shape (N, 93), float32.
        similarities: To each reference of the finger; 0 without a template. Shape (N, 2), float32.
        strangers: The same to the references of the next finger.
        faults: Severity of each fault. Shape (N, 12), float32.
        finger: Number of the finger. Shape (N,), int64.
        difficulty: Shape (N,), float32.
    """

    measures: NDArray[np.float32]
    flow: NDArray[np.float32]
    similarities: NDArray[np.float32]
    strangers: NDArray[np.float32]
    faults: NDArray[np.float32]
    finger: NDArray[np.int64]
    difficulty: NDArray[np.float32]


def use_prints(plan: Plan, fingers: int, extractor: Extractor, file: Path | None) -> UsedPrints:
    """Draw, measure and compare prints of the first fingers of a plan; from a file where it is there."""
    if file is not None and file.exists():
        with np.load(file) as arrays:
            return UsedPrints(**arrays)
    references = lru_cache(maxsize=16)(partial(_references, plan, extractor))
    parts = list(map_in_order(partial(_finger, plan, extractor, references), range(fingers)))
    names = [each.name for each in fields(UsedPrints)]
    made = UsedPrints(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
    if file is not None:
        np.savez(file, **{name: getattr(made, name) for name in names})
    return made


def _finger(plan: Plan, extractor: Extractor, references: References, finger: int) -> UsedPrints:
    master = finger_of(plan, finger)
    own, other = (references(number) for number in (finger, finger + 1))
    rng = np.random.default_rng((plan.purpose, REFERENCE, finger, 1))
    prints = [
        each
        for each in draw_prints(plan, finger, master=master)
        if not any(each.faults) or rng.random() < SHARE_OF_SINGLES
    ]
    found = [measure_finger(each.sample) for each in prints]
    templates = [_template(extractor, each.sample) for each in prints]
    return UsedPrints(
        measures=np.array([list(each.measures.values()) for each in found], np.float32),
        flow=np.stack([each.flow for each in found]),
        similarities=np.array(
            [[_similarity(probe, each) for each in own] for probe in templates], np.float32
        ),
        strangers=np.array([[_similarity(probe, each) for each in other] for probe in templates], np.float32),
        faults=np.array([each.faults for each in prints], np.float32),
        finger=np.full(len(prints), finger, np.int64),
        difficulty=np.array([each.difficulty for each in prints], np.float32),
    )


def _references(plan: Plan, extractor: Extractor, finger: int) -> list[FingerprintTemplate | None]:
    master = finger_of(plan, finger)
    return [
        _template(
            extractor,
            make_impression(
                master,
                (plan.purpose, REFERENCE, finger, 2, number),
                style=style,
                difficulty=REFERENCE_DIFFICULTY,
            ),
        )
        for number, style in enumerate(REFERENCE_STYLES)
    ]


def _template(extractor: Extractor, sample: CapturedSample) -> FingerprintTemplate | None:
    outcome = extractor.extract(sample)
    return outcome if isinstance(outcome, FingerprintTemplate) else None


def _similarity(probe: FingerprintTemplate | None, reference: FingerprintTemplate | None) -> float:
    return 0.0 if probe is None or reference is None else compare(probe, reference)
