"""Vertical lines at thresholds, their names above the frame in as many rows as needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from biocapil.reporting.axes import Scale
from biocapil.reporting.diagram import Frame
from biocapil.reporting.histogram_picture import Threshold
from biocapil.reporting.markup import element, number
from biocapil.reporting.text_room import SMALL, fitted_words, text_width

TOP = 20.0
"""Top of a frame without a threshold, user units."""
ROW = 15.0
GAP = 4.0
"""Between a line and its name, user units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where a name stands: beside the upper end of its line at `x`."""

    x: float
    left: float
    right: float
    row: int

    def disturbs(self, other: _Spot) -> bool:
        """Whether a name or a line of one runs through the name of the other."""
        if self.row == other.row:
            return self.left < other.right + GAP and other.left < self.right + GAP
        upper, lower = (self, other) if self.row > other.row else (other, self)
        return lower.left - GAP < upper.x < lower.right + GAP


def label_room(thresholds: Sequence[Threshold], across: Scale) -> float:
    """Where the frame has to begin so that all names stand above it, user units."""
    return TOP + ROW * (1 + max((spot.row for spot in _spots(thresholds, across)), default=-1))


def draw_thresholds(thresholds: Sequence[Threshold], across: Scale, frame: Frame) -> str:
    """Draw each threshold as a dashed line up to its name.

    Args:
        thresholds: The lines.
        across: Scale of the x axis.
        frame: The frame; its top is `label_room`.
    """
    drawn: list[str] = []
    for threshold, spot in zip(thresholds, _spots(thresholds, across), strict=True):
        baseline = frame.top - 9 - ROW * spot.row
        x = number(spot.x)
        drawn += [
            element(
                "path",
                d=f"M{x} {number(baseline - 9)}V{number(frame.bottom)}",
                stroke=threshold.colour,
                stroke_width=2.0,
                stroke_dasharray="6 3",
                class_="threshold",
            ),
            fitted_words(_name(threshold), spot.left, baseline, room=spot.right - spot.left, font_size=SMALL),
        ]
    return "".join(drawn)


def _name(threshold: Threshold) -> str:
    return f"{threshold.name} ≥ {threshold.similarity:g}"


def _spots(thresholds: Sequence[Threshold], across: Scale) -> list[_Spot]:
    """Places of the names, from the rightmost line on: each in the lowest row where it is undisturbed."""
    order = sorted(range(len(thresholds)), key=lambda at: -thresholds[at].similarity)
    spots: dict[int, _Spot] = {}
    for at in order:
        x = across.place(thresholds[at].similarity)
        left, right = _span(x, text_width(_name(thresholds[at]), SMALL), across)
        choices = [_Spot(x=x, left=left, right=right, row=row) for row in range(len(spots) + 1)]
        free = [one for one in choices if not any(one.disturbs(other) for other in spots.values())]
        spots[at] = (free or choices[-1:])[0]
    return [spots[at] for at in range(len(thresholds))]


def _span(x: float, width: float, across: Scale) -> tuple[float, float]:
    """Ends of a name: to the right of its line, or to the left where there is more room."""
    if x + GAP + width <= across.end or across.end - x >= x - across.start:
        return x + GAP, min(x + GAP + width, across.end)
    return max(x - GAP - width, across.start), x - GAP
