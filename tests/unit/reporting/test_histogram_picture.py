# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import math
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from biocapil.reporting import Threshold, alone_thresholds, histogram_svg

SVG = "{http://www.w3.org/2000/svg}"
EDGES = np.linspace(0, 100, 11)
COUNTS = np.array([1_000_000, 500, 0, 1, 0, 0, 2, 0, 0, 0], np.int64)


def heights(drawn: str) -> list[float]:
    return [float(bar.attrib["height"]) for bar in ET.fromstring(drawn).findall(f".//{SVG}rect")]


def test_a_single_pair_is_seen_beside_a_million() -> None:
    logarithmic = heights(histogram_svg(EDGES, COUNTS))
    linear = heights(histogram_svg(EDGES, COUNTS, log=False))

    assert len(logarithmic) == 4
    assert min(logarithmic) > 5
    assert min(linear) < 0.01
    assert logarithmic == sorted(logarithmic[:2], reverse=True) + logarithmic[2:]


def test_bars_say_what_they_hold() -> None:
    bars = ET.fromstring(histogram_svg(EDGES, COUNTS)).findall(f".//{SVG}rect/{SVG}title")

    assert bars[0].text == "1,000,000 pairs from 0 to 10"


def test_thresholds_are_named_and_told_in_the_description() -> None:
    drawn = histogram_svg(EDGES, COUNTS, thresholds=alone_thresholds((12.5, 40.0)))

    assert "review ≥ 12.5" in drawn
    assert "Thresholds: review from 12.5; duplicate from 40." in drawn


def test_a_threshold_that_no_similarity_reaches_is_not_drawn() -> None:
    assert [line.name for line in alone_thresholds((12.5, math.inf))] == ["review"]
    assert alone_thresholds((math.inf, math.inf)) == ()

    drawn = histogram_svg(EDGES, COUNTS, thresholds=alone_thresholds((12.5, math.inf)))

    assert "Thresholds: review from 12.5." in drawn


def test_a_threshold_between_two_numbers_is_rounded_for_people() -> None:
    drawn = histogram_svg(EDGES, COUNTS, thresholds=alone_thresholds((12.3456789, 40.0000001)))

    assert "review ≥ 12.3457" in drawn
    assert "duplicate ≥ 40<" in drawn


def test_a_threshold_beyond_all_pairs_is_inside_the_picture() -> None:
    drawn = histogram_svg(EDGES, COUNTS, thresholds=[Threshold(name="far", similarity=500)])

    line = next(p for p in ET.fromstring(drawn).iter(f"{SVG}path") if p.get("stroke-dasharray"))
    assert 600 < float(line.attrib["d"][1:].split()[0]) < 700


@pytest.mark.parametrize("log", [True, False])
def test_empty_bins_make_an_empty_diagram(*, log: bool) -> None:
    assert heights(histogram_svg(EDGES, np.zeros(10, np.int64), log=log)) == []


def test_edges_and_counts_must_fit() -> None:
    with pytest.raises(ValueError, match="got 10 edges for 10 bins"):
        histogram_svg(EDGES[1:], COUNTS)


def test_a_bin_without_end_says_so_and_has_a_width() -> None:
    edges = np.array([0.0, 0.1, 1.0, 10.0, np.inf])

    root = ET.fromstring(histogram_svg(edges, np.array([900, 20, 3, 1], np.int64)))

    bars = root.findall(f".//{SVG}rect")
    assert [float(bar.attrib["width"]) > 5 for bar in bars] == [True] * 4
    assert bars[-1].findtext(f"{SVG}title") == "1 pairs from 10 on"
    assert (root.findtext(f"{SVG}desc") or "").startswith("924 pairs in 4 bins from 0 on.")
