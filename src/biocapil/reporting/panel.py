"""`Panel`: the rectangle of a drawing that shows one print, in true proportion."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.reporting import palette
from biocapil.reporting.markup import element
from biocapil.reporting.print_image import print_data_uri
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate

UM_PER_MM = 1000.0
SCALE_BAR_MM = 5.0
PRINT_OPACITY = 0.75
"""Ridges a little fainter than ink, so that the marks stand out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Where a print lies in a drawing.

    Attributes:
        left: x of the panel in user units.
        top: y of the panel in user units.
        extent_um: Width and height of the print, micrometres.
        units_per_um: Scale.
    """

    left: float
    top: float
    extent_um: tuple[float, float]
    units_per_um: float

    @property
    def width(self) -> float:
        """Width in user units."""
        return self.extent_um[0] * self.units_per_um

    @property
    def height(self) -> float:
        """Height in user units."""
        return self.extent_um[1] * self.units_per_um

    def point(self, x_um: float, y_um: float) -> tuple[float, float]:
        """Place of a position of the print in the drawing."""
        return self.left + x_um * self.units_per_um, self.top + y_um * self.units_per_um


def drawn_extent_um(template: FingerprintTemplate, image: CapturedSample | None) -> tuple[float, float]:
    """Width and height that hold both the template's area and the print, micrometres."""
    width, height = template.extent_um
    if image is None:
        return width, height
    rows, columns = image.pixels.shape
    return max(width, columns * image.um_per_px), max(height, rows * image.um_per_px)


def scale_to_fit(side: float, *extents_um: tuple[float, float]) -> float:
    """Largest scale, in user units a micrometre, at which every extent fits into a square."""
    return side / max(max(extent) for extent in extents_um)


def panel_background(panel: Panel, image: CapturedSample | None) -> str:
    """Paper, print and a bar of five millimetres."""
    frame = {
        "x": panel.left,
        "y": panel.top,
        "width": panel.width,
        "height": panel.height,
    }
    paper = element("rect", **frame, fill=palette.PAPER, stroke="#9a9a9a", stroke_width=0.75)
    return paper + _print(panel, image) + _scale_bar(panel)


def _print(panel: Panel, image: CapturedSample | None) -> str:
    """The print in its own size: pixels, not the frame, say how large it is."""
    if image is None:
        return ""
    rows, columns = image.pixels.shape
    unit = image.um_per_px * panel.units_per_um
    return element(
        "image",
        href=print_data_uri(image),
        class_="print",
        x=panel.left,
        y=panel.top,
        width=columns * unit,
        height=rows * unit,
        opacity=PRINT_OPACITY,
        preserveAspectRatio="none",
    )


def _scale_bar(panel: Panel) -> str:
    length = SCALE_BAR_MM * UM_PER_MM * panel.units_per_um
    if length > panel.width - 12:
        return ""
    right, y = panel.left + panel.width - 6, panel.top + panel.height - 7
    bar = f"M{right - length:.2f} {y:.2f}H{right:.2f}"
    halo = element("path", d=bar, stroke=palette.HALO, stroke_width=5.0, opacity=0.85)
    line = element("path", d=bar, stroke="#111111", stroke_width=1.75)
    label = element(
        "text",
        "5 mm",
        x=right - length / 2,
        y=y - 4,
        font_size=9.0,
        text_anchor="middle",
        fill="#111111",
        stroke=palette.HALO,
        stroke_width=2.5,
        paint_order="stroke",
    )
    return halo + line + label
