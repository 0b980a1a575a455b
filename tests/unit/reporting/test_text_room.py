# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from biocapil.reporting.text_room import fitted_words, rows_for, text_width

SPANS = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 50)).map(lambda one: (one[0], one[0] + one[1])))


def test_wide_characters_and_large_letters_take_more_room() -> None:
    assert text_width("指紋") == text_width("abcd")
    assert text_width("abcd", 24.0) == 2 * text_width("abcd")


def test_words_that_fit_stay_whole() -> None:
    assert ET.fromstring(fitted_words("a < b", 0, 0, room=100)).text == "a < b"


def test_words_without_room_are_cut_and_told_in_full() -> None:
    group = ET.fromstring(fitted_words("x" * 100, 0, 0, room=60, font_size=11.0))

    kept = group.findtext("text") or ""
    assert group.findtext("title") == "x" * 100
    assert kept.endswith("x…")
    assert text_width(kept, 11.0) <= 60 < text_width(f"x{kept}", 11.0)


def test_without_any_room_only_the_mark_of_the_cut_is_left() -> None:
    assert ET.fromstring(fitted_words("abc", 0, 0, room=0)).findtext("text") == "…"


@given(SPANS)
def test_spans_of_one_row_do_not_touch(spans: list[tuple[float, float]]) -> None:
    placed = list(zip(rows_for(spans), spans, strict=True))

    assert len(placed) == len(spans)
    for (row, (left, right)), (other, (other_left, other_right)) in combinations(placed, 2):
        assert row != other or right < other_left or other_right < left


def test_spans_with_room_share_a_row() -> None:
    assert rows_for([(0, 10), (5, 20), (11, 30)]) == (0, 1, 0)
