"""The frame of a diagram: grid, ticks and labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil.reporting.axes import Scale
from biocapil.reporting.markup import element, words
from biocapil.reporting.text_room import SMALL, text_width

Label = Callable[[float], str]
GAP = 7.0
"""Least distance between two labels of the x axis, user units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Rectangle in which a diagram is drawn, user units."""

    left: float = 64.0
    top: float = 34.0
    right: float = 700.0
    bottom: float = 270.0


def draw_axes(
    frame: Frame,
    horizontal: Scale,
    vertical: Scale,
    *,
    x_label: str,
    y_label: str,
    x_text: Label,
    y_text: Label,
) -> str:
    """Draw grid lines, tick labels and axis titles; a label without room keeps its grid line only.

    Args:
        frame: Where.
        horizontal: Scale of the x axis.
        vertical: Scale of the y axis.
        x_label: Title of the x axis.
        y_label: Title of the y axis.
        x_text: How a value of the x axis is written.
        y_text: How a value of the y axis is written.
    """
    return draw_columns(frame, horizontal, x_label, x_text) + draw_rows(frame, vertical, y_label, y_text)


def draw_columns(frame: Frame, horizontal: Scale, title: str, written: Label) -> str:
    """Draw the grid lines, tick labels and title of the x axis; see `draw_axes`."""
    columns = [(horizontal.place(value), written(value)) for value in horizontal.ticks()]
    room = [text_width(label, SMALL) + GAP for _, label in columns]
    return "".join(
        [
            _grid("".join(f"M{x:.1f} {frame.top}V{frame.bottom}" for x, _ in columns)),
            *(
                words(label, x, frame.bottom + 16, text_anchor="middle", font_size=SMALL)
                for x, label in _apart(columns, room)
            ),
            words(title, (frame.left + frame.right) / 2, frame.bottom + 36, text_anchor="middle"),
        ]
    )


def draw_rows(frame: Frame, vertical: Scale, title: str, written: Label) -> str:
    """Draw the grid lines, tick labels and title of the y axis; see `draw_axes`."""
    rows = [(vertical.place(value), written(value)) for value in vertical.ticks()]
    middle = (frame.top + frame.bottom) / 2
    return "".join(
        [
            _grid("".join(f"M{frame.left} {y:.1f}H{frame.right}" for y, _ in rows)),
            *(
                words(label, frame.left - 7, y + 4, text_anchor="end", font_size=SMALL)
                for y, label in _apart(rows, [SMALL] * len(rows))
            ),
            words(title, 16, middle, text_anchor="middle", transform=f"rotate(-90 16 {middle:.1f})"),
        ]
    )


def draw_note(frame: Frame, content: str) -> str:
    """Write a line in the middle of an empty diagram."""
    x, y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    return words(content, x, y, text_anchor="middle", font_size=14.0, opacity=0.75, class_="note")


def _grid(way: str) -> str:
    return element("path", d=way, stroke="currentColor", stroke_width=0.5, opacity=0.18, class_="grid")


def _apart(labels: list[tuple[float, str]], sizes: list[float]) -> list[tuple[float, str]]:
    """Labels in order, without those that would touch the one kept before."""
    kept: list[tuple[float, str]] = []
    last, last_size = float("-inf"), 0.0
    for (place, label), size in sorted(zip(labels, sizes, strict=True)):
        if place - last >= (size + last_size) / 2:
            kept.append((place, label))
            last, last_size = place, size
    return kept
