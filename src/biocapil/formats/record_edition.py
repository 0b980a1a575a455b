"""`RecordEdition`: where the two minutiae record standards differ; and the header fields that they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.minutiae_record import RecordHeader, RecordStandard

MAGIC = b"FMR\0"
VERSION = b" 20\0"
LENGTH_OFFSET = 8
"""Where the total length stands in both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedHeader:
    """A header just read, with what is needed to read on.

    Attributes:
        header: The fields that the record keeps.
        total_bytes: Length of the record as it states itself.
        view_count: Number of views as stated.
        device_offset: Where the device field stands; the later fields follow it at fixed distances.
    """

    header: RecordHeader
    total_bytes: int
    view_count: int
    device_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEdition:
    """One standard's own numbers and header.

    Attributes:
        standard: The standard.
        impressions: Impression type codes that it defines.
        min_ppcm: Smallest resolution it allows, pixels per centimetre.
        has_product: Whether the header names the software.
        max_bytes: Longest record that readers can still tell from the other standard.
        decode_header: Reads from byte 8 to the end of the header.
        encode_header: Writes the header before a body of the given length and number of views.
    """

    standard: RecordStandard
    impressions: frozenset[int]
    min_ppcm: int
    has_product: bool
    max_bytes: int
    decode_header: Callable[[ByteReader, ProblemLog], DecodedHeader]
    encode_header: Callable[[RecordHeader, int, int], bytes]

    @property
    def title(self) -> str:
        """Name as the standard writes it."""
        return self.standard.title


def decode_shared_fields(
    reader: ByteReader, *, total_bytes: int, product_owner: int = 0, product_type: int = 0
) -> DecodedHeader:
    """Read the header from the device field on: 12 bytes that both standards share."""
    device_offset = reader.offset
    device = reader.unsigned(2, "capture device")
    width_px = reader.unsigned(2, "image width")
    height_px = reader.unsigned(2, "image height")
    x_ppcm = reader.unsigned(2, "horizontal resolution")
    y_ppcm = reader.unsigned(2, "vertical resolution")
    view_count = reader.unsigned(1, "number of finger views")
    header = RecordHeader(
        width_px=width_px,
        height_px=height_px,
        x_ppcm=x_ppcm,
        y_ppcm=y_ppcm,
        device_id=device & 0xFFF,
        compliance=device >> 12,
        product_owner=product_owner,
        product_type=product_type,
        reserved=reader.unsigned(1, "reserved byte"),
    )
    return DecodedHeader(
        header=header, total_bytes=total_bytes, view_count=view_count, device_offset=device_offset
    )


def encode_shared_fields(header: RecordHeader, view_count: int) -> bytes:
    """The 12 bytes from the device field on."""
    words = (
        header.compliance << 12 | header.device_id,
        header.width_px,
        header.height_px,
        header.x_ppcm,
        header.y_ppcm,
    )
    return b"".join(word.to_bytes(2, "big") for word in words) + bytes((view_count, header.reserved))
