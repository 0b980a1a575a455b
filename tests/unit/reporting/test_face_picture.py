from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import DrawnFace, face_pair_svg
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality

SVG = "{http://www.w3.org/2000/svg}"
RATES = {0.01: 40.0, 1e-4: 60.0, 1e-6: float("inf")}


def face(label: str) -> DrawnFace:
    pixels = np.full((112, 112, 3), 90, np.uint8)
    points = np.array([[38, 51], [73, 51], [56, 71], [41, 92], [70, 92]], np.float32)
    sample = CapturedSample(pixels=pixels, modality=Modality.FACE)
    return DrawnFace(aligned=sample, points_px=points, label=label)


def drawn(similarity: float, rates: dict[float, float]) -> ET.Element:
    svg = face_pair_svg(face("Probe <1>"), face("Reference"), similarity=similarity, rates=rates)
    assert svg.count("http") == svg.count("http://www.w3.org/2000/svg") == 1
    return ET.fromstring(svg)  # noqa: S314  # our own


def test_both_faces_their_points_and_the_scale_are_drawn() -> None:
    root = drawn(70.0, RATES)
    assert len(root.findall(f"{SVG}image")) == 2
    assert len(root.findall(f"{SVG}circle")) == 10
    ticks = [each.text for each in root.findall(f"{SVG}text") if each.get("class") == "rate"]
    assert ticks == ["1 %", "0.01 %"]
    assert "Probe <1>" in [each.text for each in root.findall(f"{SVG}text")]


@pytest.mark.parametrize(
    ("similarity", "words"),
    [(70.0, "at most 0.01 %"), (50.0, "at most 1 %"), (10.0, "more than 1 %")],
)
def test_the_similarity_is_told_by_the_rate_that_it_reaches(similarity: float, words: str) -> None:
    told = drawn(similarity, RATES).findtext(f"{SVG}desc") or ""
    assert f"Similarity {similarity:.1f}" in told
    assert words in told


def test_the_mark_lies_further_right_for_a_higher_similarity() -> None:
    places: list[float] = []
    for similarity in (20.0, 80.0):
        (mark,) = drawn(similarity, RATES).findall(f"{SVG}polygon")
        places.append(float(mark.get("points", "").split(",")[0]))
    assert places[1] - places[0] == pytest.approx(0.6 * (2 * 330 + 26), abs=0.1)


def test_without_a_calibration_nothing_is_claimed() -> None:
    root = drawn(70.0, {})
    assert "no calibration says what it means" in (root.findtext(f"{SVG}desc") or "")
    assert not [each for each in root.findall(f"{SVG}text") if each.get("class") == "rate"]
