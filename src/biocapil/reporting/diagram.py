"""The frame of a diagram: grid, ticks and labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil.reporting.axes import Scale
from biocapil.reporting.markup import element, words

Label = Callable[[float], str]


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
    """Draw grid lines, tick labels and axis titles.

    Args:
        frame: Where.
        horizontal: Scale of the x axis.
        vertical: Scale of the y axis.
        x_label: Title of the x axis.
        y_label: Title of the y axis.
        x_text: How a value of the x axis is written.
        y_text: How a value of the y axis is written.
    """
    columns = [(horizontal.place(value), x_text(value)) for value in horizontal.ticks()]
    rows = [(vertical.place(value), y_text(value)) for value in vertical.ticks()]
    grid = "".join(f"M{x:.1f} {frame.top}V{frame.bottom}" for x, _ in columns)
    grid += "".join(f"M{frame.left} {y:.1f}H{frame.right}" for y, _ in rows)
    middle = (frame.top + frame.bottom) / 2
    return "".join(
        [
            element("path", d=grid, stroke="currentColor", stroke_width=0.5, opacity=0.18),
            *(
                words(label, x, frame.bottom + 16, text_anchor="middle", font_size=11.0)
                for x, label in columns
            ),
            *(words(label, frame.left - 7, y + 4, text_anchor="end", font_size=11.0) for y, label in rows),
            words(x_label, (frame.left + frame.right) / 2, frame.bottom + 36, text_anchor="middle"),
            words(y_label, 16, middle, text_anchor="middle", transform=f"rotate(-90 16 {middle:.1f})"),
        ]
    )
