"""The picture of measured ratios: each as a bar to its value, with its floor and what is aimed at."""

from __future__ import annotations

from collections.abc import Sequence

from bars import Bar, ratio_words
from biocapil.reporting import palette
from biocapil.reporting.axes import LogScale
from biocapil.reporting.diagram import Frame, draw_columns
from biocapil.reporting.markup import element, number, picture, text, words
from biocapil.reporting.text_room import fitted_words

WIDTH = 960.0
ROW = 22.0
NAMES = 530.0
TOP = 28.0
HIGHEST = 4.0
"""Multiple of its floor at which a bar ends at the latest."""


def ratios_svg(bars: Sequence[Bar]) -> str:
    """Draw how far each ratio lies above or below its floor, in multiples of the floor."""
    frame = Frame(left=NAMES, top=TOP, right=WIDTH - 64, bottom=TOP + ROW * max(len(bars), 1))
    across = LogScale(low=0.25, high=HIGHEST, start=frame.left, end=frame.right, steps=(1, 2, 5))
    told = "; ".join(f"{each.what} {each.ratio:.3g} of at least {each.floor:g}" for each in bars)
    return picture(
        draw_columns(frame, across, "multiple of the floor", lambda value: f"{value:g}"),
        *(_row(each, place, across, frame) for place, each in enumerate(bars)),
        element(
            "path",
            d=f"M{number(across.place(1))} {number(frame.top - 6)}V{number(frame.bottom)}",
            stroke="currentColor",
            stroke_width=1.5,
        ),
        words("floor", across.place(1), frame.top - 10, text_anchor="middle"),
        width=WIDTH,
        height=frame.bottom + 48,
        title="Measured ratios and their floors",
        description=f"Ratios: {told}.",
    )


def _row(bar: Bar, place: int, across: LogScale, frame: Frame) -> str:
    y = frame.top + ROW * (place + 0.5)
    start, end = across.place(1), across.place(bar.ratio / bar.floor)
    colour = palette.BLUE if bar.held else palette.VERMILION
    shape = element(
        "rect",
        element("title", text(f"{bar.what} against {bar.peer}: {bar.ratio:.3g}, floor {bar.floor:g}")),
        x=min(start, end),
        y=y - 6,
        width=max(abs(end - start), 1.0),
        height=12.0,
        fill=colour,
    )
    aim = ""
    if bar.stretch is not None:
        x = number(across.place(bar.stretch / bar.floor))
        aim = element(
            "path", d=f"M{x} {number(y - 8)}V{number(y + 8)}", stroke=palette.GREEN, stroke_width=2.5
        )
    return "".join(
        [
            fitted_words(f"{bar.what} / {bar.peer}", 10, y + 4, room=NAMES - 20),
            shape,
            aim,
            words(ratio_words(bar.ratio), WIDTH - 10, y + 4, text_anchor="end"),
        ]
    )
