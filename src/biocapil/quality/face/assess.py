"""`assess_face`: from a sample and the face found in it to its quality, one line a step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from biocapil.errors import ModelError
from biocapil.face_landmarks import FaceFound
from biocapil.quality.face.components import COMPONENTS, FaceComponent
from biocapil.quality.face.measures import measure_face
from biocapil.quality_report import MAX_SCORE, QualityComponent, QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FaceReason, Modality, ModelId

FILE = "face_quality.json"
MODEL = "face_quality"


def assess_face(sample: CapturedSample, face: FaceFound | None) -> QualityReport:
    """Quality of a sample of a face, and what a person can do to make it better.

    Args:
        sample: The picture, grey or colour.
        face: The face that was found in it; None where there is none.

    Returns:
        Score, components and reasons; the same for the same pixels. Whether eyes are open is not told.

    Raises:
        ModelError: The sample is not of a face.
        MissingPart: OpenCV is not installed.

    Reference: ISO/IEC 29794-1:2024 (quality as a prediction of recognition), 29794-5:2025 (face).
    """
    if sample.modality is not Modality.FACE:
        raise ModelError(f"this measures faces, the sample is of modality {sample.modality.value}")
    model_id, weights, floor = shipped_weights()
    if face is None:
        components = tuple(QualityComponent(name=each.name, raw=0.0, score=0) for each in COMPONENTS)
        return QualityReport(score=0, components=components, reasons=(FaceReason.NO_FACE,), model_id=model_id)
    components = components_of(measure_face(sample, face))
    utility = sum(weights[each.name] * each.score for each in components)
    score = min(MAX_SCORE, max(0, round(MAX_SCORE * (utility - floor) / (MAX_SCORE - floor))))
    return QualityReport(score=score, components=components, reasons=_reasons(components), model_id=model_id)


def components_of(measures: Mapping[str, float]) -> tuple[QualityComponent, ...]:
    """Each measure on its scale from 0 to 100."""
    return tuple(
        QualityComponent(name=each.name, raw=measures[each.measure], score=_scaled(measures, each))
        for each in COMPONENTS
    )


@cache
def shipped_weights() -> tuple[ModelId, dict[str, float], float]:
    """Weight of each component in the score, adding up to 1, and the sum that counts as 0.

    Made by ``benchmarks/fit_face_quality.py``, which says on what.
    """
    data = files("biocapil.quality.face").joinpath(FILE).read_bytes()
    parts = json.loads(data)
    weights = {each.name: float(parts["weights"][each.name]) for each in COMPONENTS}
    digits = hashlib.sha256(data + repr(COMPONENTS).encode()).hexdigest()[:12]
    return ModelId(f"{MODEL}@{digits}"), weights, float(parts["floor"])


def _scaled(measures: Mapping[str, float], component: FaceComponent) -> int:
    share = (measures[component.measure] - component.worst) / (component.best - component.worst)
    return min(MAX_SCORE, max(0, round(MAX_SCORE * share)))


def _reasons(components: tuple[QualityComponent, ...]) -> tuple[FaceReason, ...]:
    """Reasons of poor components, the furthest below its limit first, each once."""
    poor = [
        (found.score / each.below, at, each.reason)
        for at, (found, each) in enumerate(zip(components, COMPONENTS, strict=True))
        if found.score < each.below
    ]
    return tuple(dict.fromkeys(reason for *_, reason in sorted(poor, key=lambda one: one[:2])))
