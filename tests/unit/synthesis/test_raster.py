import sys

import numpy as np
import pytest

from biocapil.errors import MissingPart
from biocapil.synthesis.raster import (
    blur,
    clamp,
    convolve,
    draw_line,
    opencv,
    resize,
    sample_map,
    through_jpeg,
)


def test_a_machine_without_opencv_is_told_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingPart, match=r"synthesis needs .*biocapil\[extract\]"):
        opencv()


def test_opencv_runs_on_one_thread_inside_the_pool() -> None:
    opencv().setNumThreads(4)
    assert opencv().getNumThreads() == 1


def test_operations_keep_float32() -> None:
    image = np.random.default_rng(1).random((20, 30), np.float32)
    y, x = np.mgrid[0:20, 0:30].astype(np.float32)
    kernel = np.ones((3, 3), np.float32)
    results = (blur(image, 1.5), convolve(image, kernel), clamp(image, 0.2, 0.8), sample_map(image, x, y))
    assert [(result.dtype, result.shape) for result in results] == [(np.dtype(np.float32), (20, 30))] * 4


def test_clamping_limits_both_ends() -> None:
    assert clamp(np.array([-1, 0.5, 2], np.float32), 0, 1).tolist() == [0, 0.5, 1]


def test_resizing_takes_rows_before_columns() -> None:
    assert resize(np.zeros((4, 6), np.float32), (8, 18)).shape == (8, 18)


def test_sampling_beyond_the_border_gives_the_named_value_or_the_mirror() -> None:
    image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.float32)
    x, y = np.full((1, 1), -1, np.float32), np.full((1, 1), 1, np.float32)
    assert sample_map(image, x, y, outside=-7).item() == -7
    assert sample_map(image, x, y).item() == 4


def test_a_line_passes_through_its_points_in_x_y_order() -> None:
    canvas = np.zeros((20, 40), np.float32)
    draw_line(canvas, np.array([[5.0, 10.0], [35.0, 10.0]]), value=0.5, width_px=1)
    assert canvas[10, 20] == pytest.approx(0.5)
    assert canvas[2].sum() == canvas[18].sum() == 0


def test_jpeg_changes_little_and_keeps_the_shape() -> None:
    pixels = np.tile(np.arange(0, 240, 5, dtype=np.uint8), (32, 1))
    decoded = through_jpeg(pixels, 60)
    assert decoded.shape == pixels.shape
    assert 0 < np.abs(decoded.astype(int) - pixels).mean() < 8
