"""Marks of minutiae: a circle for an ending, a square for a bifurcation, a diamond for the rest.

The tick points in the minutia's direction, so that a wrong angle convention is seen at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from biocapil.reporting import palette
from biocapil.reporting.markup import element
from biocapil.reporting.panel import Panel
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import MinutiaType

RADIUS = 3.4
TICK = 11.0

COLOURS = {
    MinutiaType.ENDING: palette.ENDING,
    MinutiaType.BIFURCATION: palette.BIFURCATION,
    MinutiaType.OTHER: palette.OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One minutia in the drawing.

    Attributes:
        x: Place, user units.
        y: Place, user units, down.
        angle_rad: Direction, counter-clockwise from the positive x axis.
        kind: Kind of the minutia.
    """

    x: float
    y: float
    angle_rad: float
    kind: MinutiaType


def marks_of(template: FingerprintTemplate, panel: Panel) -> tuple[Mark, ...]:
    """Marks of all minutiae of a template, in its order."""
    return tuple(_marks(template, panel))


def draw_mark(mark: Mark, colour: str, *, opacity: float = 1.0, scale: float = 1.0) -> str:
    """Draw one mark with a light rim, so that it is seen on ridges and on paper.

    Args:
        mark: What and where.
        colour: Colour of the line.
        opacity: 0 to 1.
        scale: Size; 1 is a radius of 3.4 user units.
    """
    outline = _outline(mark, RADIUS * scale, TICK * scale)
    rim = element("path", d=outline, stroke=palette.HALO, stroke_width=3.2, opacity=0.8)
    line = element("path", d=outline, stroke=colour, stroke_width=1.5)
    return element("g", rim, line, fill="none", opacity=None if opacity == 1 else opacity)


def _marks(template: FingerprintTemplate, panel: Panel) -> Iterator[Mark]:
    for (x_um, y_um), angle, kind in zip(
        template.positions_um.tolist(),
        template.angles_rad.tolist(),
        template.kinds.tolist(),
        strict=True,
    ):
        x, y = panel.point(x_um, y_um)
        yield Mark(x=x, y=y, angle_rad=angle, kind=MinutiaType(kind))


def _outline(mark: Mark, radius: float, tick: float) -> str:
    """Path of the shape and its tick; y points down, so the sine is subtracted."""
    right, up = math.cos(mark.angle_rad), math.sin(mark.angle_rad)
    start = (mark.x + radius * right, mark.y - radius * up)
    end = (mark.x + tick * right, mark.y - tick * up)
    return f"{_shape(mark, radius)}M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"


def _shape(mark: Mark, radius: float) -> str:
    x, y = mark.x, mark.y
    if mark.kind is MinutiaType.ENDING:
        arc = f"a{radius:.1f} {radius:.1f} 0 1 0"
        return f"M{x - radius:.1f} {y:.1f}{arc} {2 * radius:.1f} 0{arc} {-2 * radius:.1f} 0"
    if mark.kind is MinutiaType.BIFURCATION:
        side = 2 * radius * 0.92
        return f"M{x - side / 2:.1f} {y - side / 2:.1f}h{side:.1f}v{side:.1f}h{-side:.1f}z"
    reach = radius * 1.25
    return (
        f"M{x:.1f} {y - reach:.1f}l{reach:.1f} {reach:.1f}l{-reach:.1f} {reach:.1f}"
        f"l{-reach:.1f} {-reach:.1f}z"
    )
