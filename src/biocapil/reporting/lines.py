"""Lines and bands of the diagrams; a value that is not a number is a gap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting import palette
from biocapil.reporting.array_checks import check_lengths
from biocapil.reporting.axes import Scale
from biocapil.reporting.markup import element

Place = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStyle:
    """What tells a line apart.

    Attributes:
        colour: Stroke colour.
        dashes: Dash pattern, ``none`` for a solid line.
    """

    colour: str
    dashes: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """Where a line may truly lie: the area between two lines.

    Attributes:
        x: Places along x, rising or falling. Shape (N,), float64; NaN is a gap.
        low: Lower ends of the intervals. Shape (N,), float64; NaN is a gap.
        high: Upper ends, none below `low`. Shape (N,), float64; NaN is a gap.

    Raises:
        ValueError: The shapes differ, or an upper end lies below its lower end.
    """

    x: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def __post_init__(self) -> None:
        check_lengths(x=self.x, low=self.low, high=self.high)
        crossed = np.flatnonzero(self.low > self.high)
        if crossed.size:
            at = int(crossed[0])
            raise ValueError(f"low must not exceed high, got {self.low[at]} above {self.high[at]} at {at}")


def style_of(place: int) -> LineStyle:
    """Style of the line that is drawn first, second, and so on; colour and dashes both differ."""
    return LineStyle(
        colour=palette.CURVES[place % len(palette.CURVES)],
        dashes=palette.DASHES[place % len(palette.DASHES)],
    )


def draw_line(places: list[list[Place]], style: LineStyle, *, width: float = 2.0) -> str:
    """Draw runs of places as one line with gaps; a run of one place is a dot."""
    return element(
        "path",
        d="".join(_way(run) for run in places),
        fill="none",
        stroke=style.colour,
        stroke_width=width,
        stroke_dasharray=style.dashes,
        stroke_linejoin="round",
    )


def draw_band(band: Band, across: Scale, upward: Scale, colour: str) -> str:
    """Draw the area of a band, translucent; one polygon for each run without a gap."""
    uppers = runs(band.x, band.high, across, upward, gaps=np.isnan(band.low))
    lowers = runs(band.x, band.low, across, upward, gaps=np.isnan(band.high))
    way = "".join(
        f"{_way(upper + lower[::-1])}Z" for upper, lower in zip(uppers, lowers, strict=True) if upper
    )
    return element("path", d=way, fill=colour, fill_opacity="0.2", class_="band") if way else ""


def runs(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    across: Scale,
    upward: Scale,
    *,
    gaps: NDArray[np.bool_] | None = None,
) -> list[list[Place]]:
    """Places of a line in user units, cut into runs where a value is not a number.

    Args:
        x: Values along x. Shape (N,), float64.
        y: Values along y. Shape (N,), float64.
        across: Scale of the x axis.
        upward: Scale of the y axis.
        gaps: Further gaps. Shape (N,), bool.
    """
    points = list(zip(x.tolist(), y.tolist(), (np.isnan(x) if gaps is None else gaps).tolist(), strict=True))
    pieces = groupby(points, key=lambda point: point[2] or math.isnan(point[0]) or math.isnan(point[1]))
    return [
        [(across.place(x_value), upward.place(y_value)) for x_value, y_value, _ in piece]
        for is_gap, piece in pieces
        if not is_gap
    ]


def _way(run: list[Place]) -> str:
    """Path through the places; places that follow each other on one spot are drawn once."""
    spots = [spot for spot, _ in groupby(f"{x:.1f} {y:.1f}" for x, y in run)]
    if len(spots) == 1:
        x, y = run[0]
        return f"M{x - 1:.1f} {y:.1f}h2"
    return "M" + "L".join(spots)
