"""What was named of prints whose faults are known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from biocapil.quality import assess_finger
from biocapil.quality_report import QualityReport
from biocapil.threads import map_in_order
from biocapil.vocabulary import FingerReason
from finger_quality.prints import FaultyPrint, Plan, draw_prints

REASONS = tuple(FingerReason)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedPrints:
    """Faults of N prints, and what was named of them.

    Attributes:
        faults: Severity of each fault. Shape (N, 12), float32.
        ghost_mm2: Area beside the contact in which a latent ghost shows. Shape (N,), float32.
        named: Whether each reason was named. Shape (N, 12), bool.
        first: Place of the reason that was named first; -1 where none was. Shape (N,), int64.
        finger: Number of the finger. Shape (N,), int64.
        style: Sensor. Shape (N,), str.
    """

    faults: NDArray[np.float32]
    ghost_mm2: NDArray[np.float32]
    named: NDArray[np.bool_]
    first: NDArray[np.int64]
    finger: NDArray[np.int64]
    style: NDArray[np.str_]


def judge_prints(plan: Plan, fingers: int) -> JudgedPrints:
    """Draw and assess the prints of the first fingers of a plan."""
    found = [each for part in map_in_order(partial(_judge, plan), range(fingers)) for each in part]
    prints, reports = [each for each, _ in found], [report for _, report in found]
    return JudgedPrints(
        faults=np.array([each.faults for each in prints], np.float32),
        ghost_mm2=np.array([each.ghost_mm2 for each in prints], np.float32),
        named=np.array([[reason in report.reasons for reason in REASONS] for report in reports]),
        first=np.array([REASONS.index(each.reasons[0]) if each.reasons else -1 for each in reports]),
        finger=np.array([each.finger for each in prints], np.int64),
        style=np.array([each.style.value for each in prints]),
    )


def _judge(plan: Plan, finger: int) -> list[tuple[FaultyPrint, QualityReport]]:
    return [(each, assess_finger(each.sample)) for each in draw_prints(plan, finger)]
