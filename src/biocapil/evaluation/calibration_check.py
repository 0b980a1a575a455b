"""Whether a calibration tells the truth about a set: predicted and counted rates, and what evidence costs.

ScoreSet, samples ─► LabelledScores ─► evidence ─► Cllr, min Cllr
                                   └─► reliability ─► CalibrationCheck
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, ReliabilityPoint, cllr, min_cllr, reliability
from biocapil.comparison import ReferenceSet, references_of
from biocapil.evaluation.score_set import ScoreSet
from biocapil.evaluation.similarities import template_rows
from biocapil.extraction import ExtractedSample
from biocapil.labelled_scores import LabelledScores


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CalibrationCheck:
    """What a calibration says about the pairs of a set.

    Attributes:
        calibration: The calibration.
        rates: Predicted and counted false match rates.
        mated_llr: Evidence of the mated pairs that were compared, nats. Shape (M,), float64.
        nonmated_llr: Evidence of pairs of the same finger of different people, nats. Shape (K,), float64.
        cllr: Cost of the evidence, bits: 0 is certainty, 1 knowing nothing.
        min_cllr: Cost that the best calibration of these very pairs would leave, bits.
        known_sets: Datasets of this set that the calibration was fitted on: for them it is no check.
    """

    calibration: Calibration
    rates: tuple[ReliabilityPoint, ...]
    mated_llr: NDArray[np.float64]
    nonmated_llr: NDArray[np.float64]
    cllr: float
    min_cllr: float
    known_sets: tuple[str, ...]


def check_calibration(
    calibration: Calibration, scores: ScoreSet, samples: Sequence[ExtractedSample]
) -> CalibrationCheck | None:
    """Hold a calibration against the pairs of a set.

    Args:
        calibration: Calibration of the model that made the templates.
        scores: The set; its similarities are exact.
        samples: What extraction made of its samples, in their order.

    Returns:
        The check, or None where no mated pair or no pair of the same finger of two people was compared.

    Raises:
        IncompatibleTemplates: The calibration speaks of another model or version of the comparison.
    """
    templates = [sample.template for sample in samples if sample.template is not None]
    references = references_of(templates) if templates else None
    labelled = None if references is None else _labelled(scores, samples, references)
    if references is None or labelled is None:
        return None
    calibration.require(references.model_id, references.comparator)
    if not labelled.mated.any() or not labelled.nonmated.any():
        return None
    llr = calibration.evidence(labelled.similarities, labelled.sizes)
    mated_llr, nonmated_llr = llr[labelled.mated], llr[labelled.nonmated]
    names = {sample.entry.dataset for sample in samples} & {each.dataset for each in calibration.fitted_on}
    return CalibrationCheck(
        calibration=calibration,
        rates=reliability(calibration, labelled),
        mated_llr=mated_llr,
        nonmated_llr=nonmated_llr,
        cllr=cllr(mated_llr, nonmated_llr),
        min_cllr=min_cllr(mated_llr, nonmated_llr),
        known_sets=tuple(sorted(names - {""})),
    )


def _labelled(
    scores: ScoreSet, samples: Sequence[ExtractedSample], references: ReferenceSet
) -> LabelledScores | None:
    """Pairs of which both sides have a template, with the truth and the people; None where there are none."""
    pairs = np.concatenate([scores.mated_pairs, scores.nonmated_pairs])
    similarities = np.concatenate([scores.mated, scores.nonmated])
    compared = np.isfinite(similarities)
    if not compared.any():
        return None
    rows = template_rows([sample.template is not None for sample in samples])
    first, second = pairs[compared].T
    fingers = _numbered([sample.entry.instance for sample in samples])
    return LabelledScores(
        dataset="",
        model_id=references.model_id,
        similarities=similarities[compared],
        mated=(np.arange(len(pairs)) < len(scores.mated))[compared],
        first_subject=scores.people[first],
        second_subject=scores.people[second],
        sizes=references.sizes()[rows[pairs[compared]]].min(axis=1),
        first_instance=fingers[first],
        second_instance=fingers[second],
    )


def _numbered(names: Sequence[str]) -> NDArray[np.int16]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int16)
