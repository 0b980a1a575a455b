from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.extraction.finger.peaks import Peaks, find_peaks


def _find(score: np.ndarray[tuple[int, int], np.dtype[np.float32]], **changes: float) -> Peaks:
    options = {"threshold": 0.5, "min_distance_px": 4, "limit": 100} | changes
    return find_peaks(score, **options)  # type: ignore[arg-type]  # one dict for three types


def _map(*peaks: tuple[int, int, float]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    score = np.zeros((40, 50), np.float32)
    for row, column, value in peaks:
        score[row, column] = value
    return score


def test_peaks_come_best_first_and_only_from_the_threshold_on() -> None:
    peaks = _find(_map((5, 5, 0.5), (20, 30, 0.9), (30, 10, 0.49), (39, 49, 0.7)))
    assert peaks.rows.tolist() == [20, 39, 5]
    assert peaks.columns.tolist() == [30, 49, 5]
    assert peaks.scores == pytest.approx([0.9, 0.7, 0.5])


def test_of_two_equal_neighbours_the_first_stays() -> None:
    peaks = _find(_map((10, 10, 0.8), (10, 11, 0.8), (13, 7, 0.8), (14, 14, 0.8)))
    assert list(zip(peaks.rows.tolist(), peaks.columns.tolist(), strict=True)) == [(10, 10), (14, 14)]


def test_a_better_neighbour_wins_over_an_earlier_one() -> None:
    peaks = _find(_map((10, 10, 0.7), (12, 12, 0.8)))
    assert peaks.rows.tolist() == [12]


def test_the_limit_keeps_the_best() -> None:
    score = _map(*[(row, column, 0.5 + row / 100) for row in range(0, 40, 8) for column in range(0, 50, 8)])
    peaks = _find(score, limit=7)
    assert len(peaks) == 7
    assert set(peaks.rows.tolist()) == {32}


def test_an_empty_map_has_no_peaks_even_at_threshold_zero() -> None:
    peaks = _find(_map(), threshold=0.0)
    assert len(peaks) == 0
    assert peaks.rows.shape == peaks.columns.shape == (0,)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000), levels=st.integers(1, 4), distance=st.integers(1, 6))
def test_no_two_peaks_are_close_and_every_place_left_out_has_a_reason(
    seed: int, levels: int, distance: int
) -> None:
    rng = np.random.default_rng(seed)
    score = (rng.integers(0, levels + 1, (20, 25)) / levels).astype(np.float32)
    peaks = _find(score, threshold=0.3, min_distance_px=distance)
    places = np.stack([peaks.rows, peaks.columns], axis=1)
    apart = np.abs(places[:, None] - places[None]).max(axis=2)
    np.fill_diagonal(apart, distance)
    assert (apart >= distance).all()
    if len(peaks) < 100:
        reach = distance - 1
        for row, column in np.argwhere(score >= 0.3):
            around = score[max(0, row - reach) : row + distance, max(0, column - reach) : column + distance]
            kept = np.abs(places - (row, column)).max(axis=1) < distance
            assert around.max() > score[row, column] or (peaks.scores[kept] >= score[row, column]).any()
