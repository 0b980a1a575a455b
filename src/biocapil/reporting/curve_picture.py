"""The diagram of error rates against each other: a detection error trade-off (DET) curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting import palette
from biocapil.reporting.axes import LogScale, Scale
from biocapil.reporting.diagram import Frame, draw_axes
from biocapil.reporting.markup import element, picture, words

WIDTH = 560.0
HEIGHT = 520.0
FRAME = Frame(right=540.0, bottom=470.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """One line of the diagram.

    Attributes:
        label: Word in the legend.
        x: Error rates along x, rising or falling. Shape (N,), 0 to 1.
        y: Error rates along y. Shape (N,), 0 to 1.
    """

    label: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.x.ndim != 1 or self.x.shape != self.y.shape:
            raise ValueError(f"x and y must have one shape (N,), got {self.x.shape} and {self.y.shape}")


def curve_svg(
    curves: Sequence[Curve],
    *,
    x_label: str = "false match rate",
    y_label: str = "false non-match rate",
    floor: float = 1e-4,
    title: str = "Detection error trade-off",
) -> str:
    """Draw error rates against each other on logarithmic axes.

    Args:
        curves: The lines; told apart by colour and by dashes.
        x_label: Title of the x axis.
        y_label: Title of the y axis.
        floor: Smallest rate on the axes, above 0 and below 1; smaller ones and 0 are drawn there.
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
    return picture(
        draw_axes(
            FRAME,
            across,
            upward,
            x_label=x_label,
            y_label=y_label,
            x_text=percent,
            y_text=percent,
        ),
        _equal_errors(),
        *(_line(curve, place, across, upward) for place, curve in enumerate(curves)),
        *(_key(curve, place) for place, curve in enumerate(curves)),
        width=WIDTH,
        height=HEIGHT,
        title=title,
        description=f"{y_label} over {x_label}: {', '.join(curve.label for curve in curves) or 'no curve'}.",
    )


def percent(rate: float) -> str:
    """A rate as people read it: ``0.1 %``."""
    return f"{100 * rate:g} %"


def _equal_errors() -> str:
    """The diagonal on which both rates are equal."""
    way = f"M{FRAME.left} {FRAME.bottom}L{FRAME.right} {FRAME.top}"
    return element("path", d=way, stroke="currentColor", stroke_width=0.8, opacity=0.35)


def _line(curve: Curve, place: int, across: Scale, upward: Scale) -> str:
    """Steps of a curve; points that fall on one spot of the picture are drawn once."""
    spots = [
        f"{across.place(x):.1f} {upward.place(y):.1f}"
        for x, y in zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    ]
    distinct = list(dict.fromkeys(spots))
    return element(
        "path",
        d="M" + "L".join(distinct) if distinct else "",
        fill="none",
        stroke=palette.CURVES[place % len(palette.CURVES)],
        stroke_width=2.0,
        stroke_dasharray=palette.DASHES[place % len(palette.DASHES)],
        stroke_linejoin="round",
    )


def _key(curve: Curve, place: int) -> str:
    y = FRAME.top + 16 + 18 * place
    sample = element(
        "path",
        d=f"M{FRAME.right - 190} {y - 4}h28",
        stroke=palette.CURVES[place % len(palette.CURVES)],
        stroke_width=2.5,
        stroke_dasharray=palette.DASHES[place % len(palette.DASHES)],
    )
    return sample + words(curve.label, FRAME.right - 154, y)
