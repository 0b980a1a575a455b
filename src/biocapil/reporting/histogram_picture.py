"""The diagram of how alike all compared pairs are, with the policy's thresholds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting import palette
from biocapil.reporting.axes import LinearScale, LogScale, Scale
from biocapil.reporting.diagram import Frame, draw_axes
from biocapil.reporting.markup import element, number, picture, text, words
from biocapil.reporting.similarity_axis import similarity_scale

WIDTH = 720.0
HEIGHT = 318.0
EMPTY_BIN = 0.5
"""Bottom of the logarithmic axis: half a pair, so that a bin of one pair still shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A line across a histogram.

    Attributes:
        name: Word beside the line.
        similarity: Where it stands.
        colour: Its colour.
    """

    name: str
    similarity: float
    colour: str = palette.REVIEW


def alone_thresholds(alone: tuple[float, float]) -> tuple[Threshold, ...]:
    """Similarities from which one finger alone goes to review, or is a duplicate; finite ones only."""
    names = (("review", palette.REVIEW), ("duplicate", palette.DUPLICATE))
    return tuple(
        Threshold(name=name, similarity=similarity, colour=colour)
        for (name, colour), similarity in zip(names, alone, strict=True)
        if math.isfinite(similarity)
    )


def histogram_svg(
    edges: NDArray[np.float64],
    counts: NDArray[np.int64],
    *,
    thresholds: Sequence[Threshold] = (),
    log: bool = True,
    title: str = "Similarity of all compared pairs",
) -> str:
    """Draw a histogram of similarity scores.

    Args:
        edges: Borders of the bins, rising; the last may be infinite. Shape (B + 1,), float64. Bins of
            unequal width stand on a logarithmic axis.
        counts: Pairs in each bin. Shape (B,), int64.
        thresholds: Lines to draw, rising.
        log: Whether the counts stand on a logarithmic axis, so that single pairs show beside millions.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: There is not one edge more than there are counts.
    """
    if len(edges) != len(counts) + 1:
        raise ValueError(f"got {len(edges)} edges for {len(counts)} bins; need one more edge than bins")
    frame = Frame()
    horizontal = similarity_scale(
        edges,
        counts,
        [threshold.similarity for threshold in thresholds],
        start=frame.left,
        end=frame.right,
    )
    vertical = count_scale(frame, counts, log=log)
    return picture(
        draw_axes(
            frame,
            horizontal,
            vertical,
            x_label="similarity",
            y_label="pairs",
            x_text=lambda value: f"{value:g}",
            y_text=lambda value: f"{value:,.0f}",
        ),
        _bars(edges, counts, horizontal, vertical),
        *(
            _line(frame, horizontal, threshold, leftward=place == 0)
            for place, threshold in enumerate(thresholds)
        ),
        width=WIDTH,
        height=HEIGHT,
        title=title,
        description=_description(edges, counts, thresholds),
    )


def count_scale(frame: Frame, counts: NDArray[np.int64], *, log: bool) -> Scale:
    """Axis of the counts, from half a pair or from 0 to a little beyond the fullest bin."""
    most = max(1.0, float(counts.max(initial=0)))
    if log:
        return LogScale(low=EMPTY_BIN, high=most * 1.6, start=frame.bottom, end=frame.top)
    return LinearScale(low=0.0, high=most * 1.05, start=frame.bottom, end=frame.top)


def _bars(edges: NDArray[np.float64], counts: NDArray[np.int64], horizontal: Scale, vertical: Scale) -> str:
    bottom = vertical.place(0.0)
    bars: list[str] = []
    for (low, high), count in zip(pairwise(edges.tolist()), counts.tolist(), strict=True):
        if not count:
            continue
        left, right, top = horizontal.place(low), horizontal.place(high), vertical.place(count)
        told = f"{count:,} pairs {span_words(low, high)}"
        bars.append(
            element(
                "rect",
                element("title", text(told)),
                x=left,
                y=top,
                width=max(right - left - 0.6, 0.6),
                height=bottom - top,
            )
        )
    return element("g", *bars, fill=palette.SKY)


def span_words(low: float, high: float) -> str:
    """Ends of a bin in words; the last one may have no upper end."""
    return f"from {low:g} to {high:g}" if math.isfinite(high) else f"from {low:g} on"


def _line(frame: Frame, horizontal: Scale, threshold: Threshold, *, leftward: bool) -> str:
    """A threshold with its name on one side, so that two that stand close keep both names."""
    x = horizontal.place(threshold.similarity)
    line = element(
        "path",
        d=f"M{number(x)} {frame.top - 8}V{frame.bottom}",
        stroke=threshold.colour,
        stroke_width=2.0,
        stroke_dasharray="6 3",
    )
    label = f"{threshold.name} ≥ {threshold.similarity:g}"
    anchor, shift = ("end", -5) if leftward else ("start", 5)
    return line + words(label, x + shift, frame.top - 3, text_anchor=anchor, font_size=11.0)


def _description(
    edges: NDArray[np.float64], counts: NDArray[np.int64], thresholds: Sequence[Threshold]
) -> str:
    total = f"{int(counts.sum()):,} pairs in {len(counts)} bins {span_words(edges[0], edges[-1])}."
    lines = "; ".join(f"{line.name} from {line.similarity:g}" for line in thresholds)
    return f"{total} Thresholds: {lines}." if lines else total
