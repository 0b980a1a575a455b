# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from biocapil.reporting import AxisKind, GroupRow, forest_svg
from biocapil.reporting.axes import LinearScale, LogScale
from biocapil.reporting.forest_picture import TRIALS_ROOM, WIDTH
from biocapil.reporting.text_room import text_width

SVG = "{http://www.w3.org/2000/svg}"
NAN = float("nan")


def row(
    label: str = "adults",
    value: float = 0.02,
    low: float = 0.01,
    high: float = 0.04,
    *,
    trials: int = 1200,
    small: bool = False,
) -> GroupRow:
    return GroupRow(label=label, value=value, low=low, high=high, trials=trials, small=small)


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [child for child in root if child.get("class") == name]


@pytest.mark.parametrize("axes", [AxisKind.LOG, AxisKind.LINEAR])
def test_estimate_and_interval_land_where_the_axis_says(axes: AxisKind) -> None:
    root = ET.fromstring(forest_svg([row(), row("children", 0.2, 0.1, 0.3)], overall=0.03, axes=axes))

    kind = LogScale if axes is AxisKind.LOG else LinearScale
    ends = {name: float(root.attrib[f"data-{name}"]) for name in ("low", "high", "left", "right")}
    scale = kind(low=ends["low"], high=ends["high"], start=ends["left"], end=ends["right"])
    spot, whisker = of_class(root, "spot")[0], of_class(root, "whisker")[0]
    assert spot.attrib["transform"].startswith(f"translate({scale.place(0.02):.1f} ")
    assert whisker.attrib["d"].startswith(f"M{scale.place(0.01):.1f} ")
    assert f"H{scale.place(0.04):.1f}" in whisker.attrib["d"]
    (line,) = of_class(root, "overall")
    assert float(re.findall(r"[\d.]+", line.attrib["d"])[0]) == pytest.approx(scale.place(0.03), abs=0.01)


def test_a_small_group_is_open_and_has_a_mark_that_is_explained() -> None:
    drawn = forest_svg([row(), row("few", small=True, trials=9)])

    full, hollow = of_class(ET.fromstring(drawn), "spot")
    assert full.attrib["fill"] != "none" == hollow.attrib["fill"]
    assert drawn.count("†") == 2
    assert "†" not in forest_svg([row()])


def test_rows_stand_below_each_other_with_their_trials_at_the_right() -> None:
    root = ET.fromstring(forest_svg([row(str(place), trials=1000 + place) for place in range(8)]))

    words = root.findall(f"{SVG}text")
    trials = [word for word in words if re.fullmatch(r"1,00\d", word.text or "")]
    heights = [float(word.attrib["y"]) for word in trials]
    assert [word.text for word in trials] == [f"1,00{place}" for place in range(8)]
    assert all(below - above >= 14 for above, below in pairwise(heights))
    assert max(heights) < float(root.attrib["height"])
    assert all(float(word.attrib["x"]) > WIDTH - TRIALS_ROOM for word in trials)


def test_a_long_name_ends_before_the_axis_begins() -> None:
    root = ET.fromstring(forest_svg([row("a group with a name " * 10)]))

    name = next(word for word in root.iter(f"{SVG}text") if (word.text or "").endswith("…"))
    assert float(name.attrib["x"]) + text_width(name.text or "") < float(root.attrib["data-left"])
    assert any(title.text == "a group with a name " * 10 for title in root.iter(f"{SVG}title"))


def test_a_rate_of_zero_lies_on_the_left_end() -> None:
    root = ET.fromstring(forest_svg([row("none", 0.0, 0.0, 0.01), row()]))

    left = float(root.attrib["data-left"])
    assert of_class(root, "spot")[0].attrib["transform"].startswith(f"translate({left:.1f} ")


def test_a_group_without_an_estimate_says_so() -> None:
    drawn = forest_svg([row("unknown", NAN, NAN, NAN, trials=0)])

    assert "no estimate" in drawn
    assert not of_class(ET.fromstring(drawn), "spot")


def test_without_groups_the_picture_says_so() -> None:
    assert "no groups to draw" in forest_svg([])
    assert "no groups to draw" not in forest_svg([row()])


def test_the_description_tells_estimates_and_the_whole_set() -> None:
    drawn = forest_svg([row(value=0.0123456)], overall=0.02)

    assert "false non-match rate by group: adults 1.23 % of 1,200. Whole set 2 %." in drawn


def test_hostile_names_are_only_words() -> None:
    drawn = forest_svg([row('"><script>\x00')], x_label="<script>", title="<script>")

    assert ET.fromstring(drawn).tag == f"{SVG}svg"
    assert "<script" not in drawn


def test_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match=r"value must lie from 0 to 1 or be NaN, got 1\.5"):
        row(value=1.5)
    with pytest.raises(ValueError, match="need low <= high and trials >= 0"):
        row(low=0.5, high=0.1)
    with pytest.raises(ValueError, match="need low <= high and trials >= 0"):
        row(trials=-1)
    with pytest.raises(ValueError, match="overall must lie from 0 to 1, got 2"):
        forest_svg([], overall=2)
    with pytest.raises(ValueError, match="axes must be LOG or LINEAR"):
        forest_svg([], axes=AxisKind.NORMAL_DEVIATE)
