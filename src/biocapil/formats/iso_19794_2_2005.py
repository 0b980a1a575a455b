"""ISO/IEC 19794-2:2005, the record format for storage: header of 24 bytes, angles of 360/256 degrees.

The total length is four bytes; the views follow the shared layout of `finger_view`. The two card formats of
the same standard are other encodings and are not read.

Reference: ISO/IEC 19794-2:2005, clause 8.
"""

from __future__ import annotations

from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.minutiae_record import RecordHeader, RecordStandard
from biocapil.formats.record_edition import (
    MAGIC,
    VERSION,
    DecodedHeader,
    RecordEdition,
    decode_shared_fields,
    encode_shared_fields,
)
from biocapil.vocabulary import ImpressionType

HEADER_BYTES = 24


def _decode_header(reader: ByteReader, log: ProblemLog) -> DecodedHeader:
    del log  # nothing in this header can be read in two ways
    reader.stated_total = reader.unsigned(4, "total length")
    return decode_shared_fields(reader, total_bytes=reader.stated_total)


def _encode_header(header: RecordHeader, view_count: int, body_bytes: int) -> bytes:
    length = (HEADER_BYTES + body_bytes).to_bytes(4, "big")
    return MAGIC + VERSION + length + encode_shared_fields(header, view_count)


ISO_19794_2_2005 = RecordEdition(
    standard=RecordStandard.ISO_19794_2_2005,
    impressions=frozenset(int(code) for code in ImpressionType),
    min_ppcm=99,
    has_product=False,
    max_bytes=26 * 0x10000 - 1,
    decode_header=_decode_header,
    encode_header=_encode_header,
)
