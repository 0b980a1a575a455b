"""The diagram for planning: what error rates and work a larger gallery brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting.array_checks import check_lengths, check_range, check_rising
from biocapil.reporting.axes import LogScale, Scale
from biocapil.reporting.axis_data import axis_data
from biocapil.reporting.diagram import Frame, draw_axes, draw_note
from biocapil.reporting.key import KeyItem, draw_key, key_bottom, line_sample
from biocapil.reporting.lines import Band, LineStyle, Place, draw_band, draw_line, runs, style_of
from biocapil.reporting.markup import element, number, picture, text, words
from biocapil.reporting.spots import draw_spot
from biocapil.reporting.text_room import SMALL, text_width
from biocapil.reporting.tick_words import rate_words, short_count

WIDTH = 720.0
FRAME = Frame(left=72.0, top=40.0, right=690.0, bottom=340.0)
DECADES = 12
"""Most powers of ten on the y axis; smaller values are drawn on its bottom."""
EXTRAPOLATED = "6 4"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadCurve:
    """One line of the diagram.

    Attributes:
        label: Word in the key.
        sizes: Gallery sizes N, rising from 1 or more. Shape (N,), int64 or float64.
        values: Expected rate or load at each size. Shape (N,), float64, 0 or more; NaN is a gap.
        solid_until: Largest size that rests on measurements; beyond it the line is dashed and its shapes
            are open. None draws all of it solid.
        band: Interval over the sizes; None draws none.

    Raises:
        ValueError: The shapes differ, the sizes do not rise or start below 1, or a value lies below 0.
    """

    label: str
    sizes: NDArray[np.float64] | NDArray[np.int64]
    values: NDArray[np.float64]
    solid_until: float | None = None
    band: Band | None = None

    def __post_init__(self) -> None:
        check_lengths(sizes=self.sizes, values=self.values)
        check_range("sizes", self.sizes, 1, np.inf)
        check_rising("sizes", self.sizes)
        check_range("values", self.values, 0, np.inf)


def load_svg(
    curves: Sequence[LoadCurve],
    *,
    y_label: str = "expected rate",
    rates: bool = True,
    population: float | None = None,
    title: str = "Expected error rates and load by gallery size",
) -> str:
    """Draw expected rates or loads over the size of the gallery, both on logarithmic axes.

    Args:
        curves: The lines; told apart by colour and shape, since dashes mean extrapolation.
        y_label: Title of the y axis.
        rates: Whether the values are rates, written in per cent or as powers of ten; otherwise they
            are counts.
        population: Size to mark with a vertical line, 1 or more; None marks none.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: `population` lies below 1.
    """
    if population is not None and not population >= 1:
        raise ValueError(f"population must be 1 or more, got {population!r}")
    across, upward = _size_scale(curves, population), _value_scale(curves)
    written = rate_words(upward.ticks()[0]) if rates else short_count
    items = _key_items(curves)
    drawn = any(np.isfinite(curve.values).any() for curve in curves)
    return picture(
        draw_axes(
            FRAME,
            across,
            upward,
            x_label="references in the gallery",
            y_label=y_label,
            x_text=short_count,
            y_text=written,
        ),
        _population(population, across),
        *(_curve(curve, place, across, upward) for place, curve in enumerate(curves)),
        "" if drawn else draw_note(FRAME, "no values to draw"),
        draw_key(items, FRAME),
        width=WIDTH,
        height=key_bottom(items, FRAME),
        title=title,
        description=_description(curves, y_label),
        **axis_data(across),
    )


def _size_scale(curves: Sequence[LoadCurve], population: float | None) -> LogScale:
    sizes = [
        float(size) for curve in curves for size in (curve.sizes[:1].tolist() + curve.sizes[-1:].tolist())
    ]
    known = [*sizes, *([] if population is None else [population])] or [1.0]
    low = min(known)
    high = max(*known, low * 10)
    return LogScale(low=low, high=high, start=FRAME.left, end=FRAME.right, steps=_steps(low, high))


def _value_scale(curves: Sequence[LoadCurve]) -> LogScale:
    """Axis over all values above 0, bands included."""
    values = np.concatenate(
        [np.zeros(0), *(curve.values for curve in curves), *(_ends(curve.band) for curve in curves)]
    )
    known = values[np.isfinite(values) & (values > 0)]
    high = float(known.max(initial=0.0)) * 1.5 or 1.0
    low = max(float(known.min(initial=high / 10)) / 1.5, high / 10.0**DECADES)
    return LogScale(low=low, high=high, start=FRAME.bottom, end=FRAME.top, steps=_steps(low, high))


def _ends(band: Band | None) -> NDArray[np.float64]:
    return np.zeros(0) if band is None else np.concatenate([band.low, band.high])


def _steps(low: float, high: float) -> tuple[int, ...]:
    """Labels at multiples as well, where powers of ten alone would be few."""
    return (1, 2, 5) if high / low < 300 else (1,)


def _curve(curve: LoadCurve, place: int, across: Scale, upward: Scale) -> str:
    """Band, measured part, extrapolated part and shapes of one line."""
    colour = style_of(place).colour
    band = draw_band(curve.band, across, upward, colour) if curve.band is not None else ""
    border = np.inf if curve.solid_until is None else across.place(curve.solid_until)
    whole = runs(curve.sizes.astype(np.float64), curve.values, across, upward)
    parts = [_split(run, border) for run in whole]
    solid = draw_line([before for before, _ in parts if before], LineStyle(colour=colour))
    dashed = draw_line([after for _, after in parts if after], LineStyle(colour=colour, dashes=EXTRAPOLATED))
    return band + solid + dashed + _spots(curve, place, across, upward)


def _split(run: list[Place], border: float) -> tuple[list[Place], list[Place]]:
    """Parts of a run up to a border and from it on; they meet on the border."""
    before = [spot for spot in run if spot[0] <= border]
    after = [spot for spot in run if spot[0] > border]
    if before and after:
        (left, start), (right, end) = before[-1], after[0]
        meeting = (border, start + (end - start) * (border - left) / (right - left))
        return [*before, meeting], [meeting, *after]
    return before, after


def _spots(curve: LoadCurve, place: int, across: Scale, upward: Scale) -> str:
    """A shape at up to about a dozen sizes, open where the line is extrapolated."""
    known = np.flatnonzero(np.isfinite(curve.values))
    limit = np.inf if curve.solid_until is None else curve.solid_until
    drawn: list[str] = []
    for at in known[:: 1 + len(known) // 13].tolist():
        size, value = float(curve.sizes[at]), float(curve.values[at])
        told = element("title", text(f"{curve.label}: {value:.3g} at {size:,.0f}"))
        x, y = across.place(size), upward.place(value)
        drawn.append(draw_spot(place, x, y, style_of(place).colour, filled=size <= limit, told=told))
    return "".join(drawn)


def _population(size: float | None, across: Scale) -> str:
    if size is None:
        return ""
    x, name = across.place(size), f"population {size:,.0f}"
    line = element(
        "path",
        d=f"M{number(x)} {number(FRAME.top - 8)}V{number(FRAME.bottom)}",
        stroke="currentColor",
        stroke_width=1.2,
        opacity=0.7,
        class_="population",
    )
    half = text_width(name, SMALL) / 2
    middle = min(max(x, FRAME.left + half), FRAME.right - half)
    return line + words(name, middle, FRAME.top - 13, text_anchor="middle", font_size=SMALL)


def _key_items(curves: Sequence[LoadCurve]) -> list[KeyItem]:
    items = [
        KeyItem(
            label=curve.label,
            sample=line_sample(LineStyle(colour=style_of(place).colour), band=curve.band is not None)
            + draw_spot(place, 14.0, 0.0, style_of(place).colour),
        )
        for place, curve in enumerate(curves)
    ]
    if any(curve.solid_until is not None for curve in curves):
        dashed = line_sample(LineStyle(colour="currentColor", dashes=EXTRAPOLATED))
        items.append(KeyItem(label="dashed and open: extrapolated", sample=dashed))
    return items


def _description(curves: Sequence[LoadCurve], y_label: str) -> str:
    told = [
        f"{curve.label} {curve.values[last]:.3g} at {curve.sizes[last]:,.0f}"
        + ("" if curve.solid_until is None else f", extrapolated beyond {curve.solid_until:,.0f}")
        for curve in curves
        for last in np.flatnonzero(np.isfinite(curve.values))[-1:]
    ]
    return f"{y_label} over references in the gallery: {'; '.join(told) or 'no curve'}."
