"""ANSI/INCITS 378-2004: header of 26 or 30 bytes, angles of 2 degrees, the software named in the header.

The total length is two bytes; a record that needs more writes two zero bytes and then four bytes of length.

Reference: ANSI INCITS 378-2004, clause 6.
"""

from __future__ import annotations

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.minutiae_record import RecordHeader, RecordStandard
from biocapil.formats.record_edition import (
    LENGTH_OFFSET,
    MAGIC,
    VERSION,
    DecodedHeader,
    RecordEdition,
    decode_shared_fields,
    encode_shared_fields,
)
from biocapil.vocabulary import ImpressionType

SHORT_HEADER_BYTES = 26
LONG_HEADER_BYTES = 30
SHORT_LIMIT = 0xFFFF
UNKNOWN_OWNER = 0x0103
"""CBEFF owner that stands for an unregistered vendor; the standard forbids zero."""


def _decode_header(reader: ByteReader, log: ProblemLog) -> DecodedHeader:
    total = reader.unsigned(2, "total length")
    if not total:
        total = reader.unsigned(4, "total length")
        if total <= SHORT_LIMIT:
            log.report(
                FormatError(
                    f"the six-byte form states {total}, which fits the two-byte form",
                    record=reader.record,
                    field="total length",
                    offset=LENGTH_OFFSET,
                )
            )
    reader.stated_total = total
    owner = reader.unsigned(2, "product owner")
    kind = reader.unsigned(2, "product type")
    return decode_shared_fields(reader, total_bytes=total, product_owner=owner, product_type=kind)


def _encode_header(header: RecordHeader, view_count: int, body_bytes: int) -> bytes:
    total = SHORT_HEADER_BYTES + body_bytes
    if total <= SHORT_LIMIT:
        length = total.to_bytes(2, "big")
    else:
        length = bytes(2) + (LONG_HEADER_BYTES + body_bytes).to_bytes(4, "big")
    product = header.product_owner.to_bytes(2, "big") + header.product_type.to_bytes(2, "big")
    return MAGIC + VERSION + length + product + encode_shared_fields(header, view_count)


ANSI_378_2004 = RecordEdition(
    standard=RecordStandard.ANSI_378_2004,
    impressions=frozenset(int(code) for code in ImpressionType if code != ImpressionType.LATENT),
    min_ppcm=1,
    has_product=True,
    max_bytes=24 * 0x10000 - 1,
    decode_header=_decode_header,
    encode_header=_encode_header,
)
