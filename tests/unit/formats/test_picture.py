from __future__ import annotations

import pytest

from biocapil.errors import FormatError
from biocapil.formats.picture import refuse_bomb


def test_a_ten_print_card_at_1000_ppi_is_allowed() -> None:
    refuse_bomb(columns=8000, rows=8000)


def test_one_row_more_is_refused() -> None:
    with pytest.raises(FormatError, match="8000 x 8001 pixels are more than the 64,000,000 allowed"):
        refuse_bomb(columns=8000, rows=8001)


@pytest.mark.parametrize("size", [(0, 1), (1, 0)])
def test_an_empty_picture_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(FormatError, match="are no image"):
        refuse_bomb(columns=size[0], rows=size[1])
