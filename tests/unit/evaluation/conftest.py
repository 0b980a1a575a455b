"""Templates and samples for the evaluation tests: points at random, impressions that jitter them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from biocapil.extraction import ExtractedSample
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, ModelId, SubjectId

SIDE_UM = 15_000.0
MINUTIAE = 30


def impression_of(finger: int, impression: int) -> FingerprintTemplate:
    """Template of one impression: the finger's own minutiae, moved a little."""
    source = np.random.default_rng(finger)
    points = source.uniform(1000, SIDE_UM - 1000, (MINUTIAE, 2))
    angles = source.uniform(0, 2 * np.pi, MINUTIAE)
    noise = np.random.default_rng([finger, impression])
    return FingerprintTemplate(
        positions_um=(points + noise.uniform(-60, 60, points.shape)).astype(np.float32),
        angles_rad=((angles + noise.uniform(-0.03, 0.03, MINUTIAE)) % 6.28).astype(np.float32),
        kinds=np.ones(MINUTIAE, dtype=np.uint8),
        qualities=np.full(MINUTIAE, 80, dtype=np.uint8),
        extent_um=(SIDE_UM, SIDE_UM),
        model_id=ModelId("fake@0"),
    )


def sample_of(finger: int, impression: int, *, failed: bool = False) -> ExtractedSample:
    """Sample with its template, or with the failure that stands in its place."""
    name = f"{finger}_{impression}.png"
    failure = FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="grey all over")
    return ExtractedSample(
        entry=SampleEntry(name=name, file=Path(name), subject=SubjectId(str(finger)), sample=str(impression)),
        template=None if failed else impression_of(finger, impression),
        failure=failure if failed else None,
        elapsed_ms=float(10 + impression),
        reused=False,
        content_sha256=name,
    )


@pytest.fixture
def make_set() -> Callable[..., list[ExtractedSample]]:
    """Make a set of fingers × impressions, of which some samples fail."""

    def build(
        fingers: int, impressions: int, failed: Sequence[tuple[int, int]] = ()
    ) -> list[ExtractedSample]:
        return [
            sample_of(finger, impression, failed=(finger, impression) in failed)
            for finger in range(fingers)
            for impression in range(impressions)
        ]

    return build


@pytest.fixture
def templates() -> list[FingerprintTemplate]:
    """Twelve templates of four fingers."""
    return [impression_of(finger, impression) for finger in range(4) for impression in range(3)]
