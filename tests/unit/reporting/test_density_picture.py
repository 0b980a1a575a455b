# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import Threshold, density_svg

SVG = "{http://www.w3.org/2000/svg}"
EDGES = np.linspace(0, 100, 6)
MATED = np.array([0, 2, 50, 90, 10], np.int64)
NONMATED = np.array([1_000_000, 3_000, 4, 0, 0], np.int64)
WIDENING = np.array([0.0, 0.1, 1.0, 10.0, 100.0, np.inf])


def similarity_at(root: ET.Element, x: float) -> float:
    """What a script computes from the attributes of the root."""
    left, right, low, high = (float(root.attrib[f"data-{name}"]) for name in ("left", "right", "low", "high"))
    share = (x - left) / (right - left)
    if root.attrib["data-scale"] == "log":
        return low * (high / low) ** share
    return low + (high - low) * share


def part(root: ET.Element, name: str) -> ET.Element:
    (found,) = [child for child in root if child.get("class") == name]
    return found


@pytest.mark.parametrize(("edges", "scale"), [(EDGES, "linear"), (WIDENING, "log")])
def test_the_root_tells_a_script_the_similarity_at_each_x(edges: np.ndarray, scale: str) -> None:
    root = ET.fromstring(density_svg(edges, MATED, NONMATED, slider=37.5))

    slider = part(root, "slider")
    assert root.attrib["data-scale"] == scale
    assert slider.attrib["x1"] == slider.attrib["x2"]
    assert similarity_at(root, float(slider.attrib["x1"])) == pytest.approx(37.5, rel=1e-3)


def test_the_slider_stands_at_the_first_threshold_unless_told_otherwise() -> None:
    lines = [Threshold(name="review", similarity=20), Threshold(name="duplicate", similarity=60)]
    root = ET.fromstring(density_svg(EDGES, MATED, NONMATED, thresholds=lines))
    moved = ET.fromstring(density_svg(EDGES, MATED, NONMATED, thresholds=lines, slider=80))

    assert similarity_at(root, float(part(root, "slider").attrib["x1"])) == pytest.approx(20, abs=0.01)
    assert similarity_at(moved, float(part(moved, "slider").attrib["x1"])) == pytest.approx(80, abs=0.01)
    assert 'class="slider"' not in density_svg(EDGES, MATED, NONMATED)


def test_a_slider_beyond_all_pairs_is_inside_the_picture() -> None:
    root = ET.fromstring(density_svg(EDGES, MATED, NONMATED, slider=400))

    assert float(part(root, "slider").attrib["x1"]) < float(root.attrib["data-right"])


def test_equal_counts_of_both_kinds_reach_one_height() -> None:
    counts = np.array([0, 7, 0, 0, 0], np.int64)
    root = ET.fromstring(density_svg(EDGES, counts, counts))

    (bar,) = part(root, "nonmated").findall(f"{SVG}rect")
    tops = [float(top) for top in re.findall(r"V([\d.]+)", part(root, "mated").attrib["d"])]
    bottom = float(bar.attrib["y"]) + float(bar.attrib["height"])
    assert min(tops) == float(bar.attrib["y"])
    assert max(tops) == pytest.approx(bottom, abs=0.02)
    assert bar.findtext(f"{SVG}title") == "7 non-mated pairs from 20 to 40"


def test_the_outline_covers_each_bin() -> None:
    root = ET.fromstring(density_svg(EDGES, MATED, NONMATED))

    rights = [float(x) for x in re.findall(r"H([\d.]+)", part(root, "mated").attrib["d"])]
    assert [similarity_at(root, x) for x in rights] == pytest.approx([20, 40, 60, 80, 100], abs=0.01)


def test_kinds_differ_in_colour_and_shape_and_are_named() -> None:
    root = ET.fromstring(density_svg(EDGES, MATED, NONMATED))

    assert part(root, "mated").tag != part(root, "nonmated").tag
    assert part(root, "mated").attrib["fill"] != part(root, "nonmated").attrib["fill"]
    assert {"mated pairs", "non-mated pairs"} <= {word.text for word in root.iter(f"{SVG}text")}


def test_the_description_tells_counts_and_thresholds() -> None:
    drawn = density_svg(EDGES, MATED, NONMATED, thresholds=[Threshold(name="review", similarity=20)])

    assert "152 mated and 1,003,004 non-mated pairs in 5 bins. Thresholds: review from 20." in drawn


def test_without_pairs_the_picture_says_so() -> None:
    nothing = np.zeros(5, np.int64)

    assert "no pairs to draw" in density_svg(EDGES, nothing, nothing)
    assert "no pairs to draw" not in density_svg(EDGES, MATED, nothing)


def test_hostile_names_are_only_words() -> None:
    drawn = density_svg(EDGES, MATED, NONMATED, thresholds=[Threshold(name="<script>\x07", similarity=3)])

    assert ET.fromstring(drawn).tag == f"{SVG}svg"
    assert "<script" not in drawn


def test_broken_input_is_refused() -> None:
    with pytest.raises(ValueError, match="mated and nonmated must have one shape"):
        density_svg(EDGES, MATED[1:], NONMATED)
    with pytest.raises(ValueError, match=r"got edges of shape \(5,\) for 5 bins"):
        density_svg(EDGES[1:], MATED, NONMATED)
    with pytest.raises(ValueError, match="and a bin"):
        density_svg(EDGES[:1], MATED[:0], NONMATED[:0])
    with pytest.raises(ValueError, match="edges must rise"):
        density_svg(EDGES[::-1].copy(), MATED, NONMATED)
    with pytest.raises(ValueError, match="edges must hold a finite similarity above 0"):
        density_svg(np.array([0.0, np.inf]), MATED[:1], NONMATED[:1])
    with pytest.raises(ValueError, match="thresholds and slider must be finite"):
        density_svg(EDGES, MATED, NONMATED, slider=np.inf)
    with pytest.raises(ValueError, match="nonmated must lie from 0 to inf, got -1"):
        density_svg(EDGES, MATED, np.full(5, -1))
