"""Minutiae records to templates in micrometres and back.

A record counts in pixels and in its standard's angle unit (360/256 degrees in ISO/IEC 19794-2:2005, 2 degrees
in ANSI/INCITS 378-2004), a template in micrometres and radians. Origin, direction of y and sense of rotation
are the same, see `minutiae_record`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError
from biocapil.formats.ansi_378_2004 import UNKNOWN_OWNER
from biocapil.formats.known_editions import EDITIONS
from biocapil.formats.minutiae_record import (
    MAX_MINUTIAE,
    FingerView,
    MinutiaeRecord,
    RecordedMinutiae,
    RecordHeader,
    RecordStandard,
)
from biocapil.template import MAX_EXTENT_UM, FingerprintTemplate
from biocapil.vocabulary import FingerPosition, ImpressionType, MinutiaType, ModelId

UM_PER_CM = 10_000.0
MAX_QUALITY = 100
MAX_COORDINATE = 0x3FFF


def record_to_templates(
    record: MinutiaeRecord, *, model_id: ModelId | None = None
) -> tuple[FingerprintTemplate, ...]:
    """One template a view, in the order of the record.

    What only lenient reading lets through is taken as follows: the reserved type 3 as other, qualities above
    100 as not reported, angles beyond a full turn modulo it, and the imaged area large enough for every
    minutia.

    Args:
        record: The record.
        model_id: What the templates say made them; by default ``minutiae:`` and the standard.

    Raises:
        FormatError: The resolution is zero, or the imaged area is larger than a template can be.
    """
    header = record.header
    title = record.standard.title
    if not (header.x_ppcm and header.y_ppcm):
        raise FormatError("0 pixels per centimetre gives no positions", record=title, field="resolution")
    scale = np.array([UM_PER_CM / header.x_ppcm, UM_PER_CM / header.y_ppcm])
    width, height = record.frame_px
    extent_um = (float(width * scale[0]), float(height * scale[1]))
    if not 0 < min(extent_um) <= max(extent_um) <= MAX_EXTENT_UM:
        text = f"{extent_um[0]:g} by {extent_um[1]:g} µm is outside (0, {MAX_EXTENT_UM:g}]"
        raise FormatError(text, record=title, field="image width and height")
    model = model_id or ModelId(f"minutiae:{record.standard.value}")
    return tuple(_template(view, record.standard, scale, extent_um, model) for view in record.views)


def templates_to_record(
    templates: Sequence[FingerprintTemplate],
    *,
    standard: RecordStandard,
    resolution_ppcm: int = 197,
    impression: ImpressionType = ImpressionType.LIVE_PLAIN,
) -> MinutiaeRecord:
    """One record of all templates, one view each.

    A pixel stands for its centre: positions become the pixel they lie in, and angles are rounded to the
    nearest unit, ties to even. Of more than 255 minutiae the 255 of best quality stay, in their order; of
    equal quality the first. Views of one finger are numbered in the order given. A template carries no
    quality of the whole finger: the mean of the reported qualities stands for it, 0 where none was.

    Args:
        templates: At least one; the image size is the largest of their extents.
        standard: Standard of the record.
        resolution_ppcm: Pixels per centimetre on both axes; 197 is 500 ppi.
        impression: How the fingers were recorded.

    Raises:
        ValueError: No template, more than 16 of one finger, a resolution outside 99..65535, or an imaged
            area of more than 16384 pixels on a side at this resolution.
    """
    if not templates:
        raise ValueError("a record needs at least one template, got none")
    if not 99 <= resolution_ppcm <= 0xFFFF:
        raise ValueError(f"resolution_ppcm must lie in 99..65535, got {resolution_ppcm}")
    numbers = _view_numbers(templates)
    width, height = (
        max(_pixels(template.extent_um[axis], resolution_ppcm) for template in templates) for axis in range(2)
    )
    if max(width, height) > MAX_COORDINATE + 1:
        raise ValueError(
            f"{width} by {height} pixels at {resolution_ppcm} per centimetre; "
            f"a record holds {MAX_COORDINATE + 1} on a side"
        )
    header = RecordHeader(
        width_px=width,
        height_px=height,
        x_ppcm=resolution_ppcm,
        y_ppcm=resolution_ppcm,
        product_owner=UNKNOWN_OWNER if EDITIONS[standard].has_product else 0,
    )
    views = tuple(
        _view(template, header, standard, number=number, impression=int(impression))
        for template, number in zip(templates, numbers, strict=True)
    )
    return MinutiaeRecord(standard=standard, header=header, views=views)


def sound_kinds(minutiae: RecordedMinutiae) -> NDArray[np.uint8]:
    """Types with the reserved code 3 as other."""
    return np.where(minutiae.kinds > MinutiaType.BIFURCATION, MinutiaType.OTHER, minutiae.kinds).astype(
        np.uint8
    )


def sound_qualities(minutiae: RecordedMinutiae) -> NDArray[np.uint8]:
    """Qualities with undefined values as not reported."""
    return np.where(minutiae.qualities > MAX_QUALITY, 0, minutiae.qualities).astype(np.uint8)


def _template(
    view: FingerView,
    standard: RecordStandard,
    um_per_px: NDArray[np.float64],
    extent_um: tuple[float, float],
    model_id: ModelId,
) -> FingerprintTemplate:
    minutiae = view.minutiae
    turns = minutiae.angles / np.float64(standard.angle_units)
    centres_px = np.column_stack([minutiae.x_px, minutiae.y_px]) + 0.5
    positions = centres_px * um_per_px
    return FingerprintTemplate(
        positions_um=positions.astype(np.float32),
        angles_rad=(turns % 1 * (2 * np.pi)).astype(np.float32),
        kinds=sound_kinds(minutiae),
        qualities=sound_qualities(minutiae),
        extent_um=extent_um,
        model_id=model_id,
        position=view.finger,
    )


def _view(
    template: FingerprintTemplate,
    header: RecordHeader,
    standard: RecordStandard,
    *,
    number: int,
    impression: int,
) -> FingerView:
    kept = np.sort(np.argsort(-template.qualities.astype(np.int16), kind="stable")[:MAX_MINUTIAE])
    positions = np.floor(template.positions_um[kept].astype(np.float64) * (header.x_ppcm / UM_PER_CM))
    pixels = np.minimum(positions, (header.width_px - 1, header.height_px - 1)).astype(np.uint16)
    units = standard.angle_units
    angles = np.rint(template.angles_rad[kept].astype(np.float64) * (units / (2 * np.pi))) % units
    qualities = template.qualities[kept]
    reported = qualities[qualities > 0]
    return FingerView(
        position=int(template.position),
        view_number=number,
        impression=impression,
        quality=round(float(reported.mean())) if reported.size else 0,
        minutiae=RecordedMinutiae(
            kinds=template.kinds[kept],
            x_px=pixels[:, 0],
            y_px=pixels[:, 1],
            angles=angles.astype(np.uint8),
            qualities=qualities,
            reserved=np.zeros(len(kept), np.uint8),
        ),
    )


def _view_numbers(templates: Sequence[FingerprintTemplate]) -> list[int]:
    seen: Counter[FingerPosition] = Counter()
    numbers: list[int] = []
    for template in templates:
        numbers.append(seen[template.position])
        seen[template.position] += 1
        if seen[template.position] > 16:
            raise ValueError(
                f"a record holds at most 16 views of one finger, got more of {template.position.name}"
            )
    return numbers


def _pixels(length_um: float, resolution_ppcm: int) -> int:
    """Whole pixels that cover a length; a millionth of a pixel is taken for rounding noise."""
    return max(1, math.ceil(length_um * resolution_ppcm / UM_PER_CM - 1e-6))
