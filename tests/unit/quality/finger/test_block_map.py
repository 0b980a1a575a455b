from collections.abc import Callable

import numpy as np
import pytest

from biocapil.quality import QualityMap, quality_map
from biocapil.sample import CapturedSample

Make = Callable[..., CapturedSample]


def test_clear_ridges_are_good_and_the_ground_has_no_quality(make_print: Make) -> None:
    found = quality_map(make_print(radius_px=100.0))
    assert found.cells[24, 20] > 90
    assert np.isnan(found.cells[1, 1])
    assert found.cell_um == pytest.approx(406.4)


def test_a_noisy_half_is_poor(make_print: Make) -> None:
    sample = make_print(radius_px=150.0)
    noise = np.random.default_rng(1).normal(0, 90, sample.pixels.shape)
    noise[:, :160] = 0
    spoiled = CapturedSample(
        pixels=np.clip(sample.pixels + noise, 0, 255).astype(np.uint8), resolution_ppi=500
    )
    cells = quality_map(spoiled).cells
    assert np.nanmean(cells[:, :18]) > np.nanmean(cells[:, 22:]) + 20


def test_a_picture_without_a_finger_has_an_empty_map() -> None:
    found = quality_map(CapturedSample(pixels=np.full((300, 200), 200, np.uint8), resolution_ppi=500))
    assert np.isnan(found.cells).all()


def test_other_arrays_are_refused_and_the_own_is_read_only(make_print: Make) -> None:
    with pytest.raises(ValueError, match="float64"):
        QualityMap(cells=np.zeros((2, 2)), cell_um=400.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="read-only"):
        quality_map(make_print()).cells[0, 0] = 1
