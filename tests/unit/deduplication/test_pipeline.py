from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from biocapil.calibration import Calibration
from biocapil.comparison import COMPARATOR
from biocapil.decision import DecisionPolicy
from biocapil.deduplication.pipeline import run_deduplication
from biocapil.extraction import ExtractedSample
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, ModelId, SubjectId


def template_of(minutiae: int) -> FingerprintTemplate:
    rng = np.random.default_rng(minutiae)
    return FingerprintTemplate(
        positions_um=rng.uniform(0, 9000, (minutiae, 2)).astype(np.float32),
        angles_rad=rng.uniform(0, 6, minutiae).astype(np.float32),
        kinds=np.ones(minutiae, dtype=np.uint8),
        qualities=np.zeros(minutiae, dtype=np.uint8),
        extent_um=(10_000.0, 10_000.0),
        model_id=ModelId("fake@0"),
    )


def entries_of(number: int) -> tuple[SampleEntry, ...]:
    names = [f"{row}.png" for row in range(number)]
    return tuple(SampleEntry(name=name, file=Path(name), subject=SubjectId(name)) for name in names)


def third_fails(entries: Sequence[SampleEntry]) -> list[ExtractedSample]:
    failure = FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="grey all over")
    return [
        ExtractedSample(
            entry=entry,
            template=None if row == 2 else template_of(30 + row),
            failure=failure if row == 2 else None,
            elapsed_ms=1.0,
            reused=row < 2,
            content_sha256=entry.name,
        )
        for row, entry in enumerate(entries)
    ]


@pytest.fixture
def speaking(calibration: Calibration) -> Calibration:
    """A calibration of this library's own comparison, for the made templates."""
    return replace(calibration, model_id=ModelId("fake@0"), comparator=COMPARATOR)


@pytest.fixture
def deaf(make_policy: Callable[..., DecisionPolicy], calibration: Calibration) -> DecisionPolicy:
    """A policy that no evidence reaches."""
    return make_policy(calibration, review=1e8, duplicate=1e9)


def test_samples_go_through_intake_into_a_report(speaking: Calibration, deaf: DecisionPolicy) -> None:
    done = run_deduplication(entries_of(4), speaking, deaf, intake=third_fails)
    assert [sample.entry.name for sample in done.samples] == ["0.png", "1.png", "2.png", "3.png"]
    assert (done.report.samples, done.report.templates, done.report.compared) == (4, 3, 3)
    assert [failed.entry.name for failed in done.report.failures] == ["2.png"]
    assert done.report.clusters == ()
    assert done.reused == 2


def test_each_step_is_timed(speaking: Calibration, deaf: DecisionPolicy) -> None:
    seconds = (float(tick**2) for tick in count())
    done = run_deduplication(entries_of(3), speaking, deaf, intake=third_fails, clock=lambda: next(seconds))
    assert done.elapsed_s == {"extraction": 1.0, "comparison": 3.0}


def test_a_template_without_minutiae_is_still_a_template(speaking: Calibration, deaf: DecisionPolicy) -> None:
    def empty(entries: Sequence[SampleEntry]) -> list[ExtractedSample]:
        return [
            ExtractedSample(
                entry=entry,
                template=template_of(0),
                failure=None,
                elapsed_ms=1.0,
                reused=False,
                content_sha256=entry.name,
            )
            for entry in entries
        ]

    assert run_deduplication(entries_of(1), speaking, deaf, intake=empty).report.templates == 1
