# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import re
from statistics import NormalDist
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import AxisKind, Band, Curve, CurvePoint, curve_svg
from biocapil.reporting.curve_picture import FRAME

SVG = "{http://www.w3.org/2000/svg}"


def curve(label: str = "made") -> Curve:
    x = np.array([0.0, 1e-3, 1e-2, 1.0])
    return Curve(label=label, x=x, y=x[::-1].copy())


def lines(drawn: str) -> list[ET.Element]:
    paths = ET.fromstring(drawn).findall(f"{SVG}path")
    return [path for path in paths if path.get("stroke-linejoin") == "round"]


def test_curves_differ_in_colour_and_in_dashes() -> None:
    first, second = lines(curve_svg([curve("one"), curve("two")]))

    assert first.attrib["stroke"] != second.attrib["stroke"]
    assert first.attrib["stroke-dasharray"] != second.attrib["stroke-dasharray"]
    assert first.attrib["d"] == second.attrib["d"]


def test_a_rate_of_zero_lies_on_the_floor() -> None:
    (line,) = lines(curve_svg([curve()], floor=1e-3))

    assert line.attrib["d"].startswith(f"M{FRAME.left} {FRAME.top}")
    assert line.attrib["d"].endswith(f"L{FRAME.right} {FRAME.bottom}")


def test_points_on_one_spot_are_drawn_once() -> None:
    many = Curve(label="many", x=np.full(10_000, 0.1), y=np.full(10_000, 0.2))

    (line,) = lines(curve_svg([many]))

    assert "L" not in line.attrib["d"]


def test_labels_stand_in_the_description() -> None:
    assert "one, two" in curve_svg([curve("one"), curve("two")])
    assert "no curve" in curve_svg([])


def test_an_empty_curve_is_no_error() -> None:
    empty = Curve(label="none", x=np.zeros(0), y=np.zeros(0))

    assert lines(curve_svg([empty]))[0].attrib["d"] == ""


@pytest.mark.parametrize("floor", [0.0, 1.0, -0.1])
def test_a_floor_out_of_range_is_refused(floor: float) -> None:
    with pytest.raises(ValueError, match="floor must lie between 0 and 1"):
        curve_svg([], floor=floor)


def test_x_and_y_must_have_one_length() -> None:
    with pytest.raises(ValueError, match=r"\(2,\) and \(3,\)"):
        Curve(label="a", x=np.zeros(2), y=np.zeros(3))


def banded(floor_high: float = 0.5) -> Curve:
    x = np.array([1e-3, 1e-2, 0.1])
    band = Band(x=x, low=np.array([0.05, 1e-3, 0.0]), high=np.array([floor_high, 0.1, 0.02]))
    return Curve(label="banded", x=x, y=np.array([0.2, 0.03, 1e-3]), band=band)


def numbers(way: str) -> list[tuple[float, float]]:
    pairs = re.findall(r"([\d.]+) ([\d.]+)", way)
    return [(float(x), float(y)) for x, y in pairs]


@pytest.mark.parametrize("axes", list(AxisKind))
def test_a_band_holds_its_line_and_stays_in_the_frame(axes: AxisKind) -> None:
    root = ET.fromstring(curve_svg([banded()], axes=axes))

    area = numbers(
        next(path for path in root.findall(f"{SVG}path") if path.get("class") == "band").attrib["d"]
    )
    line = numbers(lines(ET.tostring(root, "unicode"))[0].attrib["d"])
    uppers, lowers = area[:3], area[:2:-1]
    for (x, y), (upper_x, upper), (lower_x, lower) in zip(line, uppers, lowers, strict=True):
        assert x == upper_x == lower_x
        assert upper < y < lower
    assert all(FRAME.left <= x <= FRAME.right and FRAME.top <= y <= FRAME.bottom for x, y in area)
    assert lowers[-1][1] == FRAME.bottom


def test_on_normal_deviate_axes_normal_scores_lie_on_a_straight_line() -> None:
    normal = NormalDist()
    deviates = np.linspace(-3, 3, 30)
    x = np.array([normal.cdf(-deviate) for deviate in deviates])
    y = np.array([normal.cdf(deviate - 1) for deviate in deviates])

    (line,) = lines(curve_svg([Curve(label="normal", x=x, y=y)], axes=AxisKind.NORMAL_DEVIATE, floor=1e-5))

    across, upward = np.array(numbers(line.attrib["d"])).T
    assert len(across) == 30
    assert np.abs(np.polyval(np.polyfit(across, upward, 1), across) - upward).max() < 0.15


def test_a_point_lands_where_the_scale_says_and_has_its_name() -> None:
    marked = Curve(
        label="marked",
        x=np.array([1e-4, 1.0]),
        y=np.array([1.0, 1e-4]),
        points=(CurvePoint(label="review", x=1e-2, y=1e-2),),
    )

    root = ET.fromstring(curve_svg([marked]))

    (spot,) = [path for path in root.findall(f"{SVG}path") if path.get("class") == "spot"]
    middle = f"translate({(FRAME.left + FRAME.right) / 2:.1f} {(FRAME.top + FRAME.bottom) / 2:.1f})"
    assert spot.attrib["transform"] == middle
    assert spot.findtext(f"{SVG}title") == "review: 1 %, 1 %"
    assert any(word.text == "review" for word in root.findall(f"{SVG}text"))


def test_the_diagonal_can_be_left_out() -> None:
    assert 'class="diagonal"' in curve_svg([curve()])
    assert 'class="diagonal"' not in curve_svg([curve()], diagonal=False)


def test_a_gap_leaves_the_line_in_two() -> None:
    torn = Curve(
        label="torn", x=np.array([0.1, 0.2, 0.3, 0.4, 0.5]), y=np.array([0.5, 0.4, np.nan, 0.3, 0.2])
    )

    assert lines(curve_svg([torn]))[0].attrib["d"].count("M") == 2


def test_without_a_rate_the_picture_says_so() -> None:
    gaps = Curve(label="gaps", x=np.full(3, 0.5), y=np.full(3, np.nan))

    assert "no error rates to draw" in curve_svg([])
    assert "no error rates to draw" in curve_svg([gaps])
    assert "no error rates to draw" not in curve_svg([curve()])


def test_hostile_labels_are_only_words() -> None:
    hostile = 'a"><script>alert(1)</script>\x00\x1b'

    drawn = curve_svg([curve(hostile)], x_label=hostile, title=hostile)

    root = ET.fromstring(drawn)
    assert "<script" not in drawn
    assert {child.tag for child in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "path", "text", "g", "rect")
    }
    assert root.attrib["aria-label"].endswith("</script>\ufffd\ufffd")


@pytest.mark.parametrize(
    ("axes", "ceiling"), [(AxisKind.LOG, 1e-5), (AxisKind.LOG, 1.5), (AxisKind.NORMAL_DEVIATE, 1.0)]
)
def test_a_ceiling_out_of_range_is_refused(axes: AxisKind, ceiling: float) -> None:
    with pytest.raises(ValueError, match="ceiling must lie above floor"):
        curve_svg([], axes=axes, ceiling=ceiling)


def test_rates_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match=r"y must lie from 0 to 1, got 2\.0"):
        Curve(label="a", x=np.zeros(1), y=np.full(1, 2.0))
    with pytest.raises(ValueError, match="a marked point must lie from 0 to 1"):
        Curve(label="a", x=np.zeros(1), y=np.zeros(1), points=(CurvePoint(label="p", x=-1, y=0),))


def test_the_root_tells_a_script_how_x_maps_to_rates() -> None:
    root = ET.fromstring(curve_svg([], floor=1e-6, axes=AxisKind.NORMAL_DEVIATE, ceiling=0.5))

    assert root.attrib["data-scale"] == "normal-deviate"
    assert (float(root.attrib["data-low"]), float(root.attrib["data-high"])) == (1e-6, 0.5)
    assert float(root.attrib["data-left"]) == FRAME.left
