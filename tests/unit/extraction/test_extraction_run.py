from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from biocapil.extraction import ExtractedSample, ExtractionRun
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, ModelId, SubjectId

FAILURE = FailureToExtract(reason=ExtractionFailure.TOO_FEW_MINUTIAE, detail="3 of 12")
TEMPLATE = FingerprintTemplate(
    positions_um=np.zeros((0, 2), np.float32),
    angles_rad=np.zeros(0, np.float32),
    kinds=np.zeros(0, np.uint8),
    qualities=np.zeros(0, np.uint8),
    extent_um=(1.0, 1.0),
    model_id=ModelId("m@1"),
)


def item(
    name: str,
    *,
    template: FingerprintTemplate | None = None,
    failure: FailureToExtract | None = None,
    reused: bool = False,
) -> ExtractedSample:
    entry = SampleEntry(name=name, file=Path(name), subject=SubjectId("Siti"))
    return ExtractedSample(
        entry=entry, template=template, failure=failure, elapsed_ms=1.0, reused=reused, content_sha256=""
    )


RUN = ExtractionRun(
    items=(
        item("a", template=TEMPLATE),
        item("b", failure=FAILURE, reused=True),
        item("c", template=TEMPLATE),
    ),
    model_id=ModelId("m@1"),
)


def test_entries_and_templates_stay_in_step() -> None:
    assert [entry.name for entry in RUN.entries] == ["a", "c"]
    assert RUN.templates == (TEMPLATE, TEMPLATE)


def test_failures_and_reused_outcomes_are_counted() -> None:
    assert [failed.entry.name for failed in RUN.failures] == ["b"]
    assert RUN.reused == 1


@pytest.mark.parametrize(("template", "failure"), [(None, None), (TEMPLATE, FAILURE)])
def test_a_sample_has_one_outcome(
    template: FingerprintTemplate | None, failure: FailureToExtract | None
) -> None:
    with pytest.raises(ValueError, match="either a template or a failure"):
        item("a", template=template, failure=failure)


def test_reprs_name_counts_and_no_person() -> None:
    assert repr(RUN) == "ExtractionRun(3 samples, 1 failures, 1 reused, model m@1)"
    assert repr(RUN.items[1]) == "ExtractedSample('b', too_few_minutiae, reused=True)"
    assert "Siti" not in repr(RUN.items[0])
