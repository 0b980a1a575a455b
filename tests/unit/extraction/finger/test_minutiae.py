from __future__ import annotations

import numpy as np
import pytest

from biocapil.extraction.finger.minutiae import minutiae_template
from biocapil.extraction.finger.peaks import Peaks
from biocapil.extraction.finger.resampling import Resampled
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import FingerPosition, ModelId


def _template(scores: list[float], endings: list[float]) -> FingerprintTemplate:
    """Minutiae on the first pixels of the last row of a 300 × 400 picture at 500 ppi."""
    sample = CapturedSample(
        pixels=np.zeros((300, 400), np.uint8), resolution_ppi=500, position=FingerPosition.LEFT_RING
    )
    count = len(scores)
    peaks = Peaks(
        rows=np.full(count, 299), columns=np.arange(count), scores=np.array(scores, dtype=np.float32)
    )
    maps = {name: np.zeros((300, 400), np.float32) for name in ("cos", "sin", "ending")}
    maps["ending"][299, :count] = endings
    maps["sin"][:] = 1
    read = Resampled(pixels=sample.pixels, um_per_px=(50.8, 50.8))
    return minutiae_template(sample, read, peaks, maps, resolution_ppi=500, model_id=ModelId("told@0"))


def test_a_position_is_the_middle_of_its_pixel() -> None:
    template = _template([0.9, 0.8], [1, 1])
    np.testing.assert_allclose(template.positions_um, [[25.4, 299.5 * 50.8], [76.2, 299.5 * 50.8]], rtol=1e-6)
    assert template.extent_um == pytest.approx((400 * 50.8, 300 * 50.8))


def test_up_in_the_picture_is_a_quarter_turn() -> None:
    np.testing.assert_allclose(_template([0.9], [1]).angles_rad, [np.pi / 2], rtol=1e-6)


def test_quality_is_the_score_in_percent_and_never_the_code_for_unknown() -> None:
    assert _template([1.004, 0.555, 0.001], [1, 1, 1]).qualities.tolist() == [100, 56, 1]


def test_the_template_keeps_the_finger_and_names_its_model() -> None:
    template = _template([0.9], [1])
    assert template.position is FingerPosition.LEFT_RING
    assert template.model_id == "told@0"
