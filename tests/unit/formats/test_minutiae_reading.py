from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.errors import FormatError, TruncatedRecord, UnsupportedVersion
from biocapil.formats import (
    ExtendedBlock,
    FingerView,
    MinutiaeRecord,
    RecordStandard,
    read_minutiae_record,
    write_minutiae_record,
)

ISO, ANSI = RecordStandard
ANY = "finger minutiae record"
RecordMaker = Callable[..., MinutiaeRecord]
ViewMaker = Callable[..., FingerView]


def two_views(make_record: RecordMaker, make_view: ViewMaker, standard: RecordStandard) -> bytes:
    blocks = (ExtendedBlock(kind=1, data=bytes(4)), ExtendedBlock(kind=300, data=b"vendor"))
    record = make_record(standard, make_view(blocks=blocks), make_view(position=7, blocks=blocks[1:]))
    return write_minutiae_record(record)


def refusal(data: bytes, kind: type[FormatError] = FormatError) -> FormatError:
    with pytest.raises(FormatError) as caught:
        read_minutiae_record(data)
    assert type(caught.value) is kind
    return caught.value


@pytest.mark.parametrize("standard", RecordStandard)
def test_the_standard_is_told_from_the_length_field(
    make_record: RecordMaker, make_view: ViewMaker, standard: RecordStandard
) -> None:
    data = two_views(make_record, make_view, standard)
    assert read_minutiae_record(data).record.standard is standard


def test_long_iso_records_stay_iso(make_record: RecordMaker, make_view: ViewMaker) -> None:
    block = ExtendedBlock(kind=300, data=bytes(0xFFFF - 4))
    views = [make_view(view_number=number, blocks=(block,)) for number in range(2)]
    data = write_minutiae_record(make_record(ISO, *views))
    assert data[8:10] == b"\0\2"
    assert read_minutiae_record(data).record.standard is ISO


@pytest.mark.parametrize("standard", RecordStandard)
def test_a_record_cut_anywhere_is_truncated_and_never_anything_else(
    make_record: RecordMaker, make_view: ViewMaker, standard: RecordStandard
) -> None:
    data = two_views(make_record, make_view, standard)
    header_bytes = 26 if standard is ANSI else 24
    whole = sum(len(view.minutiae) for view in read_minutiae_record(data).record.views)
    for length in range(len(data)):
        problem = refusal(data[:length], TruncatedRecord)
        assert problem.record
        assert problem.field
        assert problem.offset is not None
        assert problem.offset <= length
        if length < header_bytes:
            with pytest.raises(TruncatedRecord):
                read_minutiae_record(data[:length], strict=False)
        else:
            parsed = read_minutiae_record(data[:length], strict=False)
            assert isinstance(parsed.problems[0], TruncatedRecord)
            assert sum(len(view.minutiae) for view in parsed.record.views) <= whole


@pytest.mark.parametrize("strict", [True, False])
def test_other_files_are_no_record(*, strict: bool) -> None:
    with pytest.raises(FormatError, match="format identifier, byte 0: begins with b'FIR") as caught:
        read_minutiae_record(b"FIR\0 20\0" + bytes(40), strict=strict)
    assert type(caught.value) is FormatError


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"FMR\x00035\0" + bytes(40), "ANSI/INCITS 378-2009 with amendment 1"),
        (b"FMR\x00030\0" + bytes(40), "ANSI/INCITS 378-2009"),
        (b"FMR\x00030\0\0\0\0\x20\0\1\0\0\0\0\x11" + bytes(13), "ISO/IEC 19794-2:2011"),
        (b"FMR\x00030\0\0\0\0\x40\0\2\0\0\0\0\x11" + bytes(45), "ISO/IEC 19794-2:2011"),
        (b"FMR\x00099\0" + bytes(40), "no known edition"),
    ],
)
def test_other_editions_are_named_and_refused(data: bytes, name: str, *, strict: bool) -> None:
    with pytest.raises(UnsupportedVersion) as caught:
        read_minutiae_record(data, strict=strict)
    assert (caught.value.record, caught.value.field, caught.value.offset) == (ANY, "version", 4)
    assert f"is {name}; read are ISO/IEC 19794-2:2005 and ANSI/INCITS 378-2004" in str(caught.value)


def test_the_version_miswritten_in_the_wild_is_a_problem(
    make_record: RecordMaker, make_view: ViewMaker
) -> None:
    data = two_views(make_record, make_view, ANSI)
    wild = data[:4] + b"020\0" + data[8:]
    assert "b'020\\x00' is a miswritten b' 20\\x00'" in str(refusal(wild, UnsupportedVersion))
    parsed = read_minutiae_record(wild, strict=False)
    assert [type(problem) for problem in parsed.problems] == [UnsupportedVersion]
    assert write_minutiae_record(parsed.record) == data


def test_a_wrong_total_length_is_named(make_record: RecordMaker, make_view: ViewMaker) -> None:
    data = two_views(make_record, make_view, ISO)
    for stated in (len(data) - 1, len(data) + 1):
        wrong = data[:8] + stated.to_bytes(4, "big") + data[12:]
        problem = refusal(wrong)
        assert (problem.field, problem.offset) == ("total length", 8)
        assert f"states {stated} bytes, the views end at byte {len(data)}" in str(problem)
        parsed = read_minutiae_record(wrong, strict=False)
        assert len(parsed.problems) == 1
        assert write_minutiae_record(parsed.record) == data


def test_bytes_behind_the_record_are_named(make_record: RecordMaker, make_view: ViewMaker) -> None:
    data = two_views(make_record, make_view, ISO)
    problem = refusal(data + bytes(3))
    assert (problem.field, problem.offset) == ("end of record", len(data))
    assert "3 bytes follow the last view" in str(problem)


def test_lenient_reading_keeps_what_it_reports(make_record: RecordMaker, make_view: ViewMaker) -> None:
    sound = make_record(ISO, make_view([(1, 10, 20, 30, 40)]))
    data = bytearray(write_minutiae_record(sound))
    data[12] |= 0x10  # a reserved compliance bit
    data[23] = 5  # the reserved byte
    data[28] |= 0xC0  # minutia type 3
    data[30] |= 0x40  # reserved bits above y
    data[33] = 101  # quality of the minutia
    parsed = read_minutiae_record(bytes(data), strict=False)
    assert [problem.offset for problem in parsed.problems] == [12, 23, 28, 33, 30]
    header, minutiae = parsed.record.header, parsed.record.views[0].minutiae
    assert (header.compliance, header.reserved) == (1, 5)
    assert (minutiae.kinds[0], minutiae.reserved[0], minutiae.qualities[0]) == (3, 1, 101)
    assert refusal(bytes(data)).field == "capture device, reserved bits"


def test_views_that_are_missing_are_reported_once(make_record: RecordMaker, make_view: ViewMaker) -> None:
    data = bytearray(write_minutiae_record(make_record(ISO, make_view())))
    data[22] = 9
    parsed = read_minutiae_record(bytes(data), strict=False)
    assert len(parsed.record.views) == 1
    assert [problem.field for problem in parsed.problems] == ["finger view 2, finger position"]


def read_or_refuse(data: bytes) -> None:
    """Nothing but FormatError may come out, and lenient reading accepts what strict reading does."""
    try:
        strict = read_minutiae_record(data)
    except FormatError as problem:
        assert problem.offset is not None  # noqa: PT017 - the refusal itself is the subject
        strict = None
    try:
        lenient = read_minutiae_record(data, strict=False)
    except FormatError:
        assert strict is None
        return
    assert bool(lenient.problems) is (strict is None)
    if strict is not None:
        assert write_minutiae_record(strict.record) == data


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"FMR\0", b"FMR\0 20\0", b"FMR\0 20\0\0\x30", b"FMR\0 20\0\0\0\0\x60"]),
)
@settings(max_examples=300, deadline=None)
def test_random_bytes_raise_nothing_but_format_errors(noise: bytes, opening: bytes) -> None:
    read_or_refuse(opening + noise)


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_mutated_records_raise_nothing_but_format_errors(
    data: st.DataObject, records: st.SearchStrategy[MinutiaeRecord]
) -> None:
    mutated = bytearray(write_minutiae_record(data.draw(records)))
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    start = data.draw(st.integers(0, len(mutated)))
    del mutated[start : start + data.draw(st.sampled_from([0, 0, 1, 6, 100]))]
    read_or_refuse(bytes(mutated))


@pytest.mark.lent
@pytest.mark.parametrize("name", ["libbiomeval_vectors/fmr.iso2005", "libbiomeval_vectors/fmr.ansi2004"])
def test_mutilations_of_a_real_record_raise_nothing_but_format_errors(lent_data: Path, name: str) -> None:
    data = (lent_data / "vectors" / name).read_bytes()
    for position in range(len(data)):
        read_or_refuse(data[:position])
        read_or_refuse(data[:position] + bytes((data[position] ^ 0xFF,)) + data[position + 1 :])
