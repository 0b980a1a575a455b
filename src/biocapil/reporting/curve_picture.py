"""The diagram of error rates against each other: a detection error trade-off (DET) curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting.array_checks import check_lengths, check_range
from biocapil.reporting.axes import AxisKind, LinearScale, LogScale, NormalDeviateScale, Scale
from biocapil.reporting.axis_data import axis_data
from biocapil.reporting.diagram import Frame, draw_axes, draw_note
from biocapil.reporting.key import KeyItem, draw_key, key_bottom, line_sample
from biocapil.reporting.lines import Band, draw_band, draw_line, runs, style_of
from biocapil.reporting.markup import element, picture, text
from biocapil.reporting.point_labels import PointLabel, draw_point_labels
from biocapil.reporting.spots import draw_spot
from biocapil.reporting.tick_words import rate_words, rounded_percent

WIDTH = 568.0
FRAME = Frame(right=540.0, bottom=470.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """A point of a curve that is marked and named, such as a threshold.

    Attributes:
        label: Word beside the point.
        x: Error rate along x, 0 to 1.
        y: Error rate along y, 0 to 1.
    """

    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """One line of the diagram.

    Attributes:
        label: Word in the key.
        x: Error rates along x, rising or falling. Shape (N,), 0 to 1; NaN is a gap in the line.
        y: Error rates along y. Shape (N,), 0 to 1; NaN is a gap in the line.
        band: Confidence band, rates from 0 to 1; None draws none.
        points: Points to mark.

    Raises:
        ValueError: The shapes differ, or a rate lies outside 0 to 1.
    """

    label: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    band: Band | None = None
    points: tuple[CurvePoint, ...] = ()

    def __post_init__(self) -> None:
        check_lengths(x=self.x, y=self.y)
        check_range("x", self.x, 0, 1)
        check_range("y", self.y, 0, 1)
        for point in self.points:
            check_range("a marked point", np.array([point.x, point.y]), 0, 1)


def curve_svg(
    curves: Sequence[Curve],
    *,
    x_label: str = "false match rate",
    y_label: str = "false non-match rate",
    floor: float = 1e-4,
    ceiling: float | None = None,
    axes: AxisKind = AxisKind.LOG,
    diagonal: bool = True,
    title: str = "Detection error trade-off",
) -> str:
    """Draw error rates against each other.

    Args:
        curves: The lines; told apart by colour and by dashes.
        x_label: Title of the x axis.
        y_label: Title of the y axis.
        floor: Smallest rate on the axes, above 0 and below 1; smaller ones and 0 are drawn there. Linear
            axes start at 0.
        ceiling: Largest rate on the axes, above `floor`; larger ones are drawn there. None stands for 1,
            on normal deviate axes for 1 - `floor`.
        axes: How both axes grow.
        diagonal: Whether the line of equal error rates is drawn.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: `floor` or `ceiling` is out of range.

    Reference: ISO/IEC 19795-1:2021, 11.
    """
    across, upward = _scales(axes, floor, ceiling)
    written = rate_words(floor)
    items = [
        KeyItem(label=curve.label, sample=line_sample(style_of(place), band=curve.band is not None))
        for place, curve in enumerate(curves)
    ]
    drawn = any(np.isfinite(curve.x + curve.y).any() for curve in curves)
    return picture(
        draw_axes(FRAME, across, upward, x_label=x_label, y_label=y_label, x_text=written, y_text=written),
        _equal_errors() if diagonal and drawn else "",
        *(
            draw_band(curve.band, across, upward, style_of(place).colour)
            for place, curve in enumerate(curves)
            if curve.band is not None
        ),
        *(
            draw_line(runs(curve.x, curve.y, across, upward), style_of(place))
            for place, curve in enumerate(curves)
        ),
        _points(curves, across, upward),
        "" if drawn else draw_note(FRAME, "no error rates to draw"),
        draw_key(items, FRAME),
        width=WIDTH,
        height=key_bottom(items, FRAME),
        title=title,
        description=f"{y_label} over {x_label}: {', '.join(curve.label for curve in curves) or 'no curve'}.",
        **axis_data(across),
    )


def _scales(axes: AxisKind, floor: float, ceiling: float | None) -> tuple[Scale, Scale]:
    if not 0 < floor < 1:
        raise ValueError(f"floor must lie between 0 and 1, got {floor!r}")
    most = 1.0 - floor if axes is AxisKind.NORMAL_DEVIATE else 1.0
    high = most if ceiling is None else ceiling
    if not floor < high <= 1 or (high >= 1 and axes is AxisKind.NORMAL_DEVIATE):
        raise ValueError(f"ceiling must lie above floor, {floor!r}, and up to {most!r}, got {high!r}")
    if axes is AxisKind.LINEAR:
        return (
            LinearScale(low=0.0, high=high, start=FRAME.left, end=FRAME.right),
            LinearScale(low=0.0, high=high, start=FRAME.bottom, end=FRAME.top),
        )
    kind = LogScale if axes is AxisKind.LOG else NormalDeviateScale
    return (
        kind(low=floor, high=high, start=FRAME.left, end=FRAME.right),
        kind(low=floor, high=high, start=FRAME.bottom, end=FRAME.top),
    )


def _equal_errors() -> str:
    """The diagonal on which both rates are equal."""
    way = f"M{FRAME.left} {FRAME.bottom}L{FRAME.right} {FRAME.top}"
    return element("path", d=way, stroke="currentColor", stroke_width=0.8, opacity=0.35, class_="diagonal")


def _points(curves: Sequence[Curve], across: Scale, upward: Scale) -> str:
    """Marked points of all curves with their words."""
    drawn: list[str] = []
    labels: list[PointLabel] = []
    for place, curve in enumerate(curves):
        for point in curve.points:
            x, y = across.place(point.x), upward.place(point.y)
            told = element(
                "title", text(f"{point.label}: {rounded_percent(point.x)}, {rounded_percent(point.y)}")
            )
            drawn.append(draw_spot(place, x, y, style_of(place).colour, told=told))
            labels.append(PointLabel(x=x, y=y, content=point.label))
    return "".join(drawn) + draw_point_labels(labels, FRAME)
