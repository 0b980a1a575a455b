"""The diagram of how well predicted false match rates hold: predicted against measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting.array_checks import check_lengths, check_range
from biocapil.reporting.axes import LogScale, Scale
from biocapil.reporting.axis_data import axis_data
from biocapil.reporting.diagram import Frame, draw_axes, draw_note
from biocapil.reporting.key import KeyItem, draw_key, key_bottom
from biocapil.reporting.lines import style_of
from biocapil.reporting.markup import element, number, picture, text
from biocapil.reporting.spots import draw_spot
from biocapil.reporting.tick_words import power_of_ten
from biocapil.reporting.whiskers import draw_whisker

WIDTH = 568.0
FRAME = Frame(right=540.0, bottom=470.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliabilitySeries:
    """Predicted and measured false match rates of one calibration.

    Attributes:
        label: Word in the key.
        predicted: Predicted rates. Shape (N,), float64, 0 to 1.
        measured: Measured rates. Shape (N,), float64, 0 to 1; NaN leaves the point out.
        low: Lower ends of the intervals of the measured rates. Shape (N,), float64, 0 to 1; NaN leaves
            the interval out.
        high: Upper ends. Shape (N,), float64, 0 to 1; NaN leaves the interval out.
        extrapolated: Whether the prediction rests on extrapolation; such points are drawn open.
            Shape (N,), bool.

    Raises:
        ValueError: The shapes differ, or a rate lies outside 0 to 1.
    """

    label: str
    predicted: NDArray[np.float64]
    measured: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    extrapolated: NDArray[np.bool_]

    def __post_init__(self) -> None:
        rates = {
            "predicted": self.predicted,
            "measured": self.measured,
            "low": self.low,
            "high": self.high,
        }
        check_lengths(**rates, extrapolated=self.extrapolated)
        for name, values in rates.items():
            check_range(name, values, 0, 1)


def reliability_svg(
    series: Sequence[ReliabilitySeries],
    *,
    floor: float = 1e-8,
    x_label: str = "predicted false match rate",
    y_label: str = "measured false match rate",
    title: str = "Reliability of the calibration",
) -> str:
    """Draw measured over predicted rates on logarithmic axes; on the diagonal the prediction holds.

    Args:
        series: The points; told apart by colour and shape.
        floor: Smallest rate on the axes, above 0 and below 1; smaller ones and 0 are drawn there.
        x_label: Title of the x axis.
        y_label: Title of the y axis.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: `floor` is out of range.
    """
    if not 0 < floor < 1:
        raise ValueError(f"floor must lie between 0 and 1, got {floor!r}")
    across = LogScale(low=floor, high=1.0, start=FRAME.left, end=FRAME.right)
    upward = LogScale(low=floor, high=1.0, start=FRAME.bottom, end=FRAME.top)
    items = [
        KeyItem(label=one.label, sample=draw_spot(place, 14.0, 0.0, style_of(place).colour))
        for place, one in enumerate(series)
    ]
    if any(one.extrapolated.any() for one in series):
        open_spot = draw_spot(0, 14.0, 0.0, "currentColor", filled=False)
        items.append(KeyItem(label="open: rests on extrapolation", sample=open_spot))
    drawn = any(np.isfinite(one.measured + one.predicted).any() for one in series)
    return picture(
        draw_axes(
            FRAME,
            across,
            upward,
            x_label=x_label,
            y_label=y_label,
            x_text=power_of_ten,
            y_text=power_of_ten,
        ),
        _diagonal() if drawn else "",
        *(_points(one, place, across, upward) for place, one in enumerate(series)),
        "" if drawn else draw_note(FRAME, "no measured rates to draw"),
        draw_key(items, FRAME),
        width=WIDTH,
        height=key_bottom(items, FRAME),
        title=title,
        description=_description(series, x_label, y_label),
        **axis_data(across),
    )


def _diagonal() -> str:
    way = f"M{number(FRAME.left)} {number(FRAME.bottom)}L{number(FRAME.right)} {number(FRAME.top)}"
    return element("path", d=way, stroke="currentColor", stroke_width=1.0, opacity=0.5, class_="diagonal")


def _points(one: ReliabilitySeries, place: int, across: Scale, upward: Scale) -> str:
    colour = style_of(place).colour
    rows = zip(
        one.predicted.tolist(),
        one.measured.tolist(),
        one.low.tolist(),
        one.high.tolist(),
        one.extrapolated.tolist(),
        strict=True,
    )
    drawn: list[str] = []
    for predicted, measured, low, high, extrapolated in rows:
        if math.isnan(predicted) or math.isnan(measured):
            continue
        told = f"{one.label}: predicted {predicted:.3g}, measured {measured:.3g} ({low:.3g} to {high:.3g})"
        x, y = across.place(predicted), upward.place(measured)
        drawn += [
            draw_whisker(upward, low, high, x, colour, upright=True),
            draw_spot(place, x, y, colour, filled=not extrapolated, told=element("title", text(told))),
        ]
    return "".join(drawn)


def _description(series: Sequence[ReliabilitySeries], x_label: str, y_label: str) -> str:
    told = [
        f"{one.label}, {_within(one)} of {int(np.isfinite(one.measured).sum())} intervals hold the prediction"
        for one in series
    ]
    return f"{y_label} over {x_label}: {'; '.join(told) or 'no points'}."


def _within(one: ReliabilitySeries) -> int:
    """Points whose interval holds the predicted rate."""
    known = np.isfinite(one.measured)
    return int((known & (one.low <= one.predicted) & (one.predicted <= one.high)).sum())
