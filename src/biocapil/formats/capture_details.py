"""When and with what an image was captured, and how good it is: the part that all 2011 editions share.

Reference: ISO/IEC 19794-1:2011, clauses 12.3 to 12.6; the numbers stand as in the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from biocapil.errors import FormatError
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.field_layout import Field, place_of, read_fields, write_fields

UNKNOWN_BYTE = 0xFF
UNKNOWN_WORD = 0xFFFF
QUALITY_FAILED = 255
"""Score of an algorithm that ran and gave none."""

DATE_LAYOUT = (
    Field("year", 2),
    Field("month", 1, low=1, high=12, also=UNKNOWN_BYTE),
    Field("day", 1, low=1, high=31, also=UNKNOWN_BYTE),
    Field("hour", 1, high=23, also=UNKNOWN_BYTE),
    Field("minute", 1, high=59, also=UNKNOWN_BYTE),
    Field("second", 1, high=59, also=UNKNOWN_BYTE),
    Field("millisecond", 2, high=999, also=UNKNOWN_WORD),
)
DEVICE_LAYOUT = (Field("device_technology", 1), Field("device_vendor", 2), Field("device_type", 2))
QUALITY_LAYOUT = (
    Field("score", 1, high=100, also=QUALITY_FAILED),
    Field("vendor", 2),
    Field("algorithm", 2),
)
CERTIFICATION_LAYOUT = (Field("authority", 2), Field("scheme", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureDate:
    """Date and time of a capture in UTC; what is not known holds all ones.

    Attributes:
        year: 65535 where unknown.
        month: 1 to 12, or 255.
        day: 1 to 31, or 255.
        hour: 0 to 23, or 255.
        minute: 0 to 59, or 255.
        second: 0 to 59, or 255.
        millisecond: 0 to 999, or 65535.
    """

    year: int = UNKNOWN_WORD
    month: int = UNKNOWN_BYTE
    day: int = UNKNOWN_BYTE
    hour: int = UNKNOWN_BYTE
    minute: int = UNKNOWN_BYTE
    second: int = UNKNOWN_BYTE
    millisecond: int = UNKNOWN_WORD

    @classmethod
    def of(cls, moment: datetime) -> CaptureDate:
        """The same moment, to the millisecond.

        Raises:
            ValueError: The moment names no time zone.
        """
        if moment.tzinfo is None:
            raise ValueError("the moment of a capture must name its time zone")
        utc = moment.astimezone(UTC)
        return cls(
            year=utc.year,
            month=utc.month,
            day=utc.day,
            hour=utc.hour,
            minute=utc.minute,
            second=utc.second,
            millisecond=utc.microsecond // 1000,
        )

    @property
    def moment(self) -> datetime | None:
        """The moment, where it is known to the second; an unknown millisecond counts as 0."""
        whole = (self.month, self.day, self.hour, self.minute, self.second)
        if UNKNOWN_BYTE in whole or self.year == UNKNOWN_WORD:
            return None
        millisecond = 0 if self.millisecond == UNKNOWN_WORD else self.millisecond
        try:
            return datetime(self.year, *whole, millisecond * 1000, tzinfo=UTC)
        except ValueError:  # the 31st of a month of 30 days, the year 0
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityBlock:
    """One quality score and who computed it.

    Attributes:
        score: 0 to 100, or 255 where the algorithm failed.
        vendor: IBIA number of the algorithm's vendor.
        algorithm: The vendor's number of the algorithm.
    """

    score: int
    vendor: int = 0
    algorithm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationBlock:
    """One certification of the capture device.

    Attributes:
        authority: IBIA number of the certification authority.
        scheme: Certification scheme.
    """

    authority: int
    scheme: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureDetails:
    """When and with what one image was captured.

    Attributes:
        date: Moment of the capture.
        device_technology: Technology code of the standard's own table; 0 where unknown.
        device_vendor: IBIA number of the device's vendor; 0 where unreported.
        device_type: The vendor's number of the device; 0 where unreported.
        qualities: Quality scores, in the order of the record.
    """

    date: CaptureDate = field(default_factory=CaptureDate)
    device_technology: int = 0
    device_vendor: int = 0
    device_type: int = 0
    qualities: tuple[QualityBlock, ...] = ()


def best_quality(details: CaptureDetails) -> int | None:
    """Highest quality score, 0 to 100; None where there is none."""
    scores = [block.score for block in details.qualities if block.score != QUALITY_FAILED]
    return max(scores, default=None)


def read_capture_details(reader: ByteReader, *, where: str) -> CaptureDetails:
    """Read from the capture date to the last quality block."""
    date = CaptureDate(**read_fields(reader, DATE_LAYOUT, where=place_of(where, "capture")))
    device = read_fields(reader, DEVICE_LAYOUT, where=where)
    count = reader.unsigned(1, place_of(where, "number of quality blocks"))
    qualities = tuple(
        QualityBlock(**read_fields(reader, QUALITY_LAYOUT, where=place_of(where, f"quality block {number}")))
        for number in range(1, count + 1)
    )
    return CaptureDetails(date=date, qualities=qualities, **device)


def write_capture_details(details: CaptureDetails, *, record: str, where: str) -> bytes:
    """Bytes from the capture date to the last quality block."""
    return b"".join(
        (
            write_fields(details.date, DATE_LAYOUT, record=record, where=place_of(where, "capture")),
            write_fields(details, DEVICE_LAYOUT, record=record, where=where),
            write_count(len(details.qualities), record=record, where=where, words="number of quality blocks"),
            *(
                write_fields(block, QUALITY_LAYOUT, record=record, where=place_of(where, "quality block"))
                for block in details.qualities
            ),
        )
    )


def read_certifications(reader: ByteReader, *, where: str) -> tuple[CertificationBlock, ...]:
    """Read the certification blocks with their count."""
    count = reader.unsigned(1, place_of(where, "number of certification blocks"))
    place = place_of(where, "certification block")
    return tuple(
        CertificationBlock(**read_fields(reader, CERTIFICATION_LAYOUT, where=place)) for _ in range(count)
    )


def write_certifications(blocks: tuple[CertificationBlock, ...], *, record: str, where: str) -> bytes:
    """Bytes of the certification blocks with their count."""
    place = place_of(where, "certification block")
    return b"".join(
        (
            write_count(len(blocks), record=record, where=where, words="number of certification blocks"),
            *(write_fields(block, CERTIFICATION_LAYOUT, record=record, where=place) for block in blocks),
        )
    )


def write_count(count: int, *, record: str, where: str, words: str, size: int = 1) -> bytes:
    """A number of things as bytes.

    Raises:
        FormatError: There are more than the bytes can say.
    """
    if count >= 1 << 8 * size:
        raise FormatError(
            f"{count} are more than {size} bytes can say", record=record, field=place_of(where, words)
        )
    return count.to_bytes(size, "big")
