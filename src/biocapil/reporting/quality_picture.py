"""The diagram of how an error rate falls with sample quality."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting import palette
from biocapil.reporting.array_checks import check_lengths, check_range, check_rising
from biocapil.reporting.axes import LinearScale, Scale
from biocapil.reporting.axis_data import axis_data
from biocapil.reporting.diagram import Frame, draw_axes, draw_note
from biocapil.reporting.key import SAMPLE, KeyItem, draw_key, key_bottom, line_sample
from biocapil.reporting.lines import Band, LineStyle, draw_band, draw_line, runs
from biocapil.reporting.markup import element, picture, text, words
from biocapil.reporting.spots import draw_spot
from biocapil.reporting.text_room import SMALL
from biocapil.reporting.tick_words import percent, plain, rounded_percent, short_count

WIDTH = 720.0
FRAME = Frame(right=640.0, bottom=300.0)
STYLE = LineStyle(colour=palette.BLUE)
BAR = "#8a8a8a"
"""Colour of the counts: grey, faint on light and on dark pages."""
FULLEST = 1.05
"""Height of the axis of the counts over the fullest bin."""


def error_over_quality_svg(
    edges: NDArray[np.float64],
    rates: NDArray[np.float64],
    lows: NDArray[np.float64],
    highs: NDArray[np.float64],
    counts: NDArray[np.int64],
    *,
    x_label: str = "quality",
    y_label: str = "false non-match rate",
    title: str = "Error rate over quality",
) -> str:
    """Draw the error rate of each quality bin with its interval, and how many trials the bin holds.

    Args:
        edges: Borders of the quality bins, finite and rising. Shape (B + 1,), float64.
        rates: Error rate in each bin. Shape (B,), float64, 0 to 1; NaN is a gap.
        lows: Lower ends of the intervals. Shape (B,), float64, 0 to 1; NaN is a gap.
        highs: Upper ends of the intervals. Shape (B,), float64, 0 to 1; NaN is a gap.
        counts: Trials in each bin. Shape (B,), int64; drawn as faint bars over the axis at the right.
        x_label: Title of the x axis.
        y_label: Title of the y axis.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: The shapes do not fit, the edges do not rise, or a rate or count is out of range.

    Reference: ISO/IEC 29794-1:2024.
    """
    _check(edges, rates, lows, highs, counts)
    across = _quality_scale(edges)
    upward = LinearScale(low=0.0, high=_highest(rates, highs), start=FRAME.bottom, end=FRAME.top)
    fullest = max(int(counts.max(initial=0)), 1)
    amount = LinearScale(low=0.0, high=fullest * FULLEST, start=FRAME.bottom, end=FRAME.top)
    borders = np.repeat(edges, 2)[1:-1]
    band = Band(x=borders, low=np.repeat(lows, 2), high=np.repeat(highs, 2))
    items = _key_items(y_label)
    return picture(
        _bars(edges, counts, across, amount),
        draw_axes(FRAME, across, upward, x_label=x_label, y_label=y_label, x_text=plain, y_text=percent),
        _count_axis(amount),
        draw_band(band, across, upward, STYLE.colour),
        draw_line(runs(borders, np.repeat(rates, 2), across, upward), STYLE),
        _spots(edges, rates, across, upward),
        "" if np.isfinite(rates).any() else draw_note(FRAME, "no error rates to draw"),
        draw_key(items, FRAME),
        width=WIDTH,
        height=key_bottom(items, FRAME),
        title=title,
        description=_description(edges, rates, counts, f"{y_label} over {x_label}"),
        **axis_data(across),
    )


def _check(
    edges: NDArray[np.float64],
    rates: NDArray[np.float64],
    lows: NDArray[np.float64],
    highs: NDArray[np.float64],
    counts: NDArray[np.int64],
) -> None:
    check_lengths(rates=rates, lows=lows, highs=highs, counts=counts)
    if edges.shape != (len(rates) + 1,) and (edges.size or rates.size):
        raise ValueError(
            f"got edges of shape {edges.shape} for {len(rates)} bins; need one more edge than bins"
        )
    check_rising("edges", edges)
    if not np.isfinite(edges).all():
        raise ValueError(f"edges must be finite, got {edges[~np.isfinite(edges)][0]}")
    for name, values in (("rates", rates), ("lows", lows), ("highs", highs)):
        check_range(name, values, 0, 1)
    check_range("counts", counts, 0, np.inf)


def _quality_scale(edges: NDArray[np.float64]) -> LinearScale:
    low, high = (float(edges[0]), float(edges[-1])) if len(edges) > 1 else (0.0, 100.0)
    return LinearScale(low=low, high=high, start=FRAME.left, end=FRAME.right)


def _highest(rates: NDArray[np.float64], highs: NDArray[np.float64]) -> float:
    """Top of the axis: a little above all rates and intervals; 1 where there are none above 0."""
    most = float(np.nan_to_num(np.concatenate([rates, highs])).max(initial=0.0))
    return min(most * 1.08, 1.0) or 1.0


def _bars(edges: NDArray[np.float64], counts: NDArray[np.int64], across: Scale, amount: Scale) -> str:
    bars: list[str] = []
    for (low, high), count in zip(pairwise(edges.tolist()), counts.tolist(), strict=False):
        left, top = across.place(low), amount.place(count)
        bars.append(
            element(
                "rect",
                element("title", text(f"{count:,} trials from {low:g} to {high:g}")),
                x=left + 1,
                y=top,
                width=max(across.place(high) - left - 2, 0.5),
                height=FRAME.bottom - top,
            )
        )
    return element("g", *bars, fill=BAR, fill_opacity="0.25", class_="counts")


def _count_axis(amount: Scale) -> str:
    """Labels of the counts at the right; fractions of a trial get none."""
    x, middle = WIDTH - 10, (FRAME.top + FRAME.bottom) / 2
    labels = [
        words(short_count(value), FRAME.right + 7, amount.place(value) + 4, font_size=SMALL, opacity=0.75)
        for value in amount.ticks()
        if value.is_integer()
    ]
    turned = f"rotate(90 {x:g} {middle:.1f})"
    return "".join(labels) + words("trials", x, middle, text_anchor="middle", transform=turned)


def _spots(edges: NDArray[np.float64], rates: NDArray[np.float64], across: Scale, upward: Scale) -> str:
    """A dot in the middle of each bin with a rate."""
    drawn: list[str] = []
    for at in np.flatnonzero(np.isfinite(rates)).tolist():
        low, high, rate = float(edges[at]), float(edges[at + 1]), float(rates[at])
        told = element("title", text(f"{rounded_percent(rate)} from {low:g} to {high:g}"))
        x, y = across.place((low + high) / 2), upward.place(rate)
        drawn.append(draw_spot(0, x, y, STYLE.colour, told=told))
    return "".join(drawn)


def _key_items(y_label: str) -> tuple[KeyItem, KeyItem]:
    bar = element("rect", x=0.0, y=-6.0, width=SAMPLE, height=12.0, fill=BAR, fill_opacity="0.25")
    line = line_sample(STYLE, band=True) + draw_spot(0, 14.0, 0.0, STYLE.colour)
    return KeyItem(label=f"{y_label} with its interval", sample=line), KeyItem(label="trials", sample=bar)


def _description(
    edges: NDArray[np.float64], rates: NDArray[np.float64], counts: NDArray[np.int64], what: str
) -> str:
    told = [
        f"{low:g} to {high:g}: {'no rate' if np.isnan(rate) else rounded_percent(rate)} of {count:,}"
        for (low, high), rate, count in zip(
            pairwise(edges.tolist()), rates.tolist(), counts.tolist(), strict=False
        )
    ]
    return f"{what}: {'; '.join(told) or 'no bins'}."
