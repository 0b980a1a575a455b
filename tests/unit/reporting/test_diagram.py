# ruff: noqa: S314  # the markup that is parsed here was made by the code under test
from __future__ import annotations

from xml.etree import ElementTree as ET

from biocapil.reporting.axes import LinearScale
from biocapil.reporting.diagram import Frame, draw_axes


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
    assert labels == [*(f"x{n}" for n in range(5)), *(f"y{n}" for n in range(5)), "across", "up"]
