"""The picture of one template: its minutiae over the print."""

from __future__ import annotations

from biocapil.reporting.legend import draw_legend, kind_items
from biocapil.reporting.markup import element, picture, words
from biocapil.reporting.minutia_marks import COLOURS, draw_mark, marks_of
from biocapil.reporting.panel import (
    UM_PER_MM,
    Panel,
    drawn_extent_um,
    panel_background,
    scale_to_fit,
)
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate

SIDE = 520.0
MARGIN = 12.0
MIN_WIDTH = 440.0


def template_svg(
    template: FingerprintTemplate, *, image: CapturedSample | None = None, title: str = ""
) -> str:
    """Draw the minutiae of a template.

    Args:
        template: The template.
        image: The sample it was made from, to be drawn below the minutiae.
        title: Heading; left out where empty.

    Returns:
        A self-contained SVG document without references to anything outside.

    Raises:
        MissingPart: An image is given and Pillow is not installed.
    """
    top = MARGIN + (22.0 if title else 0.0)
    extent_um = drawn_extent_um(template, image)
    panel = Panel(left=MARGIN, top=top, extent_um=extent_um, units_per_um=scale_to_fit(SIDE, extent_um))
    below = top + panel.height
    marks = [draw_mark(mark, COLOURS[mark.kind]) for mark in marks_of(template, panel)]
    return picture(
        words(title, MARGIN, MARGIN + 10, font_size=14.0, font_weight="600") if title else "",
        panel_background(panel, image),
        element("g", *marks, class_="minutiae"),
        draw_legend(kind_items(template), left=MARGIN, baseline=below + 20),
        words(_caption(template), MARGIN, below + 40, opacity=0.75),
        width=max(panel.width, MIN_WIDTH) + 2 * MARGIN,
        height=below + 50,
        title=title or "Fingerprint template",
        description=_description(template, image),
    )


def _caption(template: FingerprintTemplate) -> str:
    width_mm, height_mm = (side / UM_PER_MM for side in template.extent_um)
    return f"{len(template)} minutiae · {width_mm:.1f} × {height_mm:.1f} mm · model {template.model_id}"


def _description(template: FingerprintTemplate, image: CapturedSample | None) -> str:
    counts = ", ".join(item.label for item in kind_items(template)) or "no minutiae"
    ground = "over the print" if image is not None else "without the print"
    return (
        f"Minutiae drawn {ground}: {counts}. Circles are ridge endings, squares bifurcations, "
        "diamonds others; ticks show directions."
    )
