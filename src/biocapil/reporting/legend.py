"""The legend below a drawing: each shape with its word and its count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from biocapil.reporting.markup import words
from biocapil.reporting.minutia_marks import COLOURS, Mark, draw_mark
from biocapil.reporting.text_room import text_width
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import MinutiaType

NAMES = {
    MinutiaType.ENDING: ("ridge ending", "ridge endings"),
    MinutiaType.BIFURCATION: ("bifurcation", "bifurcations"),
    MinutiaType.OTHER: ("of another kind", "of another kind"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendItem:
    """One line of a legend.

    Attributes:
        kind: Shape.
        colour: Colour of the shape.
        label: Words beside it.
    """

    kind: MinutiaType
    colour: str
    label: str


def kind_items(template: FingerprintTemplate) -> tuple[LegendItem, ...]:
    """Each kind that a template holds, with its count."""
    counts = {kind: int((template.kinds == kind).sum()) for kind in NAMES}
    return tuple(
        LegendItem(kind=kind, colour=COLOURS[kind], label=f"{count} {NAMES[kind][count != 1]}")
        for kind, count in counts.items()
        if count
    )


def draw_legend(items: Sequence[LegendItem], *, left: float, baseline: float) -> str:
    """Draw the items in one row."""
    drawn: list[str] = []
    x = left
    for item in items:
        mark = Mark(x=x + 5, y=baseline - 4, angle_rad=0.0, kind=item.kind)
        drawn += [draw_mark(mark, item.colour), words(item.label, x + 21, baseline)]
        x += 21 + text_width(item.label) + 16
    return "".join(drawn)
