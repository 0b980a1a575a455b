"""The third panel of a pair: both sets of minutiae in the probe's frame, after alignment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from biocapil.reporting import palette
from biocapil.reporting.markup import element
from biocapil.reporting.minutia_marks import Mark, draw_mark, marks_of
from biocapil.reporting.panel import Panel, panel_background

if TYPE_CHECKING:  # the comparison room brings numba, which no drawing needs
    from biocapil.comparison.explanation import Explanation
from biocapil.template import FingerprintTemplate


def draw_alignment(
    panel: Panel,
    probe: FingerprintTemplate,
    reference: FingerprintTemplate,
    explanation: Explanation,
) -> str:
    """Draw the reference's minutiae where the alignment puts them on the probe's.

    Args:
        panel: Panel of the probe's extent.
        probe: Template of the probe.
        reference: Template of the reference.
        explanation: The alignment and the pairs.
    """
    fixed = marks_of(probe, panel)
    moved = _moved(reference, panel, explanation)
    inside = "".join(
        [
            _joints(explanation, fixed, moved),
            _layer(fixed, palette.BLUE, {pair.probe_index for pair in explanation.pairs}),
            _layer(moved, palette.VERMILION, {pair.reference_index for pair in explanation.pairs}),
        ]
    )
    return panel_background(panel, None) + _clipped(panel, inside)


def _moved(reference: FingerprintTemplate, panel: Panel, explanation: Explanation) -> tuple[Mark, ...]:
    """Marks of the reference in the probe's frame (the formula stands at `Explanation`)."""
    cos, sin = math.cos(explanation.rotation_rad), math.sin(explanation.rotation_rad)
    shift_x, shift_y = explanation.translation_um
    marks = marks_of(reference, panel)
    moved: list[Mark] = []
    for mark, (x_um, y_um) in zip(marks, reference.positions_um.tolist(), strict=True):
        x, y = panel.point(cos * x_um + sin * y_um + shift_x, cos * y_um - sin * x_um + shift_y)
        moved.append(replace(mark, x=x, y=y, angle_rad=mark.angle_rad + explanation.rotation_rad))
    return tuple(moved)


def _layer(marks: Sequence[Mark], colour: str, paired: set[int]) -> str:
    return "".join(
        draw_mark(mark, colour, opacity=1.0 if index in paired else 0.3, scale=0.8)
        for index, mark in enumerate(marks)
    )


def _joints(explanation: Explanation, fixed: Sequence[Mark], moved: Sequence[Mark]) -> str:
    """The distance that alignment left between the two of each pair."""
    steps = [
        f"M{fixed[pair.probe_index].x:.1f} {fixed[pair.probe_index].y:.1f}"
        f"L{moved[pair.reference_index].x:.1f} {moved[pair.reference_index].y:.1f}"
        for pair in explanation.pairs
    ]
    return element("path", d="".join(steps), stroke=palette.PAIRED, stroke_width=2.5, fill="none")


def _clipped(panel: Panel, inside: str) -> str:
    """A nested drawing cuts off what alignment moved beyond the panel."""
    box = " ".join(f"{value:.2f}" for value in (panel.left, panel.top, panel.width, panel.height))
    return element(
        "svg",
        inside,
        class_="aligned",
        x=panel.left,
        y=panel.top,
        width=panel.width,
        height=panel.height,
        viewBox=box,
    )
