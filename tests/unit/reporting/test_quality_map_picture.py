# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from biocapil import CapturedSample
from biocapil.quality import Language, QualityMap, sentence
from biocapil.quality_report import QualityReport
from biocapil.reporting import quality_map_svg
from biocapil.reporting.quality_map_picture import CLASSES
from biocapil.vocabulary import FingerReason, ModelId

SVG = "{http://www.w3.org/2000/svg}"
SAMPLE = CapturedSample(pixels=np.full((80, 60), 120, np.uint8), resolution_ppi=500)
CELLS = np.array([[np.nan, 10, 20, 40], [60, 90, 99, np.nan]], np.float32)
REPORT = QualityReport(
    score=37, components=(), reasons=(FingerReason.WET, FingerReason.MOVED), model_id=ModelId("fit@0")
)


def drawn(**details: object) -> ET.Element:
    return ET.fromstring(
        quality_map_svg(SAMPLE, QualityMap(cells=CELLS, cell_um=406.4), **details)  # type: ignore[arg-type]
    )


def test_neighbours_of_one_class_are_one_rectangle_and_the_ground_has_none() -> None:
    boxes = drawn().findall(f".//{SVG}g[@class='cells']/{SVG}rect")
    assert [box.get("fill") for box in boxes] == [CLASSES[at][1] for at in (0, 1, 2, 3)]
    widths = [float(box.get("width", 0)) for box in boxes]
    assert widths[0] == 2 * widths[1]


def test_score_and_advice_stand_below_in_the_language_asked_for() -> None:
    said = [each.text for each in drawn(report=REPORT, language=Language.INDONESIAN).iter(f"{SVG}text")]
    assert "37 of 100" in said
    assert sentence(FingerReason.WET, Language.INDONESIAN) in said
    assert sentence(FingerReason.MOVED, Language.INDONESIAN) in said


def test_the_description_tells_what_a_reader_cannot_see() -> None:
    told = drawn(report=REPORT, title="a & b")
    assert told.findtext(f"{SVG}title") == "a & b"
    assert (
        told.findtext(f"{SVG}desc")
        == "Clearness of the ridges over the print: median 50 of 100. Score 37 of 100."
    )
    empty = quality_map_svg(SAMPLE, QualityMap(cells=np.full((2, 2), np.nan, np.float32), cell_um=406.4))
    assert "no print was found" in empty
