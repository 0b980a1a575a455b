from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.extraction.finger.padding import pad


@settings(max_examples=40, deadline=None)
@given(rows=st.integers(1, 100), columns=st.integers(1, 100), stride=st.sampled_from([1, 8, 32]))
def test_the_picture_comes_back_out_of_the_margin(rows: int, columns: int, stride: int) -> None:
    pixels = np.random.default_rng(rows * 101 + columns).integers(0, 256, (rows, columns), dtype=np.uint8)
    padded = pad(pixels, stride_px=stride)
    _, _, height, width = padded.tensor.shape
    assert height % stride == width % stride == 0
    assert height - rows < stride
    assert width - columns < stride
    np.testing.assert_array_equal(padded.cut(padded.tensor[0])[0], pixels)


def test_the_margin_lies_on_all_sides_and_has_the_grey_of_the_corner() -> None:
    pixels = np.full((30, 29), 9, np.uint8)
    pixels[0, 0] = 200
    tensor = pad(pixels, stride_px=32).tensor[0, 0]
    assert tensor.dtype == np.float32
    assert tensor.shape == (32, 32)
    assert tensor[0, 0] == tensor[-1, -1] == 200
    assert tensor[1, 1] == 200
    assert tensor[2, 2] == 9
    assert np.count_nonzero(tensor == 9) == 30 * 29 - 1
