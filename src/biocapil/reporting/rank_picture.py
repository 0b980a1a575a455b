"""The diagram of how often a person is found among the first candidates: a cumulative match curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting.array_checks import check_lengths, check_range, check_rising
from biocapil.reporting.axes import LinearScale, LogScale, Scale
from biocapil.reporting.axis_data import axis_data
from biocapil.reporting.diagram import Frame, draw_axes, draw_note
from biocapil.reporting.key import KeyItem, draw_key, key_bottom, line_sample
from biocapil.reporting.lines import Band, draw_band, draw_line, runs, style_of
from biocapil.reporting.markup import element, picture, text
from biocapil.reporting.spots import draw_spot
from biocapil.reporting.tick_words import percent, rounded_percent, short_count

WIDTH = 568.0
FRAME = Frame(right=540.0, bottom=360.0)
FEW = 24
"""Up to so many ranks each is marked with a shape of its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankCurve:
    """One line of the diagram.

    Attributes:
        label: Word in the key.
        ranks: Ranks, rising from 1 or more. Shape (N,), int64 or float64.
        hit_rates: Share of mated probes whose reference stands at this rank or above. Shape (N,), float64,
            0 to 1; NaN is a gap in the line.
        band: Confidence band over the ranks; None draws none.

    Raises:
        ValueError: The shapes differ, the ranks do not rise or start below 1, or a rate lies outside 0 to 1.
    """

    label: str
    ranks: NDArray[np.float64] | NDArray[np.int64]
    hit_rates: NDArray[np.float64]
    band: Band | None = None

    def __post_init__(self) -> None:
        check_lengths(ranks=self.ranks, hit_rates=self.hit_rates)
        check_range("ranks", self.ranks, 1, np.inf)
        check_rising("ranks", self.ranks)
        check_range("hit_rates", self.hit_rates, 0, 1)


def rank_svg(
    curves: Sequence[RankCurve],
    *,
    lowest: float = 0.0,
    log: bool = True,
    title: str = "Cumulative match characteristic",
) -> str:
    """Draw identification rates over ranks.

    Args:
        curves: The lines; told apart by colour, dashes and shapes.
        lowest: Bottom of the y axis, 0 or more and below 1; smaller rates are drawn there.
        log: Whether the ranks stand on a logarithmic axis.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: `lowest` is out of range.

    Reference: ISO/IEC 19795-1:2021, 11.
    """
    if not 0 <= lowest < 1:
        raise ValueError(f"lowest must lie from 0 to below 1, got {lowest!r}")
    across = _rank_scale(curves, log=log)
    upward = LinearScale(low=lowest, high=1.0, start=FRAME.bottom, end=FRAME.top)
    items = [
        KeyItem(
            label=curve.label,
            sample=line_sample(style_of(place), band=curve.band is not None)
            + draw_spot(place, 14.0, 0.0, style_of(place).colour),
        )
        for place, curve in enumerate(curves)
    ]
    drawn = any(np.isfinite(curve.hit_rates).any() for curve in curves)
    return picture(
        draw_axes(
            FRAME,
            across,
            upward,
            x_label="rank",
            y_label="identification rate",
            x_text=short_count,
            y_text=percent,
        ),
        *(_curve(curve, place, across, upward) for place, curve in enumerate(curves)),
        "" if drawn else draw_note(FRAME, "no identification rates to draw"),
        draw_key(items, FRAME),
        width=WIDTH,
        height=key_bottom(items, FRAME),
        title=title,
        description=_description(curves),
        **axis_data(across),
    )


def _rank_scale(curves: Sequence[RankCurve], *, log: bool) -> Scale:
    last = max((float(curve.ranks[-1]) for curve in curves if curve.ranks.size), default=1.0)
    high = max(last, 2.0)
    if log:
        return LogScale(low=1.0, high=high, start=FRAME.left, end=FRAME.right, steps=(1, 2, 5))
    return LinearScale(low=1.0, high=high, start=FRAME.left, end=FRAME.right)


def _curve(curve: RankCurve, place: int, across: Scale, upward: Scale) -> str:
    style = style_of(place)
    ranks = curve.ranks.astype(np.float64)
    band = draw_band(curve.band, across, upward, style.colour) if curve.band is not None else ""
    return (
        band
        + draw_line(runs(ranks, curve.hit_rates, across, upward), style)
        + _spots(curve, place, across, upward)
    )


def _spots(curve: RankCurve, place: int, across: Scale, upward: Scale) -> str:
    """A shape at each rank where they are few, otherwise at the first one only."""
    shown = len(curve.ranks) if len(curve.ranks) <= FEW else 1
    return "".join(
        draw_spot(
            place,
            across.place(rank),
            upward.place(rate),
            style_of(place).colour,
            told=element("title", text(f"{curve.label}, rank {rank:g}: {rounded_percent(rate)}")),
        )
        for rank, rate in zip(curve.ranks[:shown].tolist(), curve.hit_rates[:shown].tolist(), strict=True)
        if not math.isnan(rate)
    )


def _description(curves: Sequence[RankCurve]) -> str:
    firsts = [
        f"{curve.label} {rounded_percent(float(curve.hit_rates[first]))} at rank {curve.ranks[first]:g}"
        for curve in curves
        for first in np.flatnonzero(np.isfinite(curve.hit_rates))[:1]
    ]
    return f"Identification rate over rank: {'; '.join(firsts) or 'no curve'}."
