"""The key below a diagram: a sample of each line or bar with its name, in as many rows as needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from biocapil.reporting.diagram import Frame
from biocapil.reporting.lines import LineStyle
from biocapil.reporting.markup import element
from biocapil.reporting.text_room import fitted_words, text_width

SAMPLE = 28.0
"""Width of a sample, user units."""
ROW = 18.0
BELOW_AXIS = 60.0
"""From the bottom of the frame to the first baseline, user units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyItem:
    """One name of the key.

    Attributes:
        label: The name.
        sample: Markup to the right of its origin, `SAMPLE` wide, centred on a horizontal line.
    """

    label: str
    sample: str


def line_sample(style: LineStyle, *, band: bool = False) -> str:
    """Sample of a line, with its band where it has one."""
    area = element("rect", x=0.0, y=-6.0, width=SAMPLE, height=12.0, fill=style.colour, fill_opacity="0.2")
    line = element(
        "path",
        d=f"M0 0h{SAMPLE:g}",
        stroke=style.colour,
        stroke_width=2.5,
        stroke_dasharray=style.dashes,
    )
    return (area if band else "") + line


def key_bottom(items: Sequence[KeyItem], frame: Frame) -> float:
    """Where the key ends, and with it the picture, user units."""
    rows = 1 + max((row for _, row in _spots(items, frame)), default=-1)
    return frame.bottom + BELOW_AXIS - 8.0 + ROW * rows


def draw_key(items: Sequence[KeyItem], frame: Frame) -> str:
    """Draw the items below a frame; a name wider than the frame is cut."""
    drawn: list[str] = []
    for item, (x, row) in zip(items, _spots(items, frame), strict=True):
        y = frame.bottom + BELOW_AXIS + ROW * row
        room = frame.right - x - SAMPLE - 7
        drawn += [
            element("g", item.sample, transform=f"translate({x:.1f} {y - 4:.1f})"),
            fitted_words(item.label, x + SAMPLE + 7, y, room=room),
        ]
    return "".join(drawn)


def _spots(items: Sequence[KeyItem], frame: Frame) -> list[tuple[float, int]]:
    """Left end and row of each item; a row is left where the next item would not fit."""
    spots: list[tuple[float, int]] = []
    x, row = frame.left, 0
    for item in items:
        width = SAMPLE + 7 + text_width(item.label)
        if x > frame.left and x + width > frame.right:
            x, row = frame.left, row + 1
        spots.append((x, row))
        x += width + 18
    return spots
