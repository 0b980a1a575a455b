"""`assess_finger`: from a sample to its quality, one line a step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError
from biocapil.quality.finger.fitted import ComponentScale, QualityFit, shipped_fit
from biocapil.quality.finger.measures import Measured, measure_finger
from biocapil.quality.network import run_network
from biocapil.quality_report import MAX_SCORE, QualityComponent, QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FingerReason, Modality

UPRIGHT = "upright"
"""Name of the measure that the flow's network adds: how surely the finger points up, -1 to 1."""


def assess_finger(sample: CapturedSample, *, fit: QualityFit | None = None) -> QualityReport:
    """Quality of a sample of a finger, and what a person can do to make it better.

    Args:
        sample: The sample, at any resolution.
        fit: What turns measures into score and reasons; None takes the one that ships.

    Returns:
        Score, components and reasons; the same for the same pixels.

    Raises:
        ModelError: The sample is not of a finger.
        MissingPart: OpenCV is not installed.

    Reference: ISO/IEC 29794-1:2024 (quality as a prediction of recognition), 29794-4:2024 (finger).
    """
    if sample.modality is not Modality.FINGER:
        raise ModelError(f"quality is measured of fingers only, this sample is of modality {sample.modality}")
    return report_of(measure_finger(sample), shipped_fit() if fit is None else fit)


def report_of(measured: Measured, fit: QualityFit) -> QualityReport:
    """Report on what was measured of a sample."""
    measures = with_upright(measured, fit)
    inputs = standard_inputs(measures, fit)
    reasons = named_reasons(run_network(fit.reasons, inputs), fit)
    return QualityReport(
        score=_score(float(run_network(fit.utility, inputs)[0]), fit, reasons),
        components=tuple(_component(measures, scale) for scale in fit.components),
        reasons=reasons,
        model_id=fit.model_id,
    )


def with_upright(measured: Measured, fit: QualityFit) -> dict[str, float]:
    """Measures together with what the flow says about up and down."""
    return {**measured.measures, UPRIGHT: float(np.tanh(run_network(fit.upright, measured.flow)[0]))}


def standard_inputs(measures: Mapping[str, float], fit: QualityFit) -> NDArray[np.float32]:
    """Measures in the order of the fit, in spreads from their middle, limited. Shape (M,), float32."""
    values = np.array([measures[name] for name in fit.measures], dtype=np.float32)
    limited: NDArray[np.float32] = np.clip((values - fit.centre) / fit.spread, -fit.limit, fit.limit)
    return limited


def named_reasons(logits: NDArray[np.float32], fit: QualityFit) -> tuple[FingerReason, ...]:
    """Reasons above their thresholds, the furthest above first; where no finger lies, nothing else."""
    beyond = logits - fit.thresholds
    places: list[int] = np.argsort(-beyond, kind="stable").tolist()
    named = tuple(fit.order[at] for at in places if beyond[at] > 0)
    return (FingerReason.NO_FINGER,) if FingerReason.NO_FINGER in named else named


def _score(utility: float, fit: QualityFit, reasons: tuple[FingerReason, ...]) -> int:
    if reasons == (FingerReason.NO_FINGER,):
        return 0
    low, high = fit.scale
    return _whole(MAX_SCORE * (utility - low) / (high - low))


def _component(measures: Mapping[str, float], scale: ComponentScale) -> QualityComponent:
    raw = measures[scale.measure]
    share = (raw - scale.worst) / (scale.best - scale.worst)
    return QualityComponent(name=scale.name, raw=raw, score=_whole(MAX_SCORE * share))


def _whole(value: float) -> int:
    return min(MAX_SCORE, max(0, round(value)))
