from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from biocapil.extraction.finger.acceptance import refuse_contrast, refuse_count, refuse_size
from biocapil.extraction.model_manifest import MinutiaeRule
from biocapil.sample import CapturedSample
from biocapil.vocabulary import ExtractionFailure


@pytest.fixture
def rule(manifest: Any) -> MinutiaeRule:
    found: MinutiaeRule = manifest.minutiae
    return found


def _sample(rows: int, columns: int, ppi: float) -> CapturedSample:
    return CapturedSample(pixels=np.broadcast_to(np.uint8(9), (rows, columns)), resolution_ppi=ppi)


def test_a_thin_strip_is_too_small_and_says_its_measure(rule: MinutiaeRule) -> None:
    failure = refuse_size(_sample(78, 400, 500), resolution_ppi=500, rule=rule)
    assert failure is not None
    assert failure.reason is ExtractionFailure.IMAGE_TOO_SMALL
    assert "20.3 × 4.0 mm at 500 ppi" in failure.detail
    assert "at least 4 mm" in failure.detail
    assert refuse_size(_sample(79, 400, 500), resolution_ppi=500, rule=rule) is None


def test_size_is_measured_in_millimetres_not_in_pixels(rule: MinutiaeRule) -> None:
    assert refuse_size(_sample(40, 40, 250), resolution_ppi=500, rule=rule) is None
    assert refuse_size(_sample(150, 150, 1000), resolution_ppi=500, rule=rule) is not None


def test_an_image_that_would_fill_the_memory_is_refused_before_it_is_resampled(rule: MinutiaeRule) -> None:
    failure = refuse_size(_sample(20_000, 20_000, 50), resolution_ppi=500, rule=rule)
    assert failure is not None
    assert failure.reason is ExtractionFailure.IMAGE_TOO_LARGE
    assert "40000.0 million pixels at 500 ppi" in failure.detail
    assert "at most 1 million" in failure.detail


def test_four_hundred_million_pixels_of_a_fine_scan_are_counted_at_the_networks_resolution(
    rule: MinutiaeRule,
) -> None:
    assert refuse_size(_sample(8000, 8000, 4000), resolution_ppi=500, rule=rule) is None
    assert refuse_size(_sample(8001, 8000, 4000), resolution_ppi=500, rule=rule) is None
    assert refuse_size(_sample(8005, 8000, 4000), resolution_ppi=500, rule=rule) is not None


def test_a_strip_longer_than_a_template_can_hold_is_refused(rule: MinutiaeRule) -> None:
    failure = refuse_size(_sample(79, 12_901, 500), resolution_ppi=500, rule=rule)
    assert failure is not None
    assert failure.reason is ExtractionFailure.IMAGE_TOO_LARGE
    assert refuse_size(_sample(79, 12_600, 500), resolution_ppi=500, rule=rule) is None


def test_a_grey_surface_has_no_contrast(rule: MinutiaeRule) -> None:
    failure = refuse_contrast(np.full((100, 100), 77, np.uint8), rule=rule)
    assert failure is not None
    assert failure.reason is ExtractionFailure.NO_CONTRAST
    assert "0.0 of 255" in failure.detail
    assert "at least 4" in failure.detail


def test_contrast_is_enough_from_the_limit_on(rule: MinutiaeRule) -> None:
    pixels = np.full((100, 100), 100, np.uint8)
    pixels[::2] = 108
    assert refuse_contrast(pixels, rule=rule) is None
    pixels[::2] = 107
    assert refuse_contrast(pixels, rule=rule) is not None


def test_too_few_minutiae_are_counted(rule: MinutiaeRule) -> None:
    failure = refuse_count(1, rule=rule)
    assert failure is not None
    assert failure.reason is ExtractionFailure.TOO_FEW_MINUTIAE
    assert failure.detail == "1 minutiae found; at least 2 are needed"
    assert refuse_count(2, rule=rule) is None
