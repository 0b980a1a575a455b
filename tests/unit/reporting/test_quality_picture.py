# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import error_over_quality_svg
from biocapil.reporting.quality_picture import FRAME

SVG = "{http://www.w3.org/2000/svg}"
EDGES = np.array([0.0, 20, 50, 80, 100])
RATES = np.array([0.5, np.nan, 0.1, 0.0])
LOWS = np.array([0.3, np.nan, 0.05, 0.0])
HIGHS = np.array([0.7, np.nan, 0.2, 0.01])
COUNTS = np.array([10, 0, 200, 100], np.int64)


def drawn(**changed: np.ndarray) -> str:
    arrays = {"edges": EDGES, "rates": RATES, "lows": LOWS, "highs": HIGHS, "counts": COUNTS}
    return error_over_quality_svg(**{**arrays, **changed})


def of_class(picture: str, name: str) -> list[ET.Element]:
    return [child for child in ET.fromstring(picture) if child.get("class") == name]


def spots_of(way: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", way)]


def test_points_land_in_the_middle_of_their_bin_at_their_rate() -> None:
    spots = of_class(drawn(), "spot")

    x = FRAME.left + 0.65 * (FRAME.right - FRAME.left)
    y = FRAME.bottom - 0.1 / (0.7 * 1.08) * (FRAME.bottom - FRAME.top)
    assert spots[1].attrib["transform"] == f"translate({x:.1f} {y:.1f})"
    assert len(spots) == 3
    assert spots[1].findtext(f"{SVG}title") == "10 % from 50 to 80"


def test_the_band_holds_the_line_and_both_have_a_gap_where_a_bin_has_no_rate() -> None:
    root = ET.fromstring(drawn())

    (area,) = [path for path in root if path.get("class") == "band"]
    (line,) = [path for path in root if path.get("stroke-linejoin")]
    assert line.attrib["d"].count("M") == area.attrib["d"].count("Z") == 2
    first_line = spots_of(line.attrib["d"].split("M")[1])
    first_area = spots_of(area.attrib["d"].split("M")[1])
    lows, highs = max(y for _, y in first_area), min(y for _, y in first_area)
    assert all(highs < y < lows for _, y in first_line)
    assert {x for x, _ in first_line} == {x for x, _ in first_area}
    assert all(FRAME.top <= y <= FRAME.bottom for _, y in spots_of(area.attrib["d"]))


def test_bars_are_as_high_as_their_counts_and_stand_behind() -> None:
    root = ET.fromstring(drawn())

    counts = next(child for child in root if child.get("class") == "counts")
    heights = [float(bar.attrib["height"]) for bar in counts]
    assert heights[2] == pytest.approx(2 * heights[3], abs=0.02)
    assert heights[1] == 0
    assert max(heights) < FRAME.bottom - FRAME.top
    drawn_before = list(root).index(counts)
    assert drawn_before < min(list(root).index(path) for path in root if path.get("class") == "spot")
    assert counts[0].findtext(f"{SVG}title") == "10 trials from 0 to 20"


def test_the_axis_of_the_counts_has_no_fractions() -> None:
    few = drawn(counts=np.array([0, 0, 1, 2], np.int64))

    labels = [word.text for word in ET.fromstring(few).iter(f"{SVG}text") if word.get("opacity") == "0.75"]
    assert labels == ["0", "1", "2"]


def test_the_description_tells_each_bin() -> None:
    assert "0 to 20: 50 % of 10; 20 to 50: no rate of 0; 50 to 80: 10 % of 200" in drawn()


def test_without_rates_the_picture_says_so() -> None:
    nothing = np.zeros(0)
    empty = drawn(edges=nothing, rates=nothing, lows=nothing, highs=nothing, counts=np.zeros(0, np.int64))
    gaps = np.full(4, np.nan)

    assert "no error rates to draw" in empty
    assert "no bins" in empty
    assert "no error rates to draw" in drawn(rates=gaps, lows=gaps, highs=gaps)
    assert "no error rates to draw" not in drawn()


def test_rates_of_zero_are_drawn_at_the_bottom() -> None:
    spots = of_class(drawn(rates=np.zeros(4), lows=np.zeros(4), highs=np.zeros(4)), "spot")

    assert all(spot.attrib["transform"].endswith(f" {FRAME.bottom:.1f})") for spot in spots)


def test_hostile_labels_are_only_words() -> None:
    hostile = '"><script>\x03'
    picture = error_over_quality_svg(
        EDGES, RATES, LOWS, HIGHS, COUNTS, x_label=hostile, y_label=hostile, title=hostile
    )

    assert ET.fromstring(picture).tag == f"{SVG}svg"
    assert "<script" not in picture


def test_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match="rates, lows, highs and counts must have one shape"):
        drawn(rates=RATES[1:])
    with pytest.raises(ValueError, match=r"got edges of shape \(4,\) for 4 bins"):
        drawn(edges=EDGES[1:])
    with pytest.raises(ValueError, match="edges must rise"):
        drawn(edges=EDGES[::-1].copy())
    with pytest.raises(ValueError, match="edges must be finite, got inf"):
        drawn(edges=np.array([0, 20, 50, 80, np.inf]))
    with pytest.raises(ValueError, match="lows must lie from 0 to 1"):
        drawn(lows=LOWS - 1)
    with pytest.raises(ValueError, match="counts must lie from 0 to inf"):
        drawn(counts=COUNTS - 5)
    with pytest.raises(ValueError, match="low must not exceed high"):
        drawn(lows=HIGHS, highs=LOWS)
