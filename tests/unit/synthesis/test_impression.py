import time

import numpy as np
import pytest

from biocapil.sample import Origin
from biocapil.synthesis import Impression, MasterPrint, SensorStyle, make_impression, trace_impression
from biocapil.synthesis.sensor import PROFILES
from biocapil.vocabulary import FingerPosition, Modality


def test_a_sample_says_that_it_is_synthetic_and_at_500_ppi(master: MasterPrint) -> None:
    sample = make_impression(master, 1, position=FingerPosition.LEFT_RING)
    assert sample.origin is Origin.SYNTHETIC
    assert sample.resolution_ppi == 500
    assert sample.modality is Modality.FINGER
    assert sample.position is FingerPosition.LEFT_RING


def test_the_same_seed_makes_the_same_pixels(master: MasterPrint) -> None:
    assert np.array_equal(make_impression(master, (5, 6)).pixels, make_impression(master, (5, 6)).pixels)


def test_another_seed_makes_other_pixels(master: MasterPrint) -> None:
    style = SensorStyle.CAPACITIVE
    first, second = (make_impression(master, seed, style=style).pixels for seed in (5, 6))
    assert not np.array_equal(first, second)


def test_tracing_and_making_give_the_same_sample(master: MasterPrint) -> None:
    traced = trace_impression(master, 7, difficulty=0.8)
    assert np.array_equal(traced.sample.pixels, make_impression(master, 7, difficulty=0.8).pixels)


@pytest.mark.parametrize("style", list(SensorStyle))
def test_every_style_gives_its_own_shape_and_uses_its_grey_range(
    master: MasterPrint, style: SensorStyle
) -> None:
    traced = trace_impression(master, 8, style=style)
    assert traced.style is style
    assert traced.sample.pixels.shape == PROFILES[style].shape
    assert traced.sample.pixels[traced.depth == 1].std() > 8


def test_clean_impressions_show_the_masters_ridges_where_the_warp_says(master: MasterPrint) -> None:
    for seed in range(4):
        traced = trace_impression(master, seed, style=SensorStyle.OPTICAL_WHITE, difficulty=0)
        inside = traced.depth == 1
        expected = traced.warp.carry(master.ridges, outside=-1.0)[inside]
        assert np.corrcoef(expected, -traced.sample.pixels[inside].astype(float))[0, 1] > 0.7


def test_harder_impressions_follow_the_master_less(master: MasterPrint) -> None:
    def agreement(difficulty: float) -> float:
        found = []
        for seed in range(8):
            traced = trace_impression(master, seed, style=SensorStyle.OPTICAL_WHITE, difficulty=difficulty)
            inside = traced.depth == 1
            expected = traced.warp.carry(master.ridges, outside=-1.0)[inside]
            found.append(np.corrcoef(expected, -traced.sample.pixels[inside].astype(float))[0, 1])
        return float(np.mean(found))

    assert agreement(0) > agreement(0.5) > agreement(1)


def test_points_inside_the_contact_are_known(impression: Impression) -> None:
    rows, columns = np.nonzero(impression.depth == 1)
    assert impression.touches(np.array([[columns[0], rows[0]]], float)).tolist() == [True]
    beyond = np.array([[-1.0, 5.0], [5.0, 1e6]])
    assert impression.touches(beyond).tolist() == [False, False]
    outside_rows, outside_columns = np.nonzero(impression.depth == 0)
    assert impression.touches(np.array([[outside_columns[0], outside_rows[0]]], float)).tolist() == [False]


@pytest.mark.parametrize("difficulty", [-0.1, 1.1, float("nan")])
def test_a_difficulty_out_of_range_is_refused(master: MasterPrint, difficulty: float) -> None:
    with pytest.raises(ValueError, match=r"difficulty must lie in 0\.\.1"):
        make_impression(master, 1, difficulty=difficulty)


def test_an_impression_takes_no_more_than_its_budget(master: MasterPrint) -> None:
    started = time.process_time()
    for seed in range(12):
        make_impression(master, seed)
    assert (time.process_time() - started) / 12 < 0.12  # 0.06 s on one idle core; doubled for slow ones


def test_the_true_resolution_sets_the_size_of_the_finger(master: MasterPrint) -> None:
    for true_ppi in (450.0, 569.0):
        warp = trace_impression(master, 3, style=SensorStyle.CAPACITIVE_SMALL, true_ppi=true_ppi).warp
        assert np.sqrt(np.linalg.det(warp.placement[:, :2])) == pytest.approx(500 / true_ppi)


@pytest.mark.parametrize("true_ppi", [0.0, -1.0, float("nan")])
def test_a_resolution_that_is_not_positive_is_refused(master: MasterPrint, true_ppi: float) -> None:
    with pytest.raises(ValueError, match="true_ppi must be positive"):
        make_impression(master, 1, true_ppi=true_ppi)
