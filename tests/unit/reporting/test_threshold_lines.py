# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.reporting import Threshold
from biocapil.reporting.axes import LinearScale
from biocapil.reporting.diagram import Frame
from biocapil.reporting.text_room import SMALL, text_width
from biocapil.reporting.threshold_lines import draw_thresholds, label_room

ACROSS = LinearScale(low=0, high=100, start=64, end=700)


def drawn(*thresholds: Threshold) -> tuple[list[tuple[float, float]], list[tuple[float, float, float]]]:
    """Lines as x and upper end, names as left end, right end and baseline."""
    frame = replace(Frame(), top=label_room(thresholds, ACROSS))
    group = ET.fromstring(f"<g>{draw_thresholds(thresholds, ACROSS, frame)}</g>")
    ways = [re.findall(r"[\d.]+", line.attrib["d"]) for line in group.findall("path")]
    names = [
        (
            float(word.attrib["x"]),
            float(word.attrib["x"]) + text_width(word.text or "", SMALL),
            float(word.attrib["y"]),
        )
        for word in group.iter("text")
    ]
    return [(float(way[0]), float(way[1])) for way in ways], names


def test_a_line_stands_at_its_similarity_with_its_name_beside_it() -> None:
    lines, names = drawn(Threshold(name="review", similarity=50))

    assert lines[0][0] == 382
    assert names[0][0] == 386


@given(st.lists(st.floats(0, 80), min_size=1, max_size=6))
def test_no_line_and_no_name_runs_through_a_name(places: list[float]) -> None:
    lines, names = drawn(*(Threshold(name="made", similarity=round(place, 1)) for place in places))

    assert len(names) == len(places)
    assert min(baseline for _, _, baseline in names) > SMALL - 2
    for at, (left, right, baseline) in enumerate(names):
        through = [x for x, upper in lines if left < x < right and upper < baseline - 9]
        beside = [other for other, name in enumerate(names) if name[2] == baseline and other != at]
        assert not through
        assert not any(names[other][0] < right and left < names[other][1] for other in beside)


def test_a_name_at_the_right_end_stands_to_the_left_of_its_line() -> None:
    lines, names = drawn(Threshold(name="a rather long name", similarity=99))

    assert names[0][1] == pytest.approx(lines[0][0] - 4, abs=0.01)


def test_a_name_without_room_is_cut() -> None:
    _, names = drawn(Threshold(name="n" * 300, similarity=10))

    assert names[0][1] <= ACROSS.end


def test_names_that_cannot_avoid_each_other_are_still_all_written() -> None:
    right = Threshold(name="r" * 100, similarity=95)
    left = Threshold(name="l" * 100, similarity=20)

    assert len(drawn(left, right)[1]) == 2


def test_without_thresholds_nothing_is_drawn() -> None:
    assert draw_thresholds([], ACROSS, Frame()) == ""
    assert label_room([], ACROSS) == 20


@given(st.floats(0, 80))
def test_a_name_with_room_is_never_cut(similarity: float) -> None:
    assert "…" not in draw_thresholds([Threshold(name="review", similarity=similarity)], ACROSS, Frame())
