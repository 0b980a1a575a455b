from collections.abc import Callable

import cv2
import numpy as np
import pytest

from biocapil.quality.finger.picture import CELL_PX, SMALLEST_CELLS, working_picture
from biocapil.sample import CapturedSample

Make = Callable[..., CapturedSample]


def test_the_picture_is_cut_to_whole_cells(make_print: Make) -> None:
    picture = working_picture(make_print())
    assert picture.grey.shape == (384, 320)
    assert picture.mean.shape == picture.strength.shape == (384 // CELL_PX, 320 // CELL_PX)
    assert picture.grey.dtype == picture.tensor.real.dtype == np.float32


@pytest.mark.parametrize("ppi", [250.0, 1000.0])
def test_any_resolution_is_brought_to_500_ppi(make_print: Make, ppi: float) -> None:
    sample = make_print(period_px=10.0)
    size = (round(320 * ppi / 500), round(384 * ppi / 500))
    other = CapturedSample(
        pixels=cv2.resize(sample.pixels, size, interpolation=cv2.INTER_AREA), resolution_ppi=ppi
    )
    first, second = working_picture(sample), working_picture(other)
    assert first.mean.shape == second.mean.shape
    assert np.abs(first.mean - second.mean).mean() < 3


def test_a_tiny_picture_is_lengthened_by_its_border() -> None:
    picture = working_picture(CapturedSample(pixels=np.full((3, 50), 90, np.uint8), resolution_ppi=500))
    assert picture.mean.shape == (SMALLEST_CELLS, SMALLEST_CELLS)
    assert (picture.grey == 90).all()


def test_coherence_tells_waves_from_noise(make_print: Make) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (384, 320), dtype=np.uint8)
    of_noise = working_picture(CapturedSample(pixels=noise, resolution_ppi=500)).coherence
    of_waves = working_picture(make_print()).coherence[20:30, 15:25]
    assert of_waves.min() > 0.9
    assert np.median(of_noise) < 0.4
