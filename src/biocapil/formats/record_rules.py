"""What the standards ask of the values in a record, beyond its structure; each rule names its byte.

Reading and writing share the rules, so that nothing is written that a strict reader would refuse. Only the
reserved bits stand apart: a reader refuses them where they are not zero, a writer gives back what it got.

Reference: ISO/IEC 19794-2:2005, clauses 8.3 to 8.6; ANSI INCITS 378-2004, clause 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError
from biocapil.formats.extended_data import BLOCK_HEAD_BYTES, needed_bytes
from biocapil.formats.finger_view import HEAD_BYTES, MINUTIA_BYTES
from biocapil.formats.minutiae_record import FingerView, RecordHeader
from biocapil.formats.record_edition import RecordEdition
from biocapil.vocabulary import FingerPosition

MAX_VIEWS = 176
"""Eleven finger positions with sixteen views each."""
MAX_QUALITY = 100
UINT16_MAX = 0xFFFF


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of a record, where it stands and what is allowed."""

    field: str
    offset: int
    value: int
    low: int
    high: int


def header_violations(
    header: RecordHeader, edition: RecordEdition, *, view_count: int, device_offset: int
) -> Iterator[FormatError]:
    """Values of the header that are not allowed, in the order of the bytes."""
    owner = (1, UINT16_MAX) if edition.has_product else (0, 0)
    kind = (0, UINT16_MAX) if edition.has_product else (0, 0)
    at = device_offset
    yield from _outside(
        edition,
        _Value("product owner", at - 4, header.product_owner, *owner),
        _Value("product type", at - 2, header.product_type, *kind),
        _Value("image width", at + 2, header.width_px, 1, UINT16_MAX),
        _Value("image height", at + 4, header.height_px, 1, UINT16_MAX),
        _Value("horizontal resolution", at + 6, header.x_ppcm, edition.min_ppcm, UINT16_MAX),
        _Value("vertical resolution", at + 8, header.y_ppcm, edition.min_ppcm, UINT16_MAX),
        _Value("number of finger views", at + 10, view_count, 1, MAX_VIEWS),
    )


def reserved_header_violations(
    header: RecordHeader, edition: RecordEdition, *, device_offset: int
) -> Iterator[FormatError]:
    """Reserved bits of the header that are not zero."""
    yield from _outside(
        edition,
        _Value("capture device, reserved bits", device_offset, header.compliance & 7, 0, 0),
        _Value("reserved byte", device_offset + 11, header.reserved, 0, 0),
    )


def view_violations(
    view: FingerView, header: RecordHeader, edition: RecordEdition, *, name: str, offset: int
) -> Iterator[FormatError]:
    """Values of one view that are not allowed; for the minutiae the first of each kind, with their number."""
    yield from _outside(
        edition, _Value(f"{name}, finger position", offset, view.position, 0, max(FingerPosition))
    )
    if view.impression not in edition.impressions:
        codes = ", ".join(str(code) for code in sorted(edition.impressions))
        yield FormatError(
            f"{view.impression} is not one of {codes}",
            record=edition.title,
            field=f"{name}, impression type",
            offset=offset + 1,
        )
    yield from _outside(edition, _Value(f"{name}, finger quality", offset + 2, view.quality, 0, MAX_QUALITY))
    minutiae = view.minutiae
    first = offset + HEAD_BYTES
    yield from _minutiae_outside(edition, f"{name}, type", minutiae.kinds, 2, first)
    yield from _minutiae_outside(edition, f"{name}, x", minutiae.x_px, header.width_px - 1, first)
    yield from _minutiae_outside(edition, f"{name}, y", minutiae.y_px, header.height_px - 1, first + 2)
    yield from _minutiae_outside(
        edition, f"{name}, angle", minutiae.angles, edition.standard.angle_units - 1, first + 4
    )
    yield from _minutiae_outside(edition, f"{name}, quality", minutiae.qualities, MAX_QUALITY, first + 5)
    yield from _block_violations(view, edition, name=name, offset=first + len(minutiae) * MINUTIA_BYTES + 2)


def reserved_view_violations(
    view: FingerView, edition: RecordEdition, *, name: str, offset: int
) -> Iterator[FormatError]:
    """Reserved bits of the minutiae that are not zero."""
    first_y = offset + HEAD_BYTES + 2
    yield from _minutiae_outside(edition, f"{name}, reserved bits", view.minutiae.reserved, 0, first_y)


def numbering_violations(
    views: tuple[FingerView, ...], offsets: tuple[int, ...], edition: RecordEdition
) -> Iterator[FormatError]:
    """Views of one finger that are not numbered 0, 1, 2, ... in the order of the record."""
    expected: dict[int, int] = {}
    for index, (view, offset) in enumerate(zip(views, offsets, strict=True)):
        number = expected.get(view.position, 0)
        expected[view.position] = number + 1
        field = f"finger view {index + 1}, view number"
        yield from _outside(edition, _Value(field, offset + 1, view.view_number, number, number))


def _block_violations(
    view: FingerView, edition: RecordEdition, *, name: str, offset: int
) -> Iterator[FormatError]:
    for index, block in enumerate(view.blocks):
        needed = needed_bytes(block, edition.standard)
        if needed not in {None, len(block.data)}:
            yield FormatError(
                f"type {block.kind} has {len(block.data)} bytes of content, its own counts ask for {needed}",
                record=edition.title,
                field=f"{name}, extended data block {index + 1}",
                offset=offset,
            )
        offset += BLOCK_HEAD_BYTES + len(block.data)


def _minutiae_outside(
    edition: RecordEdition,
    field: str,
    values: NDArray[np.uint8] | NDArray[np.uint16],
    high: int,
    first_offset: int,
) -> Iterator[FormatError]:
    wrong = np.flatnonzero(values.astype(np.int64) > high)
    if not wrong.size:
        return
    index = int(wrong[0])
    more = f" ({wrong.size} minutiae of this view are concerned)" if wrong.size > 1 else ""
    yield FormatError(
        f"{int(values[index])} is outside 0..{max(high, 0)}{more}",
        record=edition.title,
        field=f"{field} of minutia {index + 1}",
        offset=first_offset + index * MINUTIA_BYTES,
    )


def _outside(edition: RecordEdition, *values: _Value) -> Iterator[FormatError]:
    for item in values:
        if not item.low <= item.value <= item.high:
            allowed = str(item.low) if item.low == item.high else f"{item.low}..{item.high}"
            yield FormatError(
                f"{item.value} is not allowed, must be {allowed}",
                record=edition.title,
                field=item.field,
                offset=item.offset,
            )
