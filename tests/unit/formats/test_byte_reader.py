from __future__ import annotations

import pytest

from biocapil.errors import FormatError, TruncatedRecord
from biocapil.formats.byte_reader import ByteReader, ProblemLog


def test_numbers_are_big_endian_and_the_position_moves() -> None:
    reader = ByteReader(b"\x01\x02\x03", record="r")
    assert reader.unsigned(2, "f") == 0x0102
    assert (reader.offset, reader.remaining) == (2, 1)
    assert reader.take_rest() == b"\x03"
    assert reader.take_rest() == b""


def test_too_few_bytes_name_record_field_and_offset_and_do_not_move() -> None:
    reader = ByteReader(b"abc", record="r", offset=2)
    with pytest.raises(TruncatedRecord) as caught:
        reader.take(2, "f")
    assert (caught.value.record, caught.value.field, caught.value.offset) == ("r", "f", 2)
    assert str(caught.value) == "r, f, byte 2: bytes needed: 2, left: 1"
    assert reader.offset == 2


def test_the_stated_length_is_told_where_it_differs() -> None:
    reader = ByteReader(b"abc", record="r")
    reader.stated_total = 3
    assert "the header states" not in str(reader.truncated(4, "f"))
    reader.stated_total = 9
    assert "the header states 9 bytes in all, 3 are there" in str(reader.truncated(4, "f"))


def test_a_strict_log_raises_and_a_lenient_one_keeps() -> None:
    problems = [FormatError("one"), FormatError("two")]
    with pytest.raises(FormatError, match="one"):
        ProblemLog(strict=True).report_all(problems)
    lenient = ProblemLog(strict=False)
    lenient.report_all(problems)
    assert lenient.problems == problems
