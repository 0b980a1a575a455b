"""Extended data of a finger view: blocks of type, length and content, kept raw, and their soundness.

The contents of ridge counts and of cores and deltas state their own lengths, so a block that was cut or
padded can be told. Zonal quality, reserved types and vendors' own types are not looked into.

Reference: ISO/IEC 19794-2:2005, clause 8.6; ANSI INCITS 378-2004, clause 6.6.
"""

from __future__ import annotations

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.minutiae_record import ExtendedBlock, RecordStandard

RIDGE_COUNTS = 1
CORES_AND_DELTAS = 2
BLOCK_HEAD_BYTES = 4
POINT_BYTES = 4


def decode_blocks(reader: ByteReader, log: ProblemLog, *, view: str) -> tuple[ExtendedBlock, ...]:
    """Read the extended data of one view, its two bytes of length included.

    Where the area cannot be parted into blocks any further, a lenient log gets the problem, the rest of the
    area is left out and the reader stands behind it.
    """
    length_field = f"{view}, extended data length"
    if reader.remaining < 2:
        log.report(reader.truncated(2, length_field))
        reader.take_rest()
        return ()
    length = reader.unsigned(2, length_field)
    if length > reader.remaining:
        log.report(reader.truncated(length, f"{view}, extended data"))
        length = reader.remaining
    start = reader.offset
    return part_blocks(reader.take(length, ""), log, record=reader.record, view=view, start=start)


def part_blocks(
    data: bytes, log: ProblemLog, *, record: str, view: str, start: int
) -> tuple[ExtendedBlock, ...]:
    """Part an area of extended data into its blocks.

    Args:
        data: The area, without any length before it.
        log: Takes the problem of the first block that is unsound, behind which nothing is read.
        record: Name of the format.
        view: What messages call the view.
        start: Where the area stands in the record.
    """
    area = ByteReader(data, record=record)
    blocks: list[ExtendedBlock] = []
    while area.remaining:
        block = _decode_block(area, log, field=f"{view}, extended data block {len(blocks) + 1}", start=start)
        if block is None:
            break
        blocks.append(block)
    return tuple(blocks)


def encode_blocks(blocks: tuple[ExtendedBlock, ...]) -> bytes:
    """Extended data of one view with its two bytes of length."""
    body = join_blocks(blocks)
    return len(body).to_bytes(2, "big") + body


def join_blocks(blocks: tuple[ExtendedBlock, ...]) -> bytes:
    """Blocks one behind the other."""
    return b"".join(
        block.kind.to_bytes(2, "big") + (BLOCK_HEAD_BYTES + len(block.data)).to_bytes(2, "big") + block.data
        for block in blocks
    )


def needed_bytes(block: ExtendedBlock, standard: RecordStandard) -> int | None:
    """Length that the content of a block asks for by its own counts; None where it states none."""
    if block.kind == RIDGE_COUNTS:  # one byte of method, then three bytes an edge
        return 1 + 3 * -((1 - len(block.data)) // 3)
    if block.kind != CORES_AND_DELTAS:
        return None
    points = _iso_points_end if standard is RecordStandard.ISO_19794_2_2005 else _ansi_points_end
    cores_end = points(block.data, 0, 1)
    return points(block.data, cores_end, 3)


def _decode_block(area: ByteReader, log: ProblemLog, *, field: str, start: int) -> ExtendedBlock | None:
    """Next block of the area, or None where its head or its length is unsound."""
    offset = start + area.offset
    left = area.remaining
    if left < BLOCK_HEAD_BYTES:
        text = f"{left} bytes are left in the extended data, a block head takes {BLOCK_HEAD_BYTES}"
        log.report(FormatError(text, record=area.record, field=field, offset=offset))
        return None
    kind = area.unsigned(2, field)
    length = area.unsigned(2, field)
    if not BLOCK_HEAD_BYTES <= length <= left:
        text = f"type {kind} states {length} bytes, allowed are {BLOCK_HEAD_BYTES}..{left}"
        log.report(FormatError(text, record=area.record, field=f"{field} length", offset=offset + 2))
        return None
    return ExtendedBlock(kind=kind, data=area.take(length - BLOCK_HEAD_BYTES, field))


def _iso_points_end(data: bytes, start: int, angle_bytes: int) -> int:
    """End of a list of cores or deltas: each point says in its top two bits whether angles follow."""
    end = start + 1
    for _ in range(data[start] & 0xF if start < len(data) else 0):
        has_angles = end < len(data) and data[end] & 0xC0
        end += POINT_BYTES + (angle_bytes if has_angles else 0)
    return end


def _ansi_points_end(data: bytes, start: int, angle_bytes: int) -> int:
    """The same in ANSI records: the count's top two bits say it for the whole list."""
    head = data[start] if start < len(data) else 0
    return start + 1 + (head & 0xF) * (POINT_BYTES + (angle_bytes if head & 0xC0 else 0))
