"""Resolution of an image file: what its own tag says, and whether that can be believed.

A wrong resolution scales every distance between minutiae and hides a duplicate without any error, so
a tag is taken only where it names a unit, agrees on both axes and is not the number that image editors
write when nobody told them better.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from biocapil.errors import ResolutionUnknown
from biocapil.sample import MAX_PPI, MIN_PPI

CM_PER_INCH = 2.54
EDITOR_DEFAULTS_PPI = (72.0, 96.0)
"""Screen densities that editors write into every file; no fingerprint scanner works at them."""

EDITOR_TOLERANCE_PPI = 0.5
SQUARE_TOLERANCE = 0.01
ROUNDING_PPI = 0.05
"""Whole pixels per metre blur a resolution by up to 0.013 ppi: 19,685 px/m means 500 ppi."""

TIFF_X, TIFF_Y, TIFF_UNIT = 282, 283, 296
TIFF_CENTIMETRE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionTag:
    """What a file says about its resolution.

    Attributes:
        x_ppi: Pixels per inch along a row, or None where the file names no resolution with a unit.
        y_ppi: The same along a column.
        said: The tag in words, for the message of a refusal.
    """

    x_ppi: float | None
    y_ppi: float | None
    said: str


def tag_of(*, info: Mapping[Any, Any], tiff_tags: Mapping[int, Any] | None) -> ResolutionTag:
    """Resolution tag of an opened picture.

    Args:
        info: Pillow's `info` of the picture: PNG pHYs, JFIF density, Exif, BMP pels per metre and the
            JPEG 2000 capture resolution arrive here.
        tiff_tags: TIFF tags by number, or None where the file is no TIFF. They are read raw, because
            Pillow reports 1 dpi for a TIFF without any.
    """
    if tiff_tags is not None:
        return _tiff_tag(tiff_tags)
    if "dpi" in info:
        return _measured(info["dpi"], per_inch=1.0, unit="per inch")
    if "jfif_density" in info:
        return _without_unit("JFIF density", info["jfif_density"])
    if "aspect" in info:
        return _without_unit("PNG pHYs", info["aspect"])
    return ResolutionTag(x_ppi=None, y_ppi=None, said="the file carries no resolution tag")


def believable_ppi(tag: ResolutionTag, *, name: str) -> float:
    """Resolution of a tag that can be believed.

    Args:
        tag: What the file says.
        name: What messages call the file.

    Returns:
        Pixels per inch, 50 to 4000; a tag within 0.05 of a whole number means that number.

    Raises:
        ResolutionUnknown: There is no tag, or it means nothing.
    """
    if tag.x_ppi is None or tag.y_ppi is None:
        doubt = "so its resolution is unknown"
    else:
        doubt = _doubt(tag.x_ppi, tag.y_ppi)
        if not doubt:
            whole = float(round(tag.x_ppi))
            return whole if abs(tag.x_ppi - whole) <= ROUNDING_PPI else tag.x_ppi
    raise ResolutionUnknown(
        f"{name}: {tag.said}, {doubt}; state the true resolution with --ppi (resolution_ppi=...)"
    )


def _doubt(x_ppi: float, y_ppi: float) -> str:
    """Why a tag cannot be believed, to be read after what it said; empty where it can."""
    if not (MIN_PPI <= x_ppi <= MAX_PPI and MIN_PPI <= y_ppi <= MAX_PPI):
        return f"outside the {MIN_PPI:g} to {MAX_PPI:g} ppi of any scanner"
    if abs(x_ppi - y_ppi) > SQUARE_TOLERANCE * x_ppi:
        return "different along the two axes"
    if any(abs(x_ppi - default) <= EDITOR_TOLERANCE_PPI for default in EDITOR_DEFAULTS_PPI):
        return "the default of image editors and not a measured resolution"
    return ""


def _tiff_tag(tags: Mapping[int, Any]) -> ResolutionTag:
    if TIFF_X not in tags or TIFF_Y not in tags:
        return ResolutionTag(x_ppi=None, y_ppi=None, said="the TIFF carries no resolution tag")
    pair = (tags[TIFF_X], tags[TIFF_Y])
    unit = tags.get(TIFF_UNIT, 2)
    if unit == TIFF_CENTIMETRE:
        return _measured(pair, per_inch=CM_PER_INCH, unit="per centimetre")
    if unit == 2:
        return _measured(pair, per_inch=1.0, unit="per inch")
    return _without_unit("TIFF resolution", pair)


def _measured(pair: tuple[Any, Any], *, per_inch: float, unit: str) -> ResolutionTag:
    x, y = _number(pair[0]), _number(pair[1])
    said = f"its tag says {x:.4g} x {y:.4g} {unit}"
    return ResolutionTag(x_ppi=x * per_inch, y_ppi=y * per_inch, said=said)


def _without_unit(tag: str, pair: tuple[Any, Any]) -> ResolutionTag:
    said = f"its {tag} {_number(pair[0]):.4g} x {_number(pair[1]):.4g} names no unit"
    return ResolutionTag(x_ppi=None, y_ppi=None, said=said)


def _number(value: Any) -> float:
    """A tag's number; what is none (0/0, a text) becomes 0, which no range accepts."""
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0
