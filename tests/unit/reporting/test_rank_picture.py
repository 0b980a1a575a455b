# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import Band, RankCurve, rank_svg
from biocapil.reporting.rank_picture import FEW, FRAME

SVG = "{http://www.w3.org/2000/svg}"


def rank_curve(label: str = "made", ranks: int = 10) -> RankCurve:
    places = np.arange(1, ranks + 1)
    rates = 1 - 0.2 / places
    band = Band(x=places.astype(np.float64), low=rates - 0.1, high=np.minimum(rates + 0.1, 1.0))
    return RankCurve(label=label, ranks=places, hit_rates=rates, band=band)


def spots(drawn: str) -> list[str]:
    paths = ET.fromstring(drawn).findall(f"{SVG}path")
    return [path.attrib["transform"] for path in paths if path.get("class") == "spot"]


@pytest.mark.parametrize(("log", "share"), [(True, np.log(5) / np.log(10)), (False, 4 / 9)])
def test_points_land_where_rank_and_rate_say(*, log: bool, share: float) -> None:
    drawn = spots(rank_svg([rank_curve()], lowest=0.5, log=log))

    x = FRAME.left + share * (FRAME.right - FRAME.left)
    y = FRAME.top + (1 - 0.96) / 0.5 * (FRAME.bottom - FRAME.top)
    assert drawn[4] == f"translate({x:.1f} {y:.1f})"
    assert len(drawn) == 10


def test_many_ranks_get_one_shape_only() -> None:
    assert len(spots(rank_svg([rank_curve(ranks=FEW + 1)]))) == 1


def test_a_rate_below_the_bottom_lies_on_it() -> None:
    assert spots(rank_svg([rank_curve()], lowest=0.9))[0].endswith(f" {FRAME.bottom:.1f})")


def test_curves_differ_in_colour_dashes_and_shape() -> None:
    paths = ET.fromstring(rank_svg([rank_curve("one"), rank_curve("two")])).findall(f"{SVG}path")

    lines = [path for path in paths if path.get("stroke-linejoin") == "round"]
    shapes = {path.attrib["d"] for path in paths if path.get("class") == "spot"}
    assert lines[0].attrib["stroke"] != lines[1].attrib["stroke"]
    assert lines[0].attrib["stroke-dasharray"] != lines[1].attrib["stroke-dasharray"]
    assert len(shapes) == 2


def test_the_description_tells_the_rate_at_the_first_rank() -> None:
    assert "made 80 % at rank 1." in rank_svg([rank_curve()])

    late = RankCurve(label="late", ranks=np.arange(1, 4), hit_rates=np.array([np.nan, 0.5, 0.6]))
    assert "late 50 % at rank 2." in rank_svg([late])


def test_gaps_have_no_shape_and_leave_the_line_in_two() -> None:
    torn = RankCurve(label="torn", ranks=np.arange(1, 6), hit_rates=np.array([0.1, 0.2, np.nan, 0.4, 0.5]))

    drawn = rank_svg([torn])

    assert len(spots(drawn)) == 4
    line = next(p for p in ET.fromstring(drawn).iter(f"{SVG}path") if p.get("stroke-linejoin"))
    assert line.attrib["d"].count("M") == 2


def test_without_rates_the_picture_says_so() -> None:
    empty = RankCurve(label="none", ranks=np.zeros(0, np.int64), hit_rates=np.zeros(0))

    assert "no identification rates to draw" in rank_svg([])
    assert "no identification rates to draw" in rank_svg([empty])
    assert "no curve" in rank_svg([empty])


def test_hostile_labels_are_only_words() -> None:
    drawn = rank_svg([rank_curve("<script>\x00")], title="<script>")

    assert ET.fromstring(drawn).tag == f"{SVG}svg"
    assert "<script" not in drawn


def test_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match="ranks and hit_rates must have one shape"):
        RankCurve(label="a", ranks=np.arange(1, 3), hit_rates=np.zeros(3))
    with pytest.raises(ValueError, match="ranks must lie from 1 to inf, got 0"):
        RankCurve(label="a", ranks=np.arange(2), hit_rates=np.zeros(2))
    with pytest.raises(ValueError, match="ranks must rise, got 2 before 2"):
        RankCurve(label="a", ranks=np.array([2, 2]), hit_rates=np.zeros(2))
    with pytest.raises(ValueError, match="hit_rates must lie from 0 to 1"):
        RankCurve(label="a", ranks=np.array([1]), hit_rates=np.array([1.1]))
    with pytest.raises(ValueError, match="lowest must lie from 0 to below 1"):
        rank_svg([], lowest=1.0)
