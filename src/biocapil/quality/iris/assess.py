"""`assess_iris`: from a sample and what was found in it to its quality, one line a step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import ModelError
from biocapil.iris_segmentation import IrisSegmentation, UnwrappedIris
from biocapil.quality.iris.fitted import IrisQualityFit, shipped_iris_fit
from biocapil.quality.iris.measures import measure_iris
from biocapil.quality.network import run_network
from biocapil.quality_report import MAX_SCORE, QualityComponent, QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import IrisReason, Modality


def assess_iris(
    sample: CapturedSample,
    segmentation: IrisSegmentation | None,
    unwrapped: UnwrappedIris | None,
    *,
    fit: IrisQualityFit | None = None,
) -> QualityReport:
    """Quality of a sample of an iris, and what a person can do to make it better.

    Args:
        sample: The sample.
        segmentation: Where its iris lies, as the extractor found it; None where it found none.
        unwrapped: The iris laid flat; None where none was found.
        fit: What turns measures into score and reasons; None takes the one that ships.

    Returns:
        Score, components and reasons; the same for the same pixels and segmentation.

    Raises:
        ModelError: The sample is not of an iris.
        MissingPart: OpenCV is not installed.

    Reference: ISO/IEC 29794-1:2024 (quality as a prediction of recognition), 29794-6:2015 (iris).
    """
    if sample.modality is not Modality.IRIS:
        raise ModelError(
            f"quality of irises is asked for, this sample is of modality {sample.modality.value}"
        )
    chosen = shipped_iris_fit() if fit is None else fit
    if segmentation is None or unwrapped is None:
        return QualityReport(score=0, components=(), reasons=(IrisReason.NO_EYE,), model_id=chosen.model_id)
    return iris_report(measure_iris(sample.pixels, segmentation, unwrapped), chosen)


def iris_report(measures: Mapping[str, float], fit: IrisQualityFit) -> QualityReport:
    """Report on what was measured of a sample."""
    raw = np.array([measures[name] for name in fit.measures], np.float32)
    inputs = np.clip((raw - fit.centre) / fit.spread, -fit.limit, fit.limit).astype(np.float32)
    low, high = fit.scale
    utility = float(run_network(fit.utility, inputs)[0])
    shares = (raw - fit.worst) / (fit.best - fit.worst)
    return QualityReport(
        score=_whole(MAX_SCORE * (utility - low) / (high - low)),
        components=tuple(
            QualityComponent(name=name, raw=float(value), score=_whole(MAX_SCORE * float(share)))
            for name, value, share in zip(fit.measures, raw, shares, strict=True)
        ),
        reasons=_reasons(run_network(fit.reasons, inputs), fit),
        model_id=fit.model_id,
    )


def _reasons(logits: NDArray[np.float32], fit: IrisQualityFit) -> tuple[IrisReason, ...]:
    """Reasons above their thresholds, the furthest above first."""
    beyond = logits - fit.thresholds
    places: list[int] = np.argsort(-beyond, kind="stable").tolist()
    return tuple(fit.order[at] for at in places if beyond[at] > 0)


def _whole(value: float) -> int:
    return min(MAX_SCORE, max(0, round(value)))
