"""Pairs of synthetic eyes and drawn faces, traced by the shipped models."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biocapil.calibration import model_calibration
from biocapil.extraction import Extractor, load_extractor
from biocapil.outcomes import FailureToExtract
from biocapil.reporting import PairSide, PairTracer
from biocapil.reporting.drawn_pair import draw_pair
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.synthesis.face import FaceConditions, make_face_master, render_face
from biocapil.synthesis.iris import EyeConditions, make_iris_master, render_eye
from biocapil.vocabulary import Modality, ModelId, SubjectId

pytest.importorskip("onnxruntime", reason="the extra extract is not installed")

SVG = "{http://www.w3.org/2000/svg}"
BOTH = (Modality.FACE, Modality.IRIS)


@pytest.fixture(scope="module")
def tracer() -> PairTracer:
    return PairTracer(
        extractors={each: load_extractor(modality=each) for each in BOTH},
        calibrations={each: model_calibration(modality=each) for each in BOTH},
    )


def sample_of(modality: Modality, visit: int) -> CapturedSample:
    rng = np.random.default_rng((72, visit))
    if modality is Modality.FACE:
        return render_face(make_face_master(1), FaceConditions(), rng=rng).sample
    return render_eye(make_iris_master((71, 1)), EyeConditions(upper_lid=0.9, lower_lid=0.95), rng).sample


def side_of(extractor: Extractor, visit: int) -> PairSide:
    sample = sample_of(extractor.modality, visit)
    template = extractor.extract(sample)
    assert not isinstance(template, FailureToExtract)
    return PairSide(sample=sample, template=template, label=f"visit {visit}")


def test_two_pictures_of_one_eye_are_drawn_with_borders_and_agreement(tracer: PairTracer) -> None:
    sides = [side_of(tracer.extractors[Modality.IRIS], visit) for visit in (1, 2)]
    svg = tracer.draw(*sides)
    assert svg is not None
    root = ET.fromstring(svg)  # noqa: S314  # our own
    assert len(root.findall(f"{SVG}polygon")) == 4
    assert len(root.findall(f"{SVG}image")) == 5
    assert "compared bits differ" in (root.findtext(f"{SVG}desc") or "")


def test_two_pictures_of_one_face_are_drawn_aligned_and_on_the_scale(tracer: PairTracer) -> None:
    sides = [side_of(tracer.extractors[Modality.FACE], visit) for visit in (1, 2)]
    svg = tracer.draw(*sides)
    assert svg is not None
    root = ET.fromstring(svg)  # noqa: S314  # our own
    assert len(root.findall(f"{SVG}circle")) == 10
    assert [each for each in root.findall(f"{SVG}text") if each.get("class") == "rate"]
    assert "at most" in (root.findtext(f"{SVG}desc") or "")


@pytest.mark.parametrize("modality", BOTH)
def test_what_cannot_be_traced_is_not_drawn(tracer: PairTracer, modality: Modality) -> None:
    side = side_of(tracer.extractors[modality], 1)
    blank = replace(side, sample=replace(side.sample, pixels=np.full_like(side.sample.pixels, 128)))
    of_another = replace(side, template=replace(side.template, model_id=ModelId("other@0")))
    assert tracer.draw(side, blank) is None
    assert tracer.draw(side, of_another) is None
    assert PairTracer(extractors={}, calibrations={}).draw(side, side) is None


@pytest.mark.parametrize("modality", BOTH)
def test_a_page_draws_what_was_seen_where_samples_can_be_traced(
    tracer: PairTracer, modality: Modality
) -> None:
    side = side_of(tracer.extractors[modality], 1)
    entries = [
        SampleEntry(name=name, file=Path(name), subject=SubjectId(name), modality=modality) for name in "ab"
    ]
    drawn = [
        draw_pair(
            *entries,
            images=lambda _: side.sample,
            templates=lambda _: side.template,
            explain=lambda _probe, _reference: pytest.fail("there is no finger"),
            tracer=used,
        )
        for used in (tracer, None)
    ]
    marks = ["<circle" in each.svg or "<polygon" in each.svg for each in drawn if each is not None]
    assert marks == [True, False]
