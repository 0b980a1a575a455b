"""`read_minutiae_record`: from the bytes of a minutiae record to its nouns, in either standard.

Strict reading refuses the first violation. Lenient reading goes on as far as the bytes are sound and returns
every problem with the record. Both raise only `FormatError`, whatever the bytes, and never allocate more than
the bytes are long.
"""

from __future__ import annotations

from biocapil.errors import FormatError, TruncatedRecord, UnsupportedVersion
from biocapil.formats.ansi_378_2004 import ANSI_378_2004, SHORT_HEADER_BYTES
from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.finger_view import decode_view
from biocapil.formats.iso_19794_2_2005 import HEADER_BYTES, ISO_19794_2_2005
from biocapil.formats.minutiae_record import FingerView, MinutiaeRecord, ParsedMinutiaeRecord
from biocapil.formats.record_edition import LENGTH_OFFSET, MAGIC, VERSION, DecodedHeader, RecordEdition
from biocapil.formats.record_rules import (
    header_violations,
    numbering_violations,
    reserved_header_violations,
    reserved_view_violations,
    view_violations,
)

ANY_RECORD = "finger minutiae record"
MISWRITTEN_VERSION = b"020\0"
"""Seen in records that are ANSI/INCITS 378-2004 in all else."""
READ_EDITIONS = f"read are {ISO_19794_2_2005.title} and {ANSI_378_2004.title}, both version {VERSION!r}"


def read_minutiae_record(data: bytes, *, strict: bool = True) -> ParsedMinutiaeRecord:
    """Read a finger minutiae record.

    Args:
        data: The whole record.
        strict: Refuse every violation of the standard. Otherwise keep the minutiae of every view that is
            there, the values as they stand, and the extended data as far as it parts into blocks.

    Raises:
        TruncatedRecord: The bytes end before the record; when lenient, inside the header.
        UnsupportedVersion: Another edition, whether strict or not.
        FormatError: No minutiae record; when strict, any violation.
    """
    log = ProblemLog(strict=strict)
    edition = _tell_edition(data, log)
    reader = ByteReader(data, record=edition.title, offset=LENGTH_OFFSET)
    decoded = edition.decode_header(reader, log)
    _check_header(decoded, edition, log)
    views = _decode_views(reader, decoded, edition, log)
    _check_end(reader, decoded, data_bytes=len(data), log=log)
    record = MinutiaeRecord(standard=edition.standard, header=decoded.header, views=views)
    return ParsedMinutiaeRecord(record=record, problems=tuple(log.problems))


def _tell_edition(data: bytes, log: ProblemLog) -> RecordEdition:
    """Both standards open alike; the place of the total length tells them apart."""
    reader = ByteReader(data, record=ANY_RECORD)
    if not MAGIC.startswith(data[: len(MAGIC)]):
        text = f"begins with {data[: len(MAGIC)]!r}, a minutiae record with {MAGIC!r}"
        raise FormatError(text, record=ANY_RECORD, field="format identifier", offset=0)
    reader.take(len(MAGIC), "format identifier")
    version = reader.take(len(VERSION), "version")
    if version == MISWRITTEN_VERSION:
        log.report(_unsupported(f"{version!r} is a miswritten {VERSION!r}"))
    elif version != VERSION:
        raise _unsupported(f"{version!r} is {_name_of_version(version, data)}; {READ_EDITIONS}")
    upper, lower = reader.unsigned(2, "total length"), reader.unsigned(2, "total length")
    if upper:
        return ANSI_378_2004 if upper >= SHORT_HEADER_BYTES else ISO_19794_2_2005
    return ISO_19794_2_2005 if lower >= HEADER_BYTES else ANSI_378_2004


def _unsupported(text: str) -> UnsupportedVersion:
    return UnsupportedVersion(text, record=ANY_RECORD, field="version", offset=len(MAGIC))


def _name_of_version(version: bytes, data: bytes) -> str:
    """Editions that are known; `030` stands for two, told apart by ISO's chain of representation lengths."""
    if version == b"035\0":
        return "ANSI/INCITS 378-2009 with amendment 1"
    if version == b"030\0":
        return "ISO/IEC 19794-2:2011" if _is_iso_2011(data) else "ANSI/INCITS 378-2009"
    return "no known edition"


def _is_iso_2011(data: bytes) -> bool:
    """Whether the first representation fits the stated total: 15 bytes of header, then representations."""
    total = int.from_bytes(data[8:12], "big")
    count = int.from_bytes(data[12:14], "big")
    first = int.from_bytes(data[15:19], "big")
    return count > 0 and (15 + first == total if count == 1 else 15 + first < total)


def _check_header(decoded: DecodedHeader, edition: RecordEdition, log: ProblemLog) -> None:
    at = decoded.device_offset
    log.report_all(
        header_violations(decoded.header, edition, view_count=decoded.view_count, device_offset=at)
    )
    log.report_all(reserved_header_violations(decoded.header, edition, device_offset=at))


def _decode_views(
    reader: ByteReader, decoded: DecodedHeader, edition: RecordEdition, log: ProblemLog
) -> tuple[FingerView, ...]:
    views: list[FingerView] = []
    offsets: list[int] = []
    for index in range(decoded.view_count):
        name = f"finger view {index + 1}"
        offset = reader.offset
        try:
            view = decode_view(reader, log, view=name)
        except TruncatedRecord as cut:
            log.report(cut)
            reader.take_rest()
            break
        views.append(view)
        offsets.append(offset)
        log.report_all(view_violations(view, decoded.header, edition, name=name, offset=offset))
        log.report_all(reserved_view_violations(view, edition, name=name, offset=offset))
    log.report_all(numbering_violations(tuple(views), tuple(offsets), edition))
    return tuple(views)


def _check_end(reader: ByteReader, decoded: DecodedHeader, *, data_bytes: int, log: ProblemLog) -> None:
    """The views must end where the header says and where the bytes do."""
    if any(isinstance(problem, TruncatedRecord) for problem in log.problems):
        return
    end = reader.offset
    if decoded.total_bytes != end:
        text = f"states {decoded.total_bytes} bytes, the views end at byte {end}"
        log.report(FormatError(text, record=reader.record, field="total length", offset=LENGTH_OFFSET))
    if data_bytes > max(end, decoded.total_bytes):
        text = f"{data_bytes - end} bytes follow the last view"
        log.report(FormatError(text, record=reader.record, field="end of record", offset=end))
