# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

from biocapil.reporting.axes import LinearScale
from biocapil.reporting.diagram import Frame, draw_axes, draw_note


def test_every_tick_has_its_label_and_both_axes_their_names() -> None:
    scale = LinearScale(low=0, high=4, start=0, end=100)

    drawn = draw_axes(
        Frame(),
        scale,
        scale,
        x_label="across",
        y_label="up",
        x_text=lambda value: f"x{value:g}",
        y_text=lambda value: f"y{value:g}",
    )

    labels = [label.text for label in ET.fromstring(f"<g>{drawn}</g>").findall("text")]
    assert labels == [*(f"x{n}" for n in range(5)), "across", *(f"y{n}" for n in range(5)), "up"]


def test_labels_without_room_leave_their_grid_line() -> None:
    crowded = LinearScale(low=0, high=10, start=0, end=60)

    drawn = draw_axes(
        Frame(),
        crowded,
        crowded,
        x_label="",
        y_label="",
        x_text=lambda value: f"{value * 1000:.0f}",
        y_text=lambda value: f"{value:g}",
    )

    group = ET.fromstring(f"<g>{drawn}</g>")
    columns, rows = group.findall("path")
    places = [float(label.attrib["x"]) for label in group.findall("text")]
    assert len(crowded.ticks()) == 6
    assert columns.attrib["d"].count("V") == rows.attrib["d"].count("H") == 6
    assert places[:3] == [0, 24, 60]


def test_a_note_stands_in_the_middle() -> None:
    frame = Frame(left=0, right=100, top=0, bottom=50)

    note = ET.fromstring(draw_note(frame, "nothing & nobody"))

    assert (note.attrib["x"], note.attrib["y"], note.text) == ("50", "25", "nothing & nobody")
