"""`write_minutiae_record`: from the nouns of a minutiae record to its bytes, in either standard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from biocapil.errors import FormatError
from biocapil.formats.finger_view import encode_view
from biocapil.formats.known_editions import EDITIONS
from biocapil.formats.minutiae_record import MinutiaeRecord
from biocapil.formats.record_edition import LENGTH_OFFSET, RecordEdition
from biocapil.formats.record_rules import header_violations, numbering_violations, view_violations


def write_minutiae_record(record: MinutiaeRecord) -> bytes:
    """Bytes of a record that strict reading accepts; reserved bits are written as the record holds them.

    Raises:
        FormatError: A value is outside what the standard allows; the text says field, value and range.
    """
    edition = EDITIONS[record.standard]
    encoded = [encode_view(view) for view in record.views]
    body = b"".join(encoded)
    data = edition.encode_header(record.header, len(encoded), len(body)) + body
    header_bytes = len(data) - len(body)
    offsets = tuple(accumulate((len(view) for view in encoded[:-1]), initial=header_bytes))[: len(encoded)]
    for violation in _violations(record, edition, header_bytes=header_bytes, offsets=offsets):
        raise violation
    if len(data) > edition.max_bytes:
        raise FormatError(
            f"{len(data)} bytes; above {edition.max_bytes} the record cannot be told from the other standard",
            record=edition.title,
            field="total length",
            offset=LENGTH_OFFSET,
        )
    return data


def _violations(
    record: MinutiaeRecord, edition: RecordEdition, *, header_bytes: int, offsets: tuple[int, ...]
) -> Iterator[FormatError]:
    yield from header_violations(
        record.header, edition, view_count=len(record.views), device_offset=header_bytes - 12
    )
    for index, (view, offset) in enumerate(zip(record.views, offsets, strict=True)):
        name = f"finger view {index + 1}"
        yield from view_violations(view, record.header, edition, name=name, offset=offset)
    yield from numbering_violations(record.views, offsets, edition)
