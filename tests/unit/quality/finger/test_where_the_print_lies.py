"""Foreground, centring and edges: what a disc of known size and place has to give."""

from collections.abc import Callable

import numpy as np
import pytest

from biocapil.quality.finger.centring import centring_measures
from biocapil.quality.finger.edges import edge_measures
from biocapil.quality.finger.foreground import find_foreground, foreground_measures
from biocapil.quality.finger.picture import working_picture
from biocapil.quality.opencv import Mask
from biocapil.sample import CapturedSample

Make = Callable[..., CapturedSample]


def foreground_of(sample: CapturedSample) -> Mask:
    return find_foreground(working_picture(sample))


def test_a_disc_has_its_area(make_print: Make) -> None:
    sample = make_print(radius_px=100.0)
    found = foreground_measures(working_picture(sample), foreground_of(sample))
    with_half_cells_px = 100 + 8
    assert found["area_mm2"] == pytest.approx(np.pi * (with_half_cells_px * 25.4 / 500) ** 2, rel=0.1)
    assert found["width_mm"] == pytest.approx(2 * with_half_cells_px * 25.4 / 500, rel=0.07)
    assert found["bare_share"] < 0.1


def test_a_blank_picture_has_no_foreground() -> None:
    noise = np.random.default_rng(1).normal(200, 2, (300, 300))
    sample = CapturedSample(pixels=noise.astype(np.uint8), resolution_ppi=500)
    foreground = foreground_of(sample)
    assert not foreground.any()
    assert foreground_measures(working_picture(sample), foreground)["area_mm2"] == 0
    assert set(centring_measures(foreground).values()) == {0.0}
    assert set(edge_measures(foreground).values()) == {0.0}


def test_only_the_largest_region_counts_and_its_holes_are_filled() -> None:
    cells = np.random.default_rng(1).normal(200, 1, (400, 400))
    stripes = 130 + 70 * np.sin(np.arange(400) * 2 * np.pi / 9)
    cells[40:300, 40:300] = stripes[40:300]
    cells[150:190, 150:190] = 200
    cells[350:390, 350:390] = stripes[350:390]
    foreground = foreground_of(CapturedSample(pixels=cells.astype(np.uint8), resolution_ppi=500))
    assert foreground[21, 21]
    assert not foreground[46, 46]


def test_the_offset_points_from_the_middle_to_the_print(make_print: Make) -> None:
    found = centring_measures(foreground_of(make_print(x_px=110.0, y_px=240.0, radius_px=80.0)))
    assert found["right_mm"] == pytest.approx(50 * 25.4 / 500, abs=0.3)
    assert found["down_mm"] == pytest.approx(48 * 25.4 / 500, abs=0.3)
    assert found["low_share"] > 0.15
    assert found["aside_share"] > 0.2


def test_only_the_border_that_cuts_the_print_has_length(make_print: Make) -> None:
    inside = edge_measures(foreground_of(make_print(radius_px=110.0)))
    cut = edge_measures(foreground_of(make_print(x_px=40.0, radius_px=110.0)))
    assert inside["cut_share"] == 0
    assert cut["cut_left_mm"] == pytest.approx(2 * np.sqrt(110**2 - 40**2) * 25.4 / 500, rel=0.15)
    assert cut["cut_right_mm"] == cut["cut_top_mm"] == cut["cut_bottom_mm"] == 0


@pytest.mark.parametrize("degrees", [0, 37, 90, 200])
def test_a_straight_cut_shows_at_any_angle(make_print: Make, degrees: int) -> None:
    sample = make_print(radius_px=130.0)
    y, x = np.mgrid[0:384, 0:320]
    angle = np.radians(degrees)
    beyond = (x - 160) * np.cos(angle) + (y - 192) * np.sin(angle) > 30
    cut = CapturedSample(pixels=np.where(beyond, 215, sample.pixels).astype(np.uint8), resolution_ppi=500)
    whole, straight = (edge_measures(foreground_of(each))["straight_share"] for each in (sample, cut))
    assert straight > 0.75
    assert whole < 0.6
