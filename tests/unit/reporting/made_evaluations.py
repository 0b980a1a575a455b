"""Evaluations of sets that do not exist: points at random, impressions that jitter them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from biocapil.evaluation import EvaluationResult, evaluate
from biocapil.extraction import ExtractedSample
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, ModelId, SubjectId

SIDE_UM = 15_000.0
MINUTIAE = 30
MODEL = ModelId("made@1")


def made_template(finger: int, impression: int) -> FingerprintTemplate:
    """One impression: the finger's own minutiae, moved a little; the later, the worse."""
    source = np.random.default_rng(finger)
    points = source.uniform(1000, SIDE_UM - 1000, (MINUTIAE, 2))
    angles = source.uniform(0, 2 * np.pi, MINUTIAE)
    noise = np.random.default_rng([finger, impression])
    return FingerprintTemplate(
        positions_um=(points + noise.uniform(-60, 60, points.shape)).astype(np.float32),
        angles_rad=((angles + noise.uniform(-0.03, 0.03, MINUTIAE)) % 6.28).astype(np.float32),
        kinds=np.ones(MINUTIAE, dtype=np.uint8),
        qualities=np.full(MINUTIAE, 90 - 40 * (impression % 2), dtype=np.uint8),
        extent_um=(SIDE_UM, SIDE_UM),
        model_id=MODEL,
    )


def made_sample(
    subject: str, finger: int, impression: int, *, dataset: str = "", failed: bool = False
) -> ExtractedSample:
    """A sample of a person, of whichever finger; or the failure that stands in its place."""
    name = f"{dataset}{subject}_{impression}.png"
    failure = FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="grey <all> over")
    return ExtractedSample(
        entry=SampleEntry(
            name=name,
            file=Path(name),
            subject=SubjectId(subject),
            sample=str(impression),
            dataset=dataset,
            attributes=(("device", "x" if finger % 2 else "y"),),
        ),
        template=None if failed else made_template(finger, impression),
        failure=failure if failed else None,
        elapsed_ms=10.0,
        reused=False,
        content_sha256=name,
    )


def made_set(
    fingers: int, impressions: int, *, failed: Sequence[tuple[int, int]] = (), subject: str = "<b>{}</b>"
) -> list[ExtractedSample]:
    """Fingers of as many people, whose names are hostile unless told otherwise."""
    return [
        made_sample(subject.format(finger), finger, impression, failed=(finger, impression) in failed)
        for finger in range(fingers)
        for impression in range(impressions)
    ]


def with_fault(samples: list[ExtractedSample], *, dataset: str = "") -> list[ExtractedSample]:
    """The set, and its first finger once more under another name."""
    return [*samples, *(made_sample("again", 0, 10 + place, dataset=dataset) for place in range(2))]


def evaluated(
    samples: Sequence[ExtractedSample], *, gallery_size: int = 0, seed: int = 0
) -> EvaluationResult:
    """Evaluation with few draws."""
    return evaluate(samples, dataset="made <set>", gallery_size=gallery_size, replicates=20, seed=seed)
