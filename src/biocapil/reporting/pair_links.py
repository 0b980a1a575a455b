"""Paired minutiae of two prints: the same number on both, and a line between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from biocapil.reporting import palette
from biocapil.reporting.markup import element, text
from biocapil.reporting.minutia_marks import Mark, draw_mark

if TYPE_CHECKING:  # the comparison room brings numba, which no drawing needs
    from biocapil.comparison.explanation import Explanation, PairedMinutiae

FAINTEST = 0.35
"""Opacity of a line whose pair has no weight at all."""


def draw_links(explanation: Explanation, probe: Sequence[Mark], reference: Sequence[Mark]) -> str:
    """Draw every pair: a line as strong as the pair's weight, both marks, and its number.

    Args:
        explanation: The pairs, heaviest first; the heaviest is number 1.
        probe: Marks of all minutiae of the probe.
        reference: Marks of all minutiae of the reference.
    """
    return "".join(
        _link(place, pair, probe[pair.probe_index], reference[pair.reference_index])
        for place, pair in enumerate(explanation.pairs, start=1)
    )


def draw_unpaired(marks: Sequence[Mark], paired: set[int]) -> str:
    """Draw the minutiae that found no partner, small and grey."""
    faint = [
        draw_mark(mark, palette.UNPAIRED, opacity=0.6, scale=0.75)
        for index, mark in enumerate(marks)
        if index not in paired
    ]
    return element("g", *faint, class_="unpaired")


def _link(place: int, pair: PairedMinutiae, first: Mark, second: Mark) -> str:
    told = (
        f"Pair {place}: {pair.distance_um:.0f} µm and "
        f"{math.degrees(pair.angle_difference_rad):.0f}° apart after alignment, weight {pair.weight:.2f}"
    )
    line = element(
        "line",
        class_="link",
        x1=first.x,
        y1=first.y,
        x2=second.x,
        y2=second.y,
        stroke=palette.PAIRED,
        stroke_width=0.9,
        opacity=FAINTEST + (1 - FAINTEST) * min(max(pair.weight, 0.0), 1.0) * 0.6,
    )
    marks = draw_mark(first, palette.PAIRED) + draw_mark(second, palette.PAIRED)
    numbers = _number(place, first) + _number(place, second)
    return element("g", element("title", text(told)), line, marks, numbers, class_="paired")


def _number(place: int, mark: Mark) -> str:
    """The pair's number, on the side of the mark away from its tick."""
    return element(
        "text",
        str(place),
        class_="number",
        x=mark.x - 9 * math.cos(mark.angle_rad),
        y=mark.y + 9 * math.sin(mark.angle_rad) + 2.8,
        font_size=8.0,
        font_weight="600",
        text_anchor="middle",
        fill="#003d2c",
        stroke=palette.HALO,
        stroke_width=2.2,
        paint_order="stroke",
    )
