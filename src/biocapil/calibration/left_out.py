"""How a calibration does on a set it has not seen: each set is left out in turn.

sets ─► all but one ─► fit ─► evidence and thresholds ─► the one left out ─► Cllr, false matches
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from biocapil.calibration.calibration import Calibration
from biocapil.calibration.fit import fit_calibration
from biocapil.calibration.measures import ReliabilityPoint, cllr, min_cllr, reliability
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import Modality

TARGETS = (1e-2, 1e-3)
"""False match rates whose thresholds are tried on the set left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutResult:
    """What a calibration on all other sets says about one set.

    Attributes:
        dataset: Name of the set that was left out.
        calibration_id: Calibration that was fitted to the others.
        mated: Mated pairs of the set.
        nonmated: Non-mated pairs of the set.
        cllr: Cost of its evidence in bits; None where mated or non-mated pairs are missing.
        min_cllr: What is left of it after the best calibration of the set itself; None as before.
        points: False matches at the thresholds of `TARGETS`; empty where there are no non-mated pairs.
    """

    dataset: str
    calibration_id: str
    mated: int
    nonmated: int
    cllr: float | None
    min_cllr: float | None
    points: tuple[ReliabilityPoint, ...]


def leave_one_set_out(
    sets: Sequence[LabelledScores],
    *,
    comparator: str,
    modality: Modality = Modality.FINGER,
    seed: int = 0,
) -> tuple[LeftOutResult, ...]:
    """Fit on all sets but one, judge on that one, for each set in turn.

    Args:
        sets: Score sets of one model, at least two.
        comparator: Version of the comparison that gave the scores.
        modality: Modality of the templates.
        seed: Seed of the resampling.

    Returns:
        One result a set, in the order of `sets`.

    Raises:
        ValueError: There are fewer than two sets, or without some set too few pairs are left.
        IncompatibleTemplates: The sets come from different models.
    """
    if len(sets) < 2:
        raise ValueError(f"leaving one set out needs at least two sets, got {len(sets)}")
    results: list[LeftOutResult] = []
    for place, held in enumerate(sets):
        others = [*sets[:place], *sets[place + 1 :]]
        try:
            calibration = fit_calibration(others, comparator=comparator, modality=modality, seed=seed)
        except ValueError as exc:
            exc.add_note(f"while {held.dataset!r} was left out")
            raise
        results.append(_judged(held, calibration))
    return tuple(results)


def _judged(scores: LabelledScores, calibration: Calibration) -> LeftOutResult:
    llr = calibration.evidence(scores.similarities, scores.sizes)
    mated, nonmated = llr[scores.mated], llr[scores.nonmated]
    both = len(mated) > 0 and len(nonmated) > 0
    return LeftOutResult(
        dataset=scores.dataset,
        calibration_id=calibration.calibration_id,
        mated=len(mated),
        nonmated=len(nonmated),
        cllr=cllr(mated, nonmated) if both else None,
        min_cllr=min_cllr(mated, nonmated) if both else None,
        points=reliability(calibration, scores, targets=TARGETS) if len(nonmated) else (),
    )
