import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from biocapil.sample import CapturedSample, Origin
from biocapil.synthesis.png import encode_png

pixels = st.tuples(st.integers(1, 24), st.integers(1, 24)).flatmap(lambda shape: arrays(np.uint8, shape))


@settings(max_examples=40, deadline=None)
@given(pixels=pixels)
def test_pixels_come_back_as_they_were(pixels: np.ndarray) -> None:
    with Image.open(io.BytesIO(encode_png(CapturedSample(pixels=pixels, resolution_ppi=500)))) as image:
        assert image.mode == "L"
        assert np.array_equal(np.asarray(image), pixels)


@pytest.mark.parametrize("ppi", [196.85, 500, 1000])
def test_the_file_carries_its_resolution(ppi: float) -> None:
    sample = CapturedSample(pixels=np.zeros((3, 4), np.uint8), resolution_ppi=ppi)
    with Image.open(io.BytesIO(encode_png(sample))) as image:
        assert image.info["dpi"] == pytest.approx((ppi, ppi), abs=0.02)


def test_only_synthetic_samples_are_marked_as_such() -> None:
    for origin, marked in ((Origin.SYNTHETIC, True), (Origin.FILE, False)):
        sample = CapturedSample(pixels=np.zeros((2, 2), np.uint8), resolution_ppi=500, origin=origin)
        with Image.open(io.BytesIO(encode_png(sample))) as image:
            assert ("synthetic" in image.info.get("Comment", "")) is marked
