# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

from biocapil.reporting.text_room import fitted_words, text_width


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


def test_of_a_path_the_end_may_be_kept() -> None:
    group = ET.fromstring(fitted_words(f"{'folder/' * 20}108_7.tif", 0, 0, room=90, keep_end=True))

    kept = group.findtext("text") or ""
    assert kept.startswith("…")
    assert kept.endswith("/108_7.tif")
    assert text_width(kept) <= 90


def test_without_any_room_only_the_mark_of_the_cut_is_left() -> None:
    assert ET.fromstring(fitted_words("abc", 0, 0, room=0)).findtext("text") == "…"
