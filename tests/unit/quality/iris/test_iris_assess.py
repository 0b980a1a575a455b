from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import biocapil_models.pelangi
from biocapil.errors import ModelError, UnsupportedVersion
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.extraction.iris.loading import load_iris_extractor
from biocapil.quality.iris.assess import assess_iris
from biocapil.quality.iris.fitted import FILE, read_iris_fit, shipped_iris_fit
from biocapil.quality.iris.measures import MEASURES
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.synthesis.iris import EyeConditions, EyeDegradation, degrade, make_iris_master, render_eye
from biocapil.vocabulary import IrisReason, Modality

GOOD = EyeConditions()


@pytest.fixture(scope="module")
def extractor() -> IrisExtractor:
    pytest.importorskip("onnxruntime", reason="the extra extract is not installed")
    return load_iris_extractor(Path(biocapil_models.pelangi.__file__).parent)


def report(extractor: IrisExtractor, conditions: EyeConditions, seed: int) -> QualityReport:
    made = render_eye(make_iris_master((61, seed)), conditions, np.random.default_rng((62, seed)))
    traced = extractor.trace(made.sample)
    return assess_iris(made.sample, traced.segmentation, traced.unwrapped)


def test_good_pictures_score_higher_than_poor_ones(extractor: IrisExtractor) -> None:
    for way in (EyeDegradation.DROOPING, EyeDegradation.DEFOCUSED, EyeDegradation.FAR):
        poor = [report(extractor, degrade(GOOD, way, 0.9), seed).score for seed in range(5)]
        good = [report(extractor, GOOD, seed).score for seed in range(5)]
        assert np.mean(poor) + 15 < np.mean(good)


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        (EyeDegradation.INTERLACED, IrisReason.INTERLACED),
        (EyeDegradation.NARROW_PUPIL, IrisReason.PUPIL_TOO_NARROW),
        (EyeDegradation.WIDE_PUPIL, IrisReason.PUPIL_TOO_WIDE),
        (EyeDegradation.CLOSED, IrisReason.NO_EYE),
    ],
)
def test_what_was_done_to_a_picture_is_named(
    extractor: IrisExtractor, way: EyeDegradation, reason: IrisReason
) -> None:
    named = [reason in report(extractor, degrade(GOOD, way, 0.7), seed).reasons for seed in range(6)]
    assert sum(named) >= 5


def test_components_are_the_measures(extractor: IrisExtractor) -> None:
    told = report(extractor, GOOD, 1)
    assert tuple(component.name for component in told.components) == MEASURES
    assert told.model_id == shipped_iris_fit().model_id


def test_without_an_eye_there_is_one_reason() -> None:
    sample = CapturedSample(pixels=np.zeros((240, 320), np.uint8), modality=Modality.IRIS)
    told = assess_iris(sample, None, None)
    assert told.score == 0
    assert told.reasons == (IrisReason.NO_EYE,)


def test_a_finger_is_refused() -> None:
    with pytest.raises(ModelError, match="quality of irises"):
        assess_iris(CapturedSample(pixels=np.zeros((9, 9), np.uint8), resolution_ppi=500), None, None)


@pytest.fixture
def parts() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(files("biocapil.quality.iris").joinpath(FILE).read_bytes())
    return read


def test_a_fit_of_another_schema_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedVersion):
        read_iris_fit(json.dumps({**parts, "schema": "biocapil/iris_quality/9"}).encode())


def test_a_fit_without_a_part_is_refused(parts: dict[str, Any]) -> None:
    del parts["utility"]
    with pytest.raises(ModelError, match="cannot be read"):
        read_iris_fit(json.dumps(parts).encode())
