from __future__ import annotations

import numpy as np
import pytest

from biocapil.reporting.axes import LinearScale, LogScale
from biocapil.reporting.similarity_axis import ROOM, similarity_scale

WIDENING = np.array([0.0, 0.1, 1.0, 10.0, np.inf])


def test_equal_bins_stand_on_a_linear_axis_up_to_the_last_pair() -> None:
    scale = similarity_scale(np.linspace(0, 50, 6), np.array([4, 0, 1, 0, 0]), [], start=0, end=100)

    assert scale == LinearScale(low=0, high=30, start=0, end=100)


def test_widening_bins_stand_on_a_logarithmic_axis() -> None:
    scale = similarity_scale(WIDENING, np.array([4, 3, 1, 0]), [], start=0, end=100)

    assert isinstance(scale, LogScale)
    assert (scale.low, scale.high) == (pytest.approx(0.1 / ROOM), 10.0)
    assert scale.place(0.0) == 0


def test_a_bin_without_end_is_seen_where_it_holds_a_pair() -> None:
    scale = similarity_scale(WIDENING, np.array([4, 3, 1, 2]), [], start=0, end=100)

    assert scale.place(10.0) < scale.place(np.inf) == 100


def test_marks_beyond_all_pairs_are_seen() -> None:
    scale = similarity_scale(WIDENING, np.array([4, 0, 0, 0]), [6.0, 2.0], start=0, end=100)

    assert scale.place(6.0) < 100


def test_no_pairs_leave_all_finite_bins() -> None:
    scale = similarity_scale(WIDENING, np.zeros(4, np.int64), [], start=0, end=100)

    assert isinstance(scale, LogScale)
    assert scale.high == 10.0
