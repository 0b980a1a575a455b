"""The diagram of an error rate by group: an estimate and its interval on a line each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from biocapil.reporting import palette
from biocapil.reporting.axes import AxisKind, LinearScale, LogScale, Scale
from biocapil.reporting.axis_data import axis_data
from biocapil.reporting.diagram import Frame, draw_columns, draw_note
from biocapil.reporting.markup import element, number, picture, text, words
from biocapil.reporting.spots import draw_spot
from biocapil.reporting.text_room import fitted_words, text_width
from biocapil.reporting.tick_words import grouped, percent, rounded_percent
from biocapil.reporting.whiskers import draw_whisker

WIDTH = 720.0
TOP = 42.0
ROW = 24.0
LABEL_ROOM = 220.0
"""Widest column of group names, user units."""
TRIALS_ROOM = 96.0
ROOM = 1.3
"""How far, as a ratio, the axis goes on beyond the outermost interval."""
LOWEST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """Error rate of one group.

    Attributes:
        label: Name of the group.
        value: Estimate, 0 to 1; NaN where there is none.
        low: Lower end of the interval, 0 to 1; NaN where there is none.
        high: Upper end of the interval, `low` to 1; NaN where there is none.
        trials: Comparisons or attempts behind the estimate, 0 or more.
        small: Whether the group is too small for a conclusion.

    Raises:
        ValueError: A number lies outside its range.
    """

    label: str
    value: float
    low: float
    high: float
    trials: int
    small: bool

    def __post_init__(self) -> None:
        for name, rate in (("value", self.value), ("low", self.low), ("high", self.high)):
            if not (math.isnan(rate) or 0 <= rate <= 1):
                raise ValueError(f"{name} must lie from 0 to 1 or be NaN, got {rate!r}")
        if self.low > self.high or self.trials < 0:
            raise ValueError(
                f"need low <= high and trials >= 0, got {self.low!r}, {self.high!r} and {self.trials!r}"
            )


def forest_svg(
    rows: Sequence[GroupRow],
    *,
    overall: float | None = None,
    x_label: str = "false non-match rate",
    axes: AxisKind = AxisKind.LOG,
    title: str = "Error rate by group",
) -> str:
    """Draw an estimate with its interval for each group, and how many trials stand behind it.

    Args:
        rows: The groups, from top to bottom; too small ones are drawn open and grey.
        overall: Rate of the whole set, drawn as a vertical line; None draws none.
        x_label: Title of the x axis.
        axes: LOG or LINEAR. On a logarithmic axis a rate of 0 lies on the left end.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: `axes` is another kind, or `overall` lies outside 0 to 1.

    Reference: ISO/IEC 19795-10:2024.
    """
    if overall is not None and not 0 <= overall <= 1:
        raise ValueError(f"overall must lie from 0 to 1, got {overall!r}")
    names = min(LABEL_ROOM, max((text_width(row.label) for row in rows), default=0.0))
    frame = Frame(
        left=names + 40,
        top=TOP,
        right=WIDTH - TRIALS_ROOM - 14,
        bottom=TOP + ROW * max(len(rows), 2),
    )
    across = _rate_scale(rows, overall, axes, frame)
    return picture(
        draw_columns(frame, across, x_label, percent),
        _overall(overall, across, frame),
        *(_row(row, place, across, frame) for place, row in enumerate(rows)),
        words("trials", WIDTH - 14, TOP - 14, text_anchor="end"),
        _small_note(rows, frame),
        "" if rows else draw_note(frame, "no groups to draw"),
        width=WIDTH,
        height=frame.bottom + (70 if any(row.small for row in rows) else 48),
        title=title,
        description=_description(rows, overall, x_label),
        **axis_data(across),
    )


def _rate_scale(rows: Sequence[GroupRow], overall: float | None, axes: AxisKind, frame: Frame) -> Scale:
    """Scale that shows every interval; a logarithmic one starts a little below the smallest rate above 0."""
    rates = [rate for row in rows for rate in (row.value, row.low, row.high)]
    known = [rate for rate in (*rates, overall) if rate is not None and rate > 0] or [0.01, 1.0]
    high = min(max(known) * ROOM, 1.0)
    if axes is AxisKind.LINEAR:
        return LinearScale(low=0.0, high=high, start=frame.left, end=frame.right)
    if axes is AxisKind.LOG:
        low = max(min(min(known) / ROOM, high / 10), LOWEST)
        return LogScale(low=low, high=high, start=frame.left, end=frame.right, steps=(1, 2, 5))
    raise ValueError(f"axes must be LOG or LINEAR, got {axes!r}")


def _overall(rate: float | None, across: Scale, frame: Frame) -> str:
    if rate is None:
        return ""
    x = across.place(rate)
    line = element(
        "path",
        d=f"M{number(x)} {number(frame.top - 8)}V{number(frame.bottom)}",
        stroke=palette.ORANGE,
        stroke_width=2.0,
        stroke_dasharray="6 3",
        class_="overall",
    )
    name = f"whole set {rounded_percent(rate)}"
    half = text_width(name) / 2
    return line + words(name, min(max(x, half + 4), frame.right - half), frame.top - 14, text_anchor="middle")


def _row(row: GroupRow, place: int, across: Scale, frame: Frame) -> str:
    """Name, interval, estimate and trials of one group; without an estimate it says so."""
    y = frame.top + ROW * (place + 0.5)
    return "".join(
        [
            fitted_words(row.label, 14, y + 4, room=frame.left - 40),
            _estimate(row, y, across),
            words(grouped(row.trials), WIDTH - 14, y + 4, text_anchor="end"),
            words("†", WIDTH - 12, y + 4) if row.small else "",
        ]
    )


def _estimate(row: GroupRow, y: float, across: Scale) -> str:
    if math.isnan(row.value):
        return words("no estimate", across.end, y + 4, text_anchor="end", opacity=0.75)
    colour = palette.UNPAIRED if row.small else palette.BLUE
    interval = f"{rounded_percent(row.low)} to {rounded_percent(row.high)}"
    told = f"{row.label}: {rounded_percent(row.value)}, interval {interval}"
    dot = draw_spot(
        0, across.place(row.value), y, colour, filled=not row.small, told=element("title", text(told))
    )
    return draw_whisker(across, row.low, row.high, y, colour) + dot


def _small_note(rows: Sequence[GroupRow], frame: Frame) -> str:
    if not any(row.small for row in rows):
        return ""
    return words("† too few trials for a conclusion (open circle)", 14, frame.bottom + 58, font_size=11.0)


def _description(rows: Sequence[GroupRow], overall: float | None, x_label: str) -> str:
    told = [
        f"{row.label} {rounded_percent(row.value)} of {row.trials:,}"
        for row in rows
        if not math.isnan(row.value)
    ]
    whole = "" if overall is None else f" Whole set {rounded_percent(overall)}."
    return f"{x_label} by group: {'; '.join(told) or 'no estimate'}.{whole}"
