# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import tippett_svg
from biocapil.reporting.tippett_picture import FRAME

SVG = "{http://www.w3.org/2000/svg}"
MATED = np.array([-1.0, 2.0, 3.0, 4.0])
NONMATED = np.array([-4.0, -3.0, -2.0, 1.0, -4.0])


def lines(drawn: str) -> list[ET.Element]:
    return [path for path in ET.fromstring(drawn).findall(f"{SVG}path") if path.get("stroke-linejoin")]


def share_at(drawn: str, line: ET.Element, ratio: float) -> float:
    """Share that a line shows above a ratio."""
    root = ET.fromstring(drawn)
    left, right, low, high = (float(root.attrib[f"data-{name}"]) for name in ("left", "right", "low", "high"))
    x = left + (right - left) * (ratio - low) / (high - low)
    spots = [(float(a), float(b)) for a, b in re.findall(r"([\d.]+) ([\d.]+)", line.attrib["d"])]
    y = min(spots, key=lambda spot: abs(spot[0] - x))[1]
    return (FRAME.bottom - y) / (FRAME.bottom - FRAME.top)


@pytest.mark.parametrize(
    ("ratio", "mated", "nonmated"), [(-4.2, 1, 1), (-3.5, 1, 0.6), (0, 0.75, 0.2), (2.5, 0.5, 0), (4.2, 0, 0)]
)
def test_lines_show_the_share_above_each_ratio(ratio: float, mated: float, nonmated: float) -> None:
    drawn = tippett_svg(MATED, NONMATED)

    first, second = lines(drawn)
    assert share_at(drawn, first, ratio) == pytest.approx(mated, abs=1e-3)
    assert share_at(drawn, second, ratio) == pytest.approx(nonmated, abs=1e-3)


def test_lines_differ_in_colour_and_dashes() -> None:
    first, second = lines(tippett_svg(MATED, NONMATED))

    assert first.attrib["stroke"] != second.attrib["stroke"]
    assert first.attrib["stroke-dasharray"] != second.attrib["stroke-dasharray"]


def test_many_pairs_make_no_larger_picture() -> None:
    rng = np.random.default_rng(7)

    assert len(tippett_svg(rng.normal(size=100_000), NONMATED)) < 20_000


def test_infinite_ratios_count_and_lie_beyond_the_axis() -> None:
    drawn = tippett_svg(np.array([np.inf, 1.0]), np.array([-np.inf, -1.0]))

    first, second = lines(drawn)
    assert share_at(drawn, first, 1.05) == pytest.approx(0.5, abs=1e-3)
    assert share_at(drawn, second, -1.05) == pytest.approx(0.5, abs=1e-3)


def test_the_description_tells_the_shares_above_zero() -> None:
    told = "75 % of 4 mated pairs lie above 0; 20 % of 5 non-mated pairs lie above 0"

    assert told in tippett_svg(MATED, NONMATED)


def test_one_ratio_alone_is_no_error() -> None:
    assert len(lines(tippett_svg(np.zeros(1), np.zeros(0)))) == 1


def test_without_ratios_the_picture_says_so() -> None:
    drawn = tippett_svg(np.zeros(0), np.zeros(0))

    assert "no likelihood ratios to draw" in drawn
    assert "no pairs" in drawn


def test_hostile_labels_are_only_words() -> None:
    drawn = tippett_svg(MATED, NONMATED, x_label="<script>\x02", title='"<script>')

    assert ET.fromstring(drawn).tag == f"{SVG}svg"
    assert "<script" not in drawn


def test_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match=r"mated must have one shape \(N,\), got \(2, 2\)"):
        tippett_svg(np.zeros((2, 2)), NONMATED)
    with pytest.raises(ValueError, match="nonmated must hold numbers, got NaN at 1"):
        tippett_svg(MATED, np.array([0.0, np.nan]))
