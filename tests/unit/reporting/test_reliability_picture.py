# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import ReliabilitySeries, reliability_svg
from biocapil.reporting.reliability_picture import FRAME

SVG = "{http://www.w3.org/2000/svg}"


def made(label: str = "made", **changed: np.ndarray) -> ReliabilitySeries:
    arrays = {
        "predicted": np.array([1e-6, 1e-4, 1e-2]),
        "measured": np.array([0.0, 1e-4, 2e-2]),
        "low": np.array([0.0, 5e-5, 1.5e-2]),
        "high": np.array([3e-6, 2e-4, 3e-2]),
        "extrapolated": np.array([True, False, False]),
    }
    return ReliabilitySeries(label=label, **{**arrays, **changed})


def of_class(drawn: str, name: str) -> list[ET.Element]:
    return [child for child in ET.fromstring(drawn) if child.get("class") == name]


def centre(spot: ET.Element) -> tuple[float, float]:
    x, y = re.findall(r"[\d.]+", spot.attrib["transform"])
    return float(x), float(y)


def test_a_prediction_that_holds_lies_on_the_diagonal() -> None:
    spots = of_class(reliability_svg([made()], floor=1e-8), "spot")

    middle = ((FRAME.left + FRAME.right) / 2, (FRAME.top + FRAME.bottom) / 2)
    assert centre(spots[1]) == pytest.approx(middle, abs=0.06)
    assert centre(spots[0])[1] == FRAME.bottom


def test_intervals_hold_their_points() -> None:
    drawn = reliability_svg([made()])

    for spot, whisker in zip(of_class(drawn, "spot"), of_class(drawn, "whisker"), strict=True):
        x, start, end = (float(part) for part in re.findall(r"[\d.]+", whisker.attrib["d"])[:3])
        assert x == centre(spot)[0]
        assert end <= centre(spot)[1] <= start


def test_extrapolated_points_are_open_and_the_key_says_so() -> None:
    drawn = reliability_svg([made()])

    assert [spot.attrib["fill"] == "none" for spot in of_class(drawn, "spot")] == [True, False, False]
    assert "open: rests on extrapolation" in drawn
    assert "open:" not in reliability_svg([made(extrapolated=np.zeros(3, np.bool_))])


def test_points_without_a_measured_rate_and_intervals_without_an_end_are_left_out() -> None:
    gap = np.array([np.nan, 1e-4, 1e-2])
    drawn = reliability_svg([made(measured=gap)])

    assert len(of_class(drawn, "spot")) == 2
    assert len(of_class(reliability_svg([made(low=gap)]), "whisker")) == 2
    assert "made, 1 of 2 intervals hold the prediction" in drawn


def test_series_differ_in_colour_and_shape() -> None:
    spots = of_class(reliability_svg([made("one"), made("two")]), "spot")

    assert spots[0].attrib["d"] != spots[3].attrib["d"]
    assert spots[0].attrib["stroke"] != spots[3].attrib["stroke"]


def test_the_description_counts_the_intervals_that_hold_the_prediction() -> None:
    assert "made, 2 of 3 intervals hold the prediction" in reliability_svg([made()])


def test_without_points_the_picture_says_so() -> None:
    assert "no measured rates to draw" in reliability_svg([])
    assert "no measured rates to draw" in reliability_svg([made(measured=np.full(3, np.nan))])
    assert "no measured rates to draw" not in reliability_svg([made()])


def test_hostile_labels_are_only_words() -> None:
    drawn = reliability_svg([made('"><script>\x01')], title="<script>")

    assert ET.fromstring(drawn).tag == f"{SVG}svg"
    assert "<script" not in drawn


def test_broken_input_is_refused() -> None:
    with pytest.raises(
        ValueError, match="predicted, measured, low, high and extrapolated must have one shape"
    ):
        made(extrapolated=np.zeros(2, np.bool_))
    with pytest.raises(ValueError, match="high must lie from 0 to 1"):
        made(high=np.full(3, 2.0))
    with pytest.raises(ValueError, match="floor must lie between 0 and 1"):
        reliability_svg([], floor=0.0)
