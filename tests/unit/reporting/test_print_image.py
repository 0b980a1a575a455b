from __future__ import annotations

import base64
import io
import sys

import numpy as np
import pytest
from PIL import Image

from biocapil import CapturedSample, MissingPart
from biocapil.reporting.print_image import MAX_SIDE_PX, print_data_uri


def opened(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.removeprefix("data:image/png;base64,"))))


def test_the_picture_looks_like_the_print(print_sample: CapturedSample) -> None:
    grey = np.asarray(opened(print_data_uri(print_sample)).convert("L"), dtype=int)

    assert grey.shape == print_sample.pixels.shape
    assert np.abs(grey - print_sample.pixels).max() <= 9


def test_a_large_print_is_reduced_in_proportion() -> None:
    sample = CapturedSample(pixels=np.full((1000, 500), 255, np.uint8), resolution_ppi=1000.0)

    image = opened(print_data_uri(sample))

    assert image.size == (MAX_SIDE_PX // 2, MAX_SIDE_PX)
    assert image.convert("L").getextrema() == (255, 255)


def test_four_bits_a_pixel_are_enough(print_sample: CapturedSample) -> None:
    assert len(print_data_uri(print_sample)) < print_sample.pixels.size * 0.75


def test_without_pillow_the_message_says_what_to_install(
    print_sample: CapturedSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)

    with pytest.raises(MissingPart, match=r"biocapil\[extract\]"):
        print_data_uri(print_sample)
