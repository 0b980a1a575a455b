# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

from biocapil.reporting.diagram import Frame
from biocapil.reporting.key import KeyItem, draw_key, key_bottom, line_sample
from biocapil.reporting.lines import style_of
from biocapil.reporting.text_room import text_width

FRAME = Frame()


def item(label: str) -> KeyItem:
    return KeyItem(label=label, sample=line_sample(style_of(0), band=True))


def test_names_stay_inside_the_frame_and_above_the_bottom() -> None:
    items = [item(f"set {place}, right index, plain") for place in range(9)]

    names = ET.fromstring(f"<g>{draw_key(items, FRAME)}</g>").findall("text")

    ends = [float(name.attrib["x"]) + text_width(name.text or "") for name in names]
    bottoms = [float(name.attrib["y"]) for name in names]
    assert max(ends) <= FRAME.right
    assert len(set(bottoms)) == 3
    assert FRAME.bottom < max(bottoms) < key_bottom(items, FRAME)


def test_names_of_one_row_do_not_overlap() -> None:
    first, second = ET.fromstring(f"<g>{draw_key([item('first'), item('second')], FRAME)}</g>").findall(
        "text"
    )

    assert float(second.attrib["x"]) > float(first.attrib["x"]) + text_width("first") + 28


def test_a_name_wider_than_the_frame_is_cut() -> None:
    drawn = draw_key([item("x" * 300)], FRAME)

    assert "…" in drawn
    assert "x" * 300 in drawn


def test_without_names_there_is_no_key() -> None:
    assert draw_key([], FRAME) == ""
    assert key_bottom([], FRAME) == FRAME.bottom + 52
