"""The interval of an estimate as a line with caps; without a cap where it goes on beyond the axis."""

from __future__ import annotations

import math

from biocapil.reporting.axes import Scale
from biocapil.reporting.markup import element

CAP = 3.5
"""Half the length of a cap, user units."""


def draw_whisker(
    along: Scale, low: float, high: float, across: float, colour: str, *, upright: bool = False
) -> str:
    """Draw one interval.

    Args:
        along: Scale of the axis on which the interval lies.
        low: Lower end; NaN draws nothing.
        high: Upper end; NaN draws nothing.
        across: Place on the other axis, user units.
        colour: Colour of the line.
        upright: Whether the interval lies on the y axis.
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    start, end = along.place(low), along.place(high)
    way = _path(start, end, across, upright=upright)
    for value, place in ((low, start), (high, end)):
        if along.low <= value <= along.high:
            way += _cap(place, across, upright=upright)
    return element("path", d=way, fill="none", stroke=colour, stroke_width=1.8, class_="whisker")


def _path(start: float, end: float, across: float, *, upright: bool) -> str:
    return f"M{across:.1f} {start:.1f}V{end:.1f}" if upright else f"M{start:.1f} {across:.1f}H{end:.1f}"


def _cap(place: float, across: float, *, upright: bool) -> str:
    if upright:
        return f"M{across - CAP:.1f} {place:.1f}h{2 * CAP:g}"
    return f"M{place:.1f} {across - CAP:.1f}v{2 * CAP:g}"
