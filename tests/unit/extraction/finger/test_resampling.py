from __future__ import annotations

import numpy as np
import pytest

from biocapil.extraction.finger.resampling import resample, size_at
from biocapil.sample import CapturedSample


def _spot(ppi: float, *, x_um: float, y_um: float) -> CapturedSample:
    """One soft dark spot on white, 10 mm by 8 mm."""
    um = 25_400 / ppi
    columns = (np.arange(round(10_000 / um)) + 0.5) * um
    rows = (np.arange(round(8_000 / um)) + 0.5) * um
    distance = (columns - x_um) ** 2 + (rows[:, None] - y_um) ** 2
    return CapturedSample(
        pixels=(250 - 200 * np.exp(-distance / (2 * 300.0**2))).astype(np.uint8), resolution_ppi=ppi
    )


@pytest.mark.parametrize("ppi", [195, 355, 500, 502, 569, 1000, 1270])
def test_nothing_moves_when_the_resolution_changes(ppi: float) -> None:
    resampled = resample(_spot(ppi, x_um=6123, y_um=3456), resolution_ppi=500)
    weight = 250.0 - resampled.pixels
    weight[weight < 20] = 0
    rows, columns = np.indices(weight.shape) + 0.5
    width, height = resampled.um_per_px
    assert (weight * columns).sum() / weight.sum() * width == pytest.approx(6123, abs=6)
    assert (weight * rows).sum() / weight.sum() * height == pytest.approx(3456, abs=6)


@pytest.mark.parametrize(
    ("ppi", "stays"), [(500, True), (497.6, True), (502.4, True), (497.4, False), (503, False)]
)
def test_half_a_percent_is_let_be(ppi: float, *, stays: bool) -> None:
    sample = CapturedSample(pixels=np.zeros((300, 400), np.uint8), resolution_ppi=ppi)
    resampled = resample(sample, resolution_ppi=500)
    assert (resampled.pixels is sample.pixels) is stays
    assert (resampled.um_per_px == (sample.um_per_px,) * 2) is stays


def test_the_size_is_known_before_the_work_and_never_empty() -> None:
    sample = CapturedSample(pixels=np.zeros((101, 3), np.uint8), resolution_ppi=4000)
    assert size_at(sample, 500) == (13, 1)
    assert resample(sample, resolution_ppi=500).pixels.shape == (13, 1)


def test_a_view_with_negative_strides_is_resampled_like_its_copy() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (60, 80), dtype=np.uint8)
    flipped = CapturedSample(pixels=pixels[:, ::-1], resolution_ppi=250)
    copied = CapturedSample(pixels=pixels[:, ::-1].copy(), resolution_ppi=250)
    np.testing.assert_array_equal(
        resample(flipped, resolution_ppi=500).pixels, resample(copied, resolution_ppi=500).pixels
    )
