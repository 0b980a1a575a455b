from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from PIL import Image

from biocapil import CapturedSample, MissingPart
from biocapil.quality import QualityMap
from biocapil.quality_report import QualityReport
from biocapil.reporting import quality_map_png
from biocapil.reporting.quality_map_image import MARGIN_PX
from biocapil.reporting.quality_map_picture import CLASSES, OPACITY
from biocapil.vocabulary import FingerReason, ModelId

SAMPLE = CapturedSample(pixels=np.full((16, 32), 120, np.uint8), resolution_ppi=500)
CELLS = np.array([[np.nan, 10, 40, 60], [90, 90, np.nan, 10]], np.float32)
QUALITY = QualityMap(cells=CELLS, cell_um=406.4)
REPORT = QualityReport(score=37, components=(), reasons=(FingerReason.WET,), model_id=ModelId("fit@0"))


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture)


def test_each_cell_has_the_colour_of_its_class_over_the_print_and_the_ground_stays() -> None:
    found = pixels(quality_map_png(SAMPLE, QUALITY))[MARGIN_PX:, MARGIN_PX:]
    assert found[4, 4].tolist() == [120, 120, 120]
    for at, (row, column) in enumerate(((4, 12), (4, 20), (4, 28), (12, 4))):
        colour = [int(CLASSES[at][1][place : place + 2], 16) for place in (1, 3, 5)]
        mixed = [round((1 - OPACITY) * 120 + OPACITY * part) for part in colour]
        assert np.abs(found[row, column].astype(int) - mixed).max() <= 1


def test_a_report_and_a_title_make_room_for_words() -> None:
    bare, told = (pixels(quality_map_png(SAMPLE, QUALITY, report=report)) for report in (None, REPORT))
    titled = pixels(quality_map_png(SAMPLE, QUALITY, report=REPORT, title="7"))
    assert len(bare) < len(told) < len(titled)
    assert (told[len(bare) :] < 100).any()


def test_without_pillow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingPart, match="Pillow"):
        quality_map_png(SAMPLE, QUALITY)
