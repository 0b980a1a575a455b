"""The picture of where a print is good and where it is poor, as pixels: for programs that show no SVG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import MissingPart
from biocapil.quality import Language, QualityMap
from biocapil.quality_report import QualityReport
from biocapil.reporting.quality_map_picture import CLASSES, OPACITY, cell_classes, told_lines
from biocapil.sample import CapturedSample

if TYPE_CHECKING:
    from PIL.Image import Image

MARGIN_PX = 12
LINE_PX = 20
TEXT_PX = 14
KEY_STEP_PX = 130
LEAST_WIDTH_PX = 560
LONGEST_PRINT_PX = 4 * 520
"""Larger prints are told rather than drawn pixel by pixel."""


def quality_map_png(
    sample: CapturedSample,
    quality: QualityMap,
    *,
    report: QualityReport | None = None,
    language: Language = Language.ENGLISH,
    title: str = "",
) -> bytes:
    """Draw the quality of each place over the print, one pixel of the picture for one of the sample.

    Args:
        sample: The print.
        quality: Its map, from `quality.quality_map`.
        report: Its quality, told below the print where given.
        language: Language of the advice.
        title: Heading; left out where empty.

    Returns:
        A PNG file, colours in sRGB.

    Raises:
        MissingPart: Pillow is not installed.
    """
    try:
        from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  # optional part: only where drawn
    except ImportError as exc:
        raise MissingPart("Pillow", extra="extract", purpose="drawing a print") from exc
    print_part = Image.fromarray(_coloured(sample, quality))
    print_part.thumbnail((LONGEST_PRINT_PX, LONGEST_PRINT_PX))
    font = ImageFont.load_default(TEXT_PX)
    lines = told_lines(report, language)
    longest = max((font.getlength(line) for line in (title, *lines)), default=0)
    width = max(print_part.width, LEAST_WIDTH_PX, round(longest)) + 2 * MARGIN_PX
    top = MARGIN_PX + (LINE_PX if title else 0)
    below = top + print_part.height + MARGIN_PX
    page = Image.new("RGB", (width, below + (len(lines) + 1) * LINE_PX + MARGIN_PX), "white")
    page.paste(print_part, (MARGIN_PX, top))
    draw = ImageDraw.Draw(page)
    draw.text((MARGIN_PX, MARGIN_PX - 4), title, fill="black", font=font)
    for at, (_, colour, label) in enumerate(CLASSES):
        x = MARGIN_PX + at * KEY_STEP_PX
        draw.rectangle((x, below, x + TEXT_PX, below + TEXT_PX), fill=colour)
        draw.text((x + TEXT_PX + 6, below - 2), label, fill="black", font=font)
    for at, line in enumerate(lines, start=1):
        draw.text((MARGIN_PX, below + at * LINE_PX), line, fill="black", font=font)
    return _encoded(page)


def _coloured(sample: CapturedSample, quality: QualityMap) -> NDArray[np.uint8]:
    """The print with the colour of each cell laid over it. Shape (rows, columns, 3), uint8."""
    classes = cell_classes(quality.cells)
    rows, columns = (
        _cell_of_each(side, sample.um_per_px / quality.cell_um, cells)
        for side, cells in zip(sample.pixels.shape, classes.shape, strict=True)
    )
    of_pixel = classes[rows[:, None], columns[None, :]]
    palette: NDArray[np.float64] = np.array(
        [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for _, colour, _ in CLASSES], np.float64
    )
    grey: NDArray[np.float64] = sample.pixels.astype(np.float64)[..., None].repeat(3, axis=2)
    mixed: NDArray[np.float64] = (1 - OPACITY) * grey + OPACITY * palette[of_pixel]
    coloured: NDArray[np.uint8] = np.round(np.where((of_pixel >= 0)[..., None], mixed, grey)).astype(np.uint8)
    return coloured


def _cell_of_each(pixels: int, cells_a_pixel: float, cells: int) -> NDArray[np.intp]:
    """Number of the cell that each pixel of a side lies in. Shape (pixels,), intp."""
    places: NDArray[np.float64] = np.arange(pixels, dtype=np.float64) * cells_a_pixel
    return np.minimum(places.astype(np.intp), cells - 1)


def _encoded(page: Image) -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
