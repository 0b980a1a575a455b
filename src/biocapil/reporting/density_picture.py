"""The diagram of how alike mated and non-mated pairs are, with a threshold that a page's script can move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting import palette
from biocapil.reporting.array_checks import check_lengths, check_range, check_rising
from biocapil.reporting.axes import Scale
from biocapil.reporting.axis_data import axis_data
from biocapil.reporting.diagram import Frame, draw_axes, draw_note
from biocapil.reporting.histogram_picture import EMPTY_BIN, Threshold, count_scale, span_words
from biocapil.reporting.key import SAMPLE, KeyItem, draw_key, key_bottom
from biocapil.reporting.markup import element, number, picture, text
from biocapil.reporting.similarity_axis import similarity_scale
from biocapil.reporting.threshold_lines import draw_thresholds, label_room
from biocapil.reporting.tick_words import plain, short_count

WIDTH = 724.0
FRAME = Frame(bottom=320.0)
SLIDER_ROOM = 6.0
"""How far the movable line stands out of the frame, user units."""


def density_svg(
    edges: NDArray[np.float64],
    mated: NDArray[np.int64],
    nonmated: NDArray[np.int64],
    *,
    thresholds: Sequence[Threshold] = (),
    slider: float | None = None,
    title: str = "Similarity of mated and non-mated pairs",
) -> str:
    """Draw the similarity of mated and of non-mated pairs over one axis, counts on a logarithmic one.

    The root carries ``data-left``, ``data-right``, ``data-low``, ``data-high`` and ``data-scale``, from
    which a script finds the similarity at an x; the element of class ``slider`` is a vertical line that it
    may move by ``x1`` and ``x2``.

    Args:
        edges: Borders of the bins that both share, rising; the last may be infinite. Shape (B + 1,),
            float64. Bins of unequal width stand on a logarithmic axis.
        mated: Mated pairs in each bin. Shape (B,), int64; drawn as an outline.
        nonmated: Non-mated pairs in each bin. Shape (B,), int64; drawn as bars.
        thresholds: Lines to draw, each with its name.
        slider: Similarity at which the movable line stands; None stands for the first threshold, and
            without one there is no movable line.
        title: Name of the picture.

    Returns:
        A self-contained SVG document.

    Raises:
        ValueError: The shapes do not fit, there is no bin, the edges do not rise or hold none above 0, a
            count is below 0, or a threshold is not finite.

    Reference: ISO/IEC 19795-1:2021, 11.
    """
    _check(edges, mated, nonmated)
    marks = [threshold.similarity for threshold in thresholds]
    place = slider if slider is not None else next(iter(marks), None)
    shown = marks if place is None else [*marks, place]
    if not np.isfinite(shown).all():
        raise ValueError(f"thresholds and slider must be finite, got {shown}")
    across = similarity_scale(edges, mated + nonmated, shown, start=FRAME.left, end=FRAME.right)
    frame = replace(FRAME, top=label_room(thresholds, across))
    upward = count_scale(frame, np.concatenate([mated, nonmated]), log=True)
    items = _key_items()
    return picture(
        draw_axes(
            frame, across, upward, x_label="similarity", y_label="pairs", x_text=plain, y_text=short_count
        ),
        _bars(edges, nonmated, across, upward),
        _outline(edges, mated, across, upward),
        "" if mated.any() or nonmated.any() else draw_note(frame, "no pairs to draw"),
        draw_thresholds(thresholds, across, frame),
        _slider(place, across, frame),
        draw_key(items, frame),
        width=WIDTH,
        height=key_bottom(items, frame),
        title=title,
        description=_description(mated, nonmated, thresholds),
        **axis_data(across),
    )


def _check(edges: NDArray[np.float64], mated: NDArray[np.int64], nonmated: NDArray[np.int64]) -> None:
    check_lengths(mated=mated, nonmated=nonmated)
    if edges.shape != (len(mated) + 1,) or not len(mated):
        raise ValueError(
            f"got edges of shape {edges.shape} for {len(mated)} bins; need one more edge than bins, and a bin"
        )
    check_rising("edges", edges)
    if not (np.isfinite(edges) & (edges > 0)).any():
        raise ValueError(f"edges must hold a finite similarity above 0, got {edges.tolist()}")
    check_range("mated", mated, 0, np.inf)
    check_range("nonmated", nonmated, 0, np.inf)


def _bars(edges: NDArray[np.float64], counts: NDArray[np.int64], across: Scale, upward: Scale) -> str:
    """Non-mated pairs: a bar for each bin that holds one."""
    bottom = upward.place(EMPTY_BIN)
    bars: list[str] = []
    for (low, high), count in zip(pairwise(edges.tolist()), counts.tolist(), strict=True):
        if not count:
            continue
        left, right, top = across.place(low), across.place(high), upward.place(count)
        told = f"{count:,} non-mated pairs {span_words(low, high)}"
        width = max(right - left - 0.6, 0.6)
        bars.append(
            element("rect", element("title", text(told)), x=left, y=top, width=width, height=bottom - top)
        )
    return element("g", *bars, fill=palette.NON_MATED, class_="nonmated")


def _outline(edges: NDArray[np.float64], counts: NDArray[np.int64], across: Scale, upward: Scale) -> str:
    """Mated pairs: one outline in steps over all bins, light inside."""
    bottom = number(upward.place(EMPTY_BIN))
    way = f"M{number(across.place(float(edges[0])))} {bottom}"
    for right, count in zip(edges[1:].tolist(), counts.tolist(), strict=True):
        way += f"V{number(upward.place(count))}H{number(across.place(right))}"
    return element(
        "path",
        d=f"{way}V{bottom}",
        fill=palette.MATED,
        fill_opacity="0.22",
        stroke=palette.MATED,
        stroke_width=2.0,
        class_="mated",
    )


def _slider(similarity: float | None, across: Scale, frame: Frame) -> str:
    if similarity is None:
        return ""
    x = across.place(similarity)
    return element(
        "line",
        x1=x,
        x2=x,
        y1=frame.top - SLIDER_ROOM,
        y2=frame.bottom + SLIDER_ROOM,
        stroke="currentColor",
        stroke_width=1.5,
        class_="slider",
    )


def _key_items() -> tuple[KeyItem, KeyItem]:
    bar = element("rect", x=0.0, y=-6.0, width=SAMPLE, height=12.0, fill=palette.NON_MATED)
    outline = element(
        "path",
        d=f"M1 6V-5H{SAMPLE - 1:g}V6",
        fill=palette.MATED,
        fill_opacity="0.22",
        stroke=palette.MATED,
        stroke_width=2.0,
    )
    return KeyItem(label="non-mated pairs", sample=bar), KeyItem(label="mated pairs", sample=outline)


def _description(
    mated: NDArray[np.int64], nonmated: NDArray[np.int64], thresholds: Sequence[Threshold]
) -> str:
    told = f"{int(mated.sum()):,} mated and {int(nonmated.sum()):,} non-mated pairs in {len(mated)} bins."
    lines = "; ".join(f"{line.name} from {line.similarity:g}" for line in thresholds)
    return f"{told} Thresholds: {lines}." if lines else told
