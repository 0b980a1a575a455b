"""One finger view as bytes: head, six bytes a minutia, extended data; the same in both standards.

    head     position | view number (4 bits), impression (4 bits) | quality | number of minutiae
    minutia  type (2 bits), x (14 bits) | reserved (2 bits), y (14 bits) | angle | quality
    tail     length of the extended data (2 bytes), blocks

Reference: ISO/IEC 19794-2:2005, clause 8.4 and 8.5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.extended_data import decode_blocks, encode_blocks
from biocapil.formats.minutiae_record import FingerView, RecordedMinutiae

HEAD_BYTES = 4
MINUTIA_BYTES = 6
COORDINATE_MASK = 0x3FFF
LAYOUT = np.dtype([("kind_x", ">u2"), ("reserved_y", ">u2"), ("angle", "u1"), ("quality", "u1")])


def decode_view(reader: ByteReader, log: ProblemLog, *, view: str) -> FingerView:
    """Read one view.

    Args:
        reader: Stands at the view's first byte.
        log: Gets what is wrong behind the head; a lenient log makes a view of the minutiae that are there.
        view: Name of the view for error texts.

    Raises:
        TruncatedRecord: The bytes end inside the head.
        FormatError: The log is strict and the structure is broken.
    """
    position = reader.unsigned(1, f"{view}, finger position")
    number_impression = reader.unsigned(1, f"{view}, view number and impression type")
    quality = reader.unsigned(1, f"{view}, finger quality")
    count = reader.unsigned(1, f"{view}, number of minutiae")
    minutiae = _decode_minutiae(reader, log, count=count, view=view)
    blocks = decode_blocks(reader, log, view=view) if len(minutiae) == count else ()
    return FingerView(
        position=position,
        view_number=number_impression >> 4,
        impression=number_impression & 0xF,
        quality=quality,
        minutiae=minutiae,
        blocks=blocks,
    )


def encode_view(view: FingerView) -> bytes:
    """Bytes of one view."""
    head = bytes((view.position, view.view_number << 4 | view.impression, view.quality, len(view.minutiae)))
    return head + _encode_minutiae(view.minutiae) + encode_blocks(view.blocks)


def _decode_minutiae(reader: ByteReader, log: ProblemLog, *, count: int, view: str) -> RecordedMinutiae:
    whole = min(count, reader.remaining // MINUTIA_BYTES)
    rows = np.frombuffer(reader.take(whole * MINUTIA_BYTES, ""), LAYOUT)
    if whole < count:
        log.report(reader.truncated(MINUTIA_BYTES, f"{view}, minutia {whole + 1} of {count}"))
        reader.take_rest()
    kind_x: NDArray[np.uint16] = rows["kind_x"].astype(np.uint16)
    reserved_y: NDArray[np.uint16] = rows["reserved_y"].astype(np.uint16)
    return RecordedMinutiae(
        kinds=(kind_x >> 14).astype(np.uint8),
        x_px=kind_x & np.uint16(COORDINATE_MASK),
        y_px=reserved_y & np.uint16(COORDINATE_MASK),
        angles=rows["angle"].copy(),
        qualities=rows["quality"].copy(),
        reserved=(reserved_y >> 14).astype(np.uint8),
    )


def _encode_minutiae(minutiae: RecordedMinutiae) -> bytes:
    rows = np.empty(len(minutiae), LAYOUT)
    rows["kind_x"] = minutiae.kinds.astype(np.uint16) << 14 | minutiae.x_px
    rows["reserved_y"] = minutiae.reserved.astype(np.uint16) << 14 | minutiae.y_px
    rows["angle"] = minutiae.angles
    rows["quality"] = minutiae.qualities
    return rows.tobytes()
