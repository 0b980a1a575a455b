from __future__ import annotations

import pytest

from biocapil.errors import FormatError, TruncatedRecord
from biocapil.formats.raw_images import decode_raw


def test_rows_come_one_after_another_from_the_top() -> None:
    assert decode_raw(bytes(range(6)), raw_size=(3, 2)).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_fewer_bytes_than_the_size_are_a_truncated_record() -> None:
    with pytest.raises(TruncatedRecord, match="3 columns x 2 rows at 8 bits are 6 bytes, the file has 5"):
        decode_raw(bytes(5), raw_size=(3, 2))


def test_more_bytes_than_the_size_are_refused() -> None:
    with pytest.raises(FormatError, match="the file has 7") as refusal:
        decode_raw(bytes(7), raw_size=(3, 2))
    assert type(refusal.value) is FormatError


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, -1)])
def test_an_empty_size_is_a_broken_contract(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="raw_size"):
        decode_raw(b"", raw_size=size)
