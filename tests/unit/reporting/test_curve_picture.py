# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import Curve, curve_svg
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
