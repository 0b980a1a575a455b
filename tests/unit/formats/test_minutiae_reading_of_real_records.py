"""Strict and lenient reading of records that other people's software wrote."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from biocapil.errors import FormatError, TruncatedRecord, UnsupportedVersion
from biocapil.formats import RecordStandard, read_minutiae_record, write_minutiae_record

ISO, ANSI = RecordStandard
ANY = "finger minutiae record"


def refusal(data: bytes, kind: type[FormatError]) -> FormatError:
    with pytest.raises(FormatError) as caught:
        read_minutiae_record(data)
    assert type(caught.value) is kind
    return caught.value


class Defect(NamedTuple):
    """A real record that breaks its standard: how it is refused, and what lenient reading keeps."""

    name: str
    kind: type[FormatError]
    place: tuple[str, str, int]
    text: str
    minutiae: list[int]
    problems: int


DEFECTS = [
    Defect(
        "fmr_secugen_fvc/invalid/101_1_truncate_1_byte.iso",
        TruncatedRecord,
        (ISO.title, "finger view 1, extended data length", 28),
        "bytes needed: 2, left: 1; the header states 30 bytes in all, 29 are there",
        [0],
        1,
    ),
    Defect(
        "fmr_secugen_fvc/invalid/101_1_truncate_2_bytes.iso",
        TruncatedRecord,
        (ISO.title, "finger view 1, extended data length", 28),
        "bytes needed: 2, left: 0; the header states 30 bytes in all, 28 are there",
        [0],
        1,
    ),
    Defect(
        "fmr_secugen_fvc/invalid/101_1_truncate_3_bytes.iso",
        TruncatedRecord,
        (ISO.title, "finger view 1, number of minutiae", 27),
        "bytes needed: 1, left: 0; the header states 30 bytes in all, 27 are there",
        [],
        1,
    ),
    # One byte short: extended data and block both state 42 bytes, the file and its header end after 41.
    Defect(
        "libbiomeval_vectors/fmr.iso2005",
        TruncatedRecord,
        (ISO.title, "finger view 2, extended data", 330),
        "bytes needed: 42, left: 41",
        [27, 22],
        2,
    ),
    # Malformed: two cores and four deltas with angles take 40 bytes, the block states 38; two are left over.
    Defect(
        "libbiomeval_vectors/fmr.ansi2004",
        FormatError,
        (ANSI.title, "finger view 3, extended data block 2", 1194),
        "type 2 has 38 bytes of content, its own counts ask for 40",
        [27, 22, 28],
        2,
    ),
    # Version written 020, ISO's angles, six bytes of ridge counts where seven are whole, total two too small.
    Defect(
        "fmr_fingerprintio/ansi378v2004-sample.dat",
        UnsupportedVersion,
        (ANY, "version", 4),
        "is a miswritten",
        [27, 22],
        4,
    ),
    # A block's length that leaves out its own four bytes of head.
    Defect(
        "fmr_fingerprintio/iso19794p2v2005-sample.dat",
        FormatError,
        (ISO.title, "finger view 2, extended data block 2 length", 338),
        "type 48182 states 8515 bytes, allowed are 4..4",
        [27, 22],
        1,
    ),
    # Padded with zeros to 384 bytes.
    *(
        Defect(
            f"sourceafis_samples/iso-{name}.dat",
            FormatError,
            (ISO.title, "end of record", end),
            f"{384 - end} bytes follow the last view",
            [count],
            1,
        )
        for name, end, count in (("probe", 263, 38), ("matching", 263, 38), ("nonmatching", 269, 39))
    ),
]


@pytest.mark.lent
@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_defective_records_are_refused_with_the_place_and_read_as_far_as_sound(
    lent_data: Path, defect: Defect
) -> None:
    data = (lent_data / "vectors" / defect.name).read_bytes()
    problem = refusal(data, defect.kind)
    assert (problem.record, problem.field, problem.offset) == defect.place
    assert defect.text in str(problem)
    parsed = read_minutiae_record(data, strict=False)
    assert [len(view.minutiae) for view in parsed.record.views] == defect.minutiae
    assert len(parsed.problems) == defect.problems
    first = parsed.problems[0]
    assert (first.record, first.field, first.offset) == defect.place


@pytest.mark.lent
@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("fmr_fingerprintio/ansi378v2009-sample.dat", "ANSI/INCITS 378-2009;"),
        ("fmr_fingerprintio/ansi378v2009am1-sample.dat", "ANSI/INCITS 378-2009 with amendment 1;"),
        ("fmr_fingerprintio/iso19794p2v2011-sample.dat", "ISO/IEC 19794-2:2011;"),
        ("libbiomeval_vectors/fmr.ansi2007", "ANSI/INCITS 378-2009;"),
    ],
)
def test_real_records_of_other_editions_are_named(lent_data: Path, name: str, edition: str) -> None:
    problem = refusal((lent_data / "vectors" / name).read_bytes(), UnsupportedVersion)
    assert f" is {edition}" in str(problem)


@pytest.mark.lent
@pytest.mark.parametrize(
    "dataset", ["fvc2002_db1_b", "fvc2002_db2_b", "fvc2002_db3_b", "fvc2004_db1_b", "fvc2004_db3_b"]
)
def test_all_records_of_another_extractor_read_strictly_and_come_back_byte_for_byte(
    lent_data: Path, dataset: str
) -> None:
    files = sorted((lent_data / "vectors" / "fmr_secugen_fvc" / dataset).iterdir())
    assert len(files) == 80
    for file in files:
        data = file.read_bytes()
        parsed = read_minutiae_record(data)
        assert len(parsed.record.views) == 1
        assert len(parsed.record.views[0].minutiae) == data[27]
        assert write_minutiae_record(parsed.record) == data, file.name
