"""The picture of where a print is good and where it is poor: cells in four colours over the print."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from biocapil.quality import Language, QualityMap, sentence
from biocapil.quality_report import QualityReport
from biocapil.reporting import palette
from biocapil.reporting.markup import element, picture, words
from biocapil.reporting.panel import Panel, panel_background, scale_to_fit
from biocapil.sample import CapturedSample

SIDE = 520.0
MARGIN = 12.0
MIN_WIDTH = 560.0
LINE = 18.0
CLASSES = (
    (25.0, palette.VERMILION, "below 25"),
    (50.0, palette.ORANGE, "25 to 50"),
    (75.0, palette.SKY, "50 to 75"),
    (np.inf, palette.GREEN, "75 and above"),
)
"""Upper border, colour and words of each class of cells."""

OPACITY = 0.45
KEY_STEP = 120.0


def quality_map_svg(
    sample: CapturedSample,
    quality: QualityMap,
    *,
    report: QualityReport | None = None,
    language: Language = Language.ENGLISH,
    title: str = "",
) -> str:
    """Draw the quality of each place over the print.

    Args:
        sample: The print.
        quality: Its map, from `quality.quality_map`.
        report: Its quality, told below the print where given.
        language: Language of the advice.
        title: Heading; left out where empty.

    Returns:
        A self-contained SVG document without references to anything outside.

    Raises:
        MissingPart: Pillow is not installed.
    """
    top = MARGIN + (22.0 if title else 0.0)
    rows, columns = sample.pixels.shape
    extent_um = (columns * sample.um_per_px, rows * sample.um_per_px)
    panel = Panel(left=MARGIN, top=top, extent_um=extent_um, units_per_um=scale_to_fit(SIDE, extent_um))
    told = told_lines(report, language)
    below = top + panel.height + 8
    lines = [words(line, MARGIN, below + (at + 2) * LINE) for at, line in enumerate(told)]
    return picture(
        words(title, MARGIN, MARGIN + 10, font_size=14.0, font_weight="600") if title else "",
        panel_background(panel, sample),
        _cells(panel, quality),
        _key(below + LINE),
        *lines,
        width=max(panel.width, MIN_WIDTH) + 2 * MARGIN,
        height=below + (len(told) + 2) * LINE,
        title=title or "Quality of a fingerprint",
        description=_description(quality, report),
    )


def _cells(panel: Panel, quality: QualityMap) -> str:
    """Rectangles over each run of cells of one class in a row."""
    side = quality.cell_um * panel.units_per_um
    drawn: list[str] = []
    for row, classes in enumerate(cell_classes(quality.cells)):
        start = 0
        kinds: list[int] = classes.tolist()
        for kind, run in groupby(kinds):
            length = len(list(run))
            if kind >= 0:
                left, top = panel.left + start * side, panel.top + row * side
                width = min(length * side, panel.left + panel.width - left)
                height = min(side, panel.top + panel.height - top)
                drawn.append(
                    element("rect", x=left, y=top, width=width, height=height, fill=CLASSES[kind][1])
                )
            start += length
    return element("g", *drawn, opacity=OPACITY, class_="cells")


def cell_classes(cells: NDArray[np.float32]) -> NDArray[np.intp]:
    """Class of each cell, -1 beside the print."""
    borders = [border for border, _, _ in CLASSES[:-1]]
    found: NDArray[np.intp] = np.where(np.isnan(cells), -1, np.digitize(cells, borders))
    return found


def _key(baseline: float) -> str:
    drawn: list[str] = []
    for at, (_, colour, label) in enumerate(CLASSES):
        x = MARGIN + at * KEY_STEP
        drawn.append(
            element("rect", x=x, y=baseline - 10, width=12.0, height=12.0, fill=colour, opacity=OPACITY)
        )
        drawn.append(words(label, x + 18, baseline))
    return "".join(drawn)


def told_lines(report: QualityReport | None, language: Language) -> list[str]:
    """Score and advice, a line each; none without a report."""
    if report is None:
        return []
    return [f"{report.score} of 100", *(sentence(reason, language) for reason in report.reasons)]


def _description(quality: QualityMap, report: QualityReport | None) -> str:
    on_print = quality.cells[~np.isnan(quality.cells)]
    middle = f"median {np.median(on_print):.0f} of 100" if len(on_print) else "no print was found"
    score = "" if report is None else f" Score {report.score} of 100."
    return f"Clearness of the ridges over the print: {middle}.{score}"
