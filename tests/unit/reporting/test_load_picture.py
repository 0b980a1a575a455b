# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import Band, LoadCurve, load_svg
from biocapil.reporting.load_picture import EXTRAPOLATED, FRAME
from biocapil.reporting.text_room import SMALL, text_width

SVG = "{http://www.w3.org/2000/svg}"
SIZES = np.array([1e3, 1e4, 1e5, 1e6, 1e7])


def made(label: str = "FPIR", solid_until: float | None = 3e4) -> LoadCurve:
    return LoadCurve(label=label, sizes=SIZES, values=SIZES * 1e-8, solid_until=solid_until)


def parts(drawn: str) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Solid and dashed spots of the only line."""
    paths = [path for path in ET.fromstring(drawn) if path.get("stroke-linejoin")]
    solid, dashed = (
        [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path.attrib["d"])]
        for path in paths
    )
    assert [path.attrib["stroke-dasharray"] for path in paths] == ["none", EXTRAPOLATED]
    return solid, dashed


def of_class(drawn: str, name: str) -> list[ET.Element]:
    return [child for child in ET.fromstring(drawn) if child.get("class") == name]


def test_the_line_turns_dashed_where_the_measurements_end() -> None:
    solid, dashed = parts(load_svg([made()]))

    share = np.log(3e4 / 1e3) / np.log(1e7 / 1e3)
    assert solid[-1] == dashed[0]
    assert solid[-1][0] == pytest.approx(FRAME.left + share * (FRAME.right - FRAME.left), abs=0.06)
    steepness = [(b[1] - a[1]) / (b[0] - a[0]) for line in (solid, dashed) for a, b in pairwise(line)]
    assert np.ptp(steepness) < 0.01
    assert (len(solid), len(dashed)) == (3, 4)


@pytest.mark.parametrize(
    ("solid_until", "solid", "dashed"), [(None, 5, 0), (1e7, 5, 0), (1e9, 5, 0), (1e5, 3, 3)]
)
def test_the_border_may_lie_anywhere(solid_until: float | None, solid: int, dashed: int) -> None:
    drawn = parts(load_svg([made(solid_until=solid_until)]))

    assert (len(drawn[0]), len(drawn[1])) == (solid, dashed)


def test_shapes_are_open_where_the_line_is_extrapolated() -> None:
    drawn = load_svg([made()])

    spots = of_class(drawn, "spot")
    assert [spot.attrib["fill"] == "none" for spot in spots] == [False, False, True, True, True]
    assert spots[-1].attrib["transform"].startswith(f"translate({FRAME.right:.1f} ")
    assert spots[2].findtext(f"{SVG}title") == "FPIR: 0.001 at 100,000"
    assert "dashed and open: extrapolated" in drawn
    assert "dashed and open" not in load_svg([made(solid_until=None)])


def test_many_sizes_get_about_a_dozen_shapes() -> None:
    sizes = np.geomspace(10, 1e6, 500)

    assert 6 <= len(of_class(load_svg([LoadCurve(label="a", sizes=sizes, values=sizes)]), "spot")) <= 13


def test_curves_differ_in_colour_and_shape() -> None:
    spots = of_class(load_svg([made("one"), made("two")]), "spot")

    assert spots[0].attrib["d"] != spots[5].attrib["d"]
    assert spots[0].attrib["stroke"] != spots[5].attrib["stroke"]


def test_a_gap_leaves_the_line_in_two_and_zero_lies_at_the_bottom() -> None:
    values = np.array([0.0, 1e-3, np.nan, 1e-2, 1e-1])
    drawn = load_svg([LoadCurve(label="torn", sizes=SIZES, values=values)])

    line = next(path for path in ET.fromstring(drawn) if path.get("stroke-linejoin"))
    assert line.attrib["d"].count("M") == 2
    assert line.attrib["d"].startswith(f"M{FRAME.left:.1f} {FRAME.bottom:.1f}")


def test_the_band_holds_its_line() -> None:
    values = SIZES * 1e-8
    band = Band(x=SIZES, low=values / 3, high=values * 3)
    drawn = load_svg([LoadCurve(label="banded", sizes=SIZES, values=values, band=band)])

    (area,) = of_class(drawn, "band")
    spots = [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", area.attrib["d"])]
    middle = [y for _, y in parts(drawn)[0]]
    assert all(upper < y < lower for upper, y, lower in zip(spots[:5], middle, spots[:4:-1], strict=True))
    assert all(FRAME.top <= y <= FRAME.bottom for y in spots)


@pytest.mark.parametrize("population", [1.0, 5e6, 1e9])
def test_the_population_is_marked_inside_the_picture(population: float) -> None:
    drawn = load_svg([made()], population=population)

    (line,) = of_class(drawn, "population")
    name = next(
        word for word in ET.fromstring(drawn).iter(f"{SVG}text") if (word.text or "").startswith("population")
    )
    half = text_width(name.text or "", SMALL) / 2
    assert FRAME.left <= float(line.attrib["d"][1:].split()[0]) <= FRAME.right
    assert FRAME.left <= float(name.attrib["x"]) - half < float(name.attrib["x"]) + half <= FRAME.right


def test_rates_are_written_in_per_cent_and_loads_as_counts() -> None:
    curve = LoadCurve(label="pairs to review a day", sizes=SIZES, values=SIZES / 100)

    assert "10k" in load_svg([curve], rates=False)
    assert "%" not in load_svg([curve], rates=False)
    assert "0.1 %" in load_svg([made()])


def test_the_description_tells_the_last_value_and_the_border() -> None:
    assert "FPIR 0.1 at 10,000,000, extrapolated beyond 30,000." in load_svg([made()])

    torn = LoadCurve(label="torn", sizes=SIZES, values=np.array([0.1, 0.2, 0.3, np.nan, np.nan]))
    assert "torn 0.3 at 100,000." in load_svg([torn])


def test_without_values_the_picture_says_so() -> None:
    empty = LoadCurve(label="none", sizes=np.zeros(0), values=np.zeros(0))

    assert "no values to draw" in load_svg([])
    assert "no values to draw" in load_svg([empty], population=1e6)
    assert "no curve" in load_svg([empty])
    assert "no values to draw" not in load_svg([made()])


def test_hostile_labels_are_only_words() -> None:
    drawn = load_svg([made('"><script>\x04')], y_label="<script>", title="<script>")

    assert ET.fromstring(drawn).tag == f"{SVG}svg"
    assert "<script" not in drawn


def test_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match="sizes and values must have one shape"):
        LoadCurve(label="a", sizes=SIZES, values=SIZES[1:])
    with pytest.raises(ValueError, match="sizes must lie from 1 to inf"):
        LoadCurve(label="a", sizes=SIZES - 1e3, values=SIZES)
    with pytest.raises(ValueError, match="sizes must rise"):
        LoadCurve(label="a", sizes=SIZES[::-1].copy(), values=SIZES)
    with pytest.raises(ValueError, match="values must lie from 0 to inf"):
        LoadCurve(label="a", sizes=SIZES, values=-SIZES)
    with pytest.raises(ValueError, match="population must be 1 or more"):
        load_svg([], population=0.5)
