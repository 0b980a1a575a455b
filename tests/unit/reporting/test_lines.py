# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting.axes import LinearScale, LogScale
from biocapil.reporting.lines import Band, draw_band, draw_line, runs, style_of

ACROSS = LinearScale(low=0, high=10, start=0, end=100)
UPWARD = LinearScale(low=0, high=10, start=100, end=0)


def test_the_first_six_styles_differ_in_colour_and_dashes() -> None:
    styles = [style_of(place) for place in range(6)]

    assert len({style.colour for style in styles}) == len({style.dashes for style in styles}) == 6
    assert style_of(6) == style_of(0)


def test_a_gap_cuts_a_line_and_a_lonely_point_is_a_dot() -> None:
    x = np.array([0.0, 1, 2, np.nan, 4, 5])
    y = np.array([0.0, 1, np.nan, 3, 4, np.nan])

    pieces = runs(x, y, ACROSS, UPWARD)

    assert pieces == [[(0, 100), (10, 90)], [(40, 60)]]
    assert ET.fromstring(draw_line(pieces, style_of(0))).attrib["d"] == "M0.0 100.0L10.0 90.0M39.0 60.0h2"


def test_further_gaps_cut_as_well() -> None:
    values = np.array([1.0, 2, 3])

    assert runs(values, values, ACROSS, UPWARD, gaps=np.array([True, False, False])) == [[(20, 80), (30, 70)]]


def test_a_band_runs_along_its_upper_and_back_along_its_lower_ends() -> None:
    band = Band(x=np.array([1.0, 2]), low=np.array([1.0, 2]), high=np.array([3.0, 5]))

    area = ET.fromstring(draw_band(band, ACROSS, UPWARD, "red"))

    assert area.attrib["d"] == "M10.0 70.0L20.0 50.0L20.0 80.0L10.0 90.0Z"
    assert float(area.attrib["fill-opacity"]) < 0.5


def test_a_band_down_to_zero_ends_on_the_floor_of_a_logarithmic_axis() -> None:
    floor = LogScale(low=0.01, high=1, start=100, end=0)
    band = Band(x=np.array([1.0, 2]), low=np.array([0.0, 0.001]), high=np.array([0.1, 0.1]))

    assert 'd="M10.0 50.0L20.0 50.0L20.0 100.0L10.0 100.0Z"' in draw_band(band, ACROSS, floor, "red")


def test_a_band_with_gaps_is_several_areas() -> None:
    x = np.arange(5.0)
    low, high = np.array([0.0, 1, np.nan, 1, 1]), np.array([2.0, 2, 2, 2, 2])

    assert draw_band(Band(x=x, low=low, high=high), ACROSS, UPWARD, "red").count("Z") == 2
    assert draw_band(Band(x=x, low=low * np.nan, high=high), ACROSS, UPWARD, "red") == ""


def test_a_band_is_checked() -> None:
    with pytest.raises(ValueError, match=r"x, low and high must have one shape"):
        Band(x=np.zeros(2), low=np.zeros(2), high=np.zeros(3))
    with pytest.raises(ValueError, match=r"low must not exceed high, got 2\.0 above 1\.0 at 1"):
        Band(x=np.zeros(2), low=np.array([0.0, 2.0]), high=np.ones(2))
