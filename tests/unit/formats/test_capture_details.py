from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from biocapil.errors import FormatError
from biocapil.formats import CaptureDate, CaptureDetails, QualityBlock
from biocapil.formats.byte_reader import ByteReader
from biocapil.formats.capture_details import (
    best_quality,
    read_capture_details,
    write_capture_details,
    write_count,
)

MOMENT = datetime(2026, 11, 24, 15, 48, 55, 123_000, tzinfo=UTC)


def test_a_moment_keeps_its_milliseconds_and_becomes_utc() -> None:
    east = MOMENT.astimezone(timezone(timedelta(hours=7)))
    assert CaptureDate.of(east).moment == MOMENT
    assert CaptureDate.of(east).hour == 15


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="must name its time zone"):
        CaptureDate.of(MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        (CaptureDate(), None),
        (CaptureDate(year=2026, month=11), None),
        (CaptureDate(month=1, day=1, hour=0, minute=0, second=0), None),
        (CaptureDate(year=2026, month=2, day=30, hour=0, minute=0, second=0), None),
        (
            CaptureDate(year=2026, month=2, day=3, hour=4, minute=5, second=6),
            datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        ),
    ],
)
def test_only_a_date_known_to_the_second_is_a_moment(date: CaptureDate, moment: datetime | None) -> None:
    assert date.moment == moment


def test_the_bytes_are_those_of_the_standard() -> None:
    details = CaptureDetails(
        date=CaptureDate.of(MOMENT),
        device_technology=1,
        device_vendor=0x0203,
        device_type=0x0405,
        qualities=(QualityBlock(score=57, vendor=0x0607, algorithm=0x0809),),
    )
    data = bytes.fromhex("07ea 0b18 0f3037 007b 01 0203 0405 01 39 0607 0809")
    assert write_capture_details(details, record="ISO", where="") == data
    assert read_capture_details(ByteReader(data, record="ISO"), where="") == details


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (2, 13, "capture, month, byte 2: 13 is not allowed, must be 1..12 or 255"),
        (7, 4, "capture, millisecond, byte 7: 1147 is not allowed, must be 0..999 or 65535"),
        (15, 101, "quality block 1, score, byte 15: 101 is not allowed, must be 0..100 or 255"),
    ],
)
def test_values_that_are_not_allowed_are_named(place: int, value: int, said: str) -> None:
    data = bytearray.fromhex("07ea 0b18 0f3037 007b 01 0203 0405 01 39 0607 0809")
    data[place] = value
    with pytest.raises(FormatError, match=said):
        read_capture_details(ByteReader(bytes(data), record="ISO"), where="")


def test_the_best_score_counts_and_a_failed_one_does_not() -> None:
    blocks = tuple(QualityBlock(score=score) for score in (40, 255, 60))
    assert best_quality(CaptureDetails(qualities=blocks)) == 60
    assert best_quality(CaptureDetails(qualities=blocks[1:2])) is None


def test_more_blocks_than_a_byte_can_count_are_refused() -> None:
    assert write_count(255, record="ISO", where="", words="blocks") == b"\xff"
    details = CaptureDetails(qualities=(QualityBlock(score=1),) * 256)
    with pytest.raises(FormatError, match="image 1, number of quality blocks: 256 are more than 1 bytes"):
        write_capture_details(details, record="ISO", where="image 1")
