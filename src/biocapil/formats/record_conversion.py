"""`convert_record`: the same record in the other standard, pixel for pixel, or in the same one made sound."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from biocapil.formats.ansi_378_2004 import UNKNOWN_OWNER
from biocapil.formats.extended_data import RIDGE_COUNTS, needed_bytes
from biocapil.formats.known_editions import EDITIONS
from biocapil.formats.minutiae_record import (
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordedMinutiae,
    RecordHeader,
    RecordStandard,
)
from biocapil.formats.record_templates import sound_kinds, sound_qualities

CERTIFIED = 8
"""The one compliance bit that is defined."""


def convert_record(record: MinutiaeRecord, *, standard: RecordStandard) -> MinutiaeRecord:
    """The record in another standard, or in its own with all repaired that lenient reading lets through.

    Positions stay, angles are rounded to the nearest unit. Repairs: reserved bits to zero, type 3 to other,
    undefined qualities to not reported, undefined fingers to unknown, views numbered anew, and the image
    large enough for every minutia. Extended data: within one standard every block of sound content stays,
    between the two only ridge counts, whose layout is the same.

    Args:
        record: The record.
        standard: Standard of the result.
    """
    numbers: Counter[int] = Counter()
    views: list[FingerView] = []
    for view in record.views:
        position = int(view.finger)
        number = min(numbers[position], 15)  # a seventeenth view of one finger is for the writer to refuse
        views.append(_convert_view(view, record.standard, standard, position=position, number=number))
        numbers[position] += 1
    width_px, height_px = record.frame_px
    header = _convert_header(record.header, standard)
    return MinutiaeRecord(
        standard=standard,
        header=replace(header, width_px=width_px, height_px=height_px),
        views=tuple(views),
    )


def _convert_header(header: RecordHeader, standard: RecordStandard) -> RecordHeader:
    named = EDITIONS[standard].has_product
    return replace(
        header,
        compliance=header.compliance & CERTIFIED,
        product_owner=(header.product_owner or UNKNOWN_OWNER) if named else 0,
        product_type=header.product_type if named else 0,
        reserved=0,
    )


def _convert_view(
    view: FingerView, source: RecordStandard, target: RecordStandard, *, position: int, number: int
) -> FingerView:
    minutiae = view.minutiae
    return replace(
        view,
        position=position,
        view_number=number,
        quality=view.quality if view.quality <= 100 else 0,
        minutiae=RecordedMinutiae(
            kinds=sound_kinds(minutiae),
            x_px=minutiae.x_px,
            y_px=minutiae.y_px,
            angles=_convert_angles(minutiae.angles, source, target),
            qualities=sound_qualities(minutiae),
            reserved=np.zeros_like(minutiae.reserved),
        ),
        blocks=tuple(block for block in view.blocks if _carries_over(block, source, target)),
    )


def _convert_angles(
    angles: NDArray[np.uint8], source: RecordStandard, target: RecordStandard
) -> NDArray[np.uint8]:
    before, after = source.angle_units, target.angle_units
    turns = angles.astype(np.float64) % before / before
    return (np.rint(turns * after) % after).astype(np.uint8)


def _carries_over(block: ExtendedBlock, source: RecordStandard, target: RecordStandard) -> bool:
    sound = needed_bytes(block, source) in {None, len(block.data)}
    return sound and (source is target or block.kind == RIDGE_COUNTS)
