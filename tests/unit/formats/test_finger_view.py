from __future__ import annotations

from collections.abc import Callable

import pytest

from biocapil.errors import TruncatedRecord
from biocapil.formats import ExtendedBlock, FingerView
from biocapil.formats.byte_reader import ByteReader, ProblemLog
from biocapil.formats.finger_view import decode_view, encode_view


def test_the_bytes_stand_where_the_standard_puts_them(make_view: Callable[..., FingerView]) -> None:
    view = make_view(
        [(2, 0x1234, 0x2345, 0x67, 0x50)],
        reserved=1,
        position=7,
        view_number=3,
        impression=9,
        quality=99,
        blocks=(ExtendedBlock(kind=0x1234, data=b"\xab"),),
    )
    assert encode_view(view).hex(" ") == "07 39 63 01 92 34 63 45 67 50 00 05 12 34 00 05 ab"


def test_a_view_comes_back_field_by_field(make_view: Callable[..., FingerView]) -> None:
    data = encode_view(make_view([(3, 16383, 16382, 255, 255)], reserved=3, position=11, impression=15))
    view = decode_view(ByteReader(data, record="r"), ProblemLog(strict=True), view="v")
    minutiae = view.minutiae
    assert (view.position, view.view_number, view.impression, view.quality) == (11, 0, 15, 80)
    columns = (minutiae.kinds, minutiae.x_px, minutiae.y_px, minutiae.angles, minutiae.qualities)
    assert [int(column[0]) for column in columns] == [3, 16383, 16382, 255, 255]
    assert int(minutiae.reserved[0]) == 3


def test_a_cut_view_keeps_its_whole_minutiae(make_view: Callable[..., FingerView]) -> None:
    data = encode_view(make_view())[: 4 + 6 + 5]
    with pytest.raises(TruncatedRecord) as caught:
        decode_view(ByteReader(data, record="r"), ProblemLog(strict=True), view="v")
    assert (caught.value.field, caught.value.offset) == ("v, minutia 2 of 2", 10)
    reader, log = ByteReader(data, record="r"), ProblemLog(strict=False)
    assert len(decode_view(reader, log, view="v").minutiae) == 1
    assert [problem.field for problem in log.problems] == ["v, minutia 2 of 2"]
    assert not reader.remaining


@pytest.mark.parametrize(
    ("length", "field"),
    [
        (0, "v, finger position"),
        (1, "v, view number and impression type"),
        (2, "v, finger quality"),
        (3, "v, number of minutiae"),
    ],
)
def test_a_cut_head_is_no_view_even_when_lenient(
    make_view: Callable[..., FingerView], length: int, field: str
) -> None:
    reader = ByteReader(encode_view(make_view())[:length], record="r")
    with pytest.raises(TruncatedRecord) as caught:
        decode_view(reader, ProblemLog(strict=False), view="v")
    assert (caught.value.field, caught.value.offset) == (field, length)
