"""`fit_calibration`: one line a step from labelled scores to a calibration.

sets ─► band units ─► false match curve ─┐
              └─────► mated density ─────┴─► log-likelihood ratios ─► table ─► Calibration
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from biocapil.calibration.calibration import Calibration, FittedSet
from biocapil.calibration.dependence import instance_dependence
from biocapil.calibration.false_match import false_match_curve, nonmated_set
from biocapil.calibration.mated import false_non_match_rate, mated_density
from biocapil.calibration.record_file import identify
from biocapil.calibration.root_scale import band_units
from biocapil.calibration.table import make_table
from biocapil.calibration.weight_of_evidence import log_likelihood_ratios
from biocapil.errors import IncompatibleTemplates
from biocapil.labelled_scores import LabelledScores
from biocapil.vocabulary import Modality

MIN_PAIRS = 100
"""Fewest non-mated pairs that a calibration may rest on: below, not even 3 % can be told from nothing."""


def fit_calibration(
    sets: Sequence[LabelledScores],
    *,
    comparator: str,
    modality: Modality = Modality.FINGER,
    dependence: float | None = None,
    seed: int = 0,
) -> Calibration:
    """Fit a calibration; the same sets in the same order and the same seed give the same record.

    Args:
        sets: Score sets of one model. Each counts the same in the false match rate, however large, so a set
            with few pairs makes its limits wide. Sets without non-mated pairs add their mated ones.
        comparator: Version of the comparison that gave the scores.
        modality: Modality of the templates.
        dependence: Correlation of the evidence of two fingers of the same persons, 0 to 1; None measures it.
            State it where the sets cannot tell: fingers of synthetic people have nothing in common.
        seed: Seed of the resampling.

    Raises:
        ValueError: There are too few pairs, or all are equally alike.
        IncompatibleTemplates: The sets come from different models.
    """
    used = [each for each in sets if each.nonmated.any() or each.mated.any()]
    _check(used)
    units = band_units(used)
    counted = [nonmated_set(each, units) for each in used if each.nonmated.any()]
    curve = false_match_curve(counted, rng=np.random.default_rng(seed))
    mated = mated_density(used, units)
    llr = log_likelihood_ratios(mated, curve, mated_pairs=sum(int(each.mated.sum()) for each in used))
    table = make_table(
        fmr=curve.rate,
        fmr_low=curve.low,
        fmr_high=curve.high,
        fnmr=false_non_match_rate(mated),
        llr=llr,
        measured_to=curve.measured_to,
    )
    return identify(
        model_id=used[0].model_id,
        comparator=comparator,
        modality=modality,
        units=tuple(units.tolist()),
        table=table,
        dependence=round(instance_dependence(used, table, units) if dependence is None else dependence, 4),
        fitted_on=tuple(_fitted(each) for each in used),
    )


def _check(sets: Sequence[LabelledScores]) -> None:
    pairs = sum(int(each.nonmated.sum()) for each in sets)
    if pairs < MIN_PAIRS:
        raise ValueError(f"a calibration needs at least {MIN_PAIRS} non-mated pairs, got {pairs}")
    if not any(each.mated.any() for each in sets):
        raise ValueError("a calibration needs mated pairs: two impressions or more of some fingers")
    models = sorted({each.model_id for each in sets})
    if len(models) > 1:
        raise IncompatibleTemplates(f"templates of different models never compare: {models}")


def _fitted(scores: LabelledScores) -> FittedSet:
    return FittedSet(
        dataset=scores.dataset,
        subjects=scores.subjects,
        mated=int(scores.mated.sum()),
        nonmated=int(scores.nonmated.sum()),
    )
