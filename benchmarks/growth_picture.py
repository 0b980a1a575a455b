"""The picture of a cost against the number of people, both logarithmic: slope 1 grows as they do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from biocapil.reporting.axes import LogScale
from biocapil.reporting.diagram import Frame, draw_axes
from biocapil.reporting.key import KeyItem, draw_key, key_bottom, line_sample
from biocapil.reporting.lines import draw_line, runs, style_of
from biocapil.reporting.markup import picture
from biocapil.reporting.spots import draw_spot

FRAME = Frame(left=74.0, right=560.0, bottom=340.0)


def growth_svg(
    series: Mapping[str, Sequence[tuple[float, float]]], *, y_label: str, title: str, x_label: str = "people"
) -> str:
    """Draw costs that grow.

    Args:
        series: Points (people, cost above 0) of each line, by name.
        y_label: Title of the y axis.
        title: Name of the picture.
        x_label: Title of the x axis.
    """
    people = [point[0] for points in series.values() for point in points]
    costs = [point[1] for points in series.values() for point in points]
    across = LogScale(low=min(people) / 1.5, high=max(people) * 1.5, start=FRAME.left, end=FRAME.right)
    upward = LogScale(
        low=10 ** math.floor(math.log10(min(costs))),
        high=10 ** math.ceil(math.log10(max(costs) * 1.01)),
        start=FRAME.bottom,
        end=FRAME.top,
    )
    items = [KeyItem(label=name, sample=line_sample(style_of(place))) for place, name in enumerate(series)]
    drawn: list[str] = []
    for place, points in enumerate(series.values()):
        columns = np.array(sorted(points), dtype=np.float64).T
        drawn.append(draw_line(runs(columns[0], columns[1], across, upward), style_of(place)))
        drawn += [
            draw_spot(place, across.place(x), upward.place(y), style_of(place).colour) for x, y in points
        ]
    told = "; ".join(
        f"{name}: " + ", ".join(f"{cost:.3g} at {count:,.0f}" for count, cost in points)
        for name, points in series.items()
    )
    return picture(
        draw_axes(
            FRAME,
            across,
            upward,
            x_label=x_label,
            y_label=y_label,
            x_text=lambda value: f"{value:,.0f}",
            y_text=lambda value: f"{value:g}",
        ),
        *drawn,
        draw_key(items, FRAME),
        width=FRAME.right + 20,
        height=key_bottom(items, FRAME),
        title=title,
        description=f"{y_label} against {x_label}: {told}.",
    )
