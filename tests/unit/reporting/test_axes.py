from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.reporting.axes import LinearScale, LogScale


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_linear_ticks_are_few_and_inside(low: float, width: float) -> None:
    scale = LinearScale(low=low, high=low + width, start=0, end=100)

    ticks = scale.ticks()

    assert 3 <= len(ticks) <= 11
    assert all(low - width * 1e-3 <= tick <= low + width * 1.001 for tick in ticks)


def test_ends_and_what_lies_beyond_land_on_the_ends() -> None:
    linear = LinearScale(low=0, high=10, start=100, end=0)
    log = LogScale(low=0.01, high=1, start=0, end=100)

    assert [linear.place(value) for value in (-5, 0, 5, 10, 50)] == [100, 100, 50, 0, 0]
    assert [log.place(value) for value in (0, 0.01, 0.1, 1, 9)] == pytest.approx([0, 0, 50, 100, 100])


def test_log_ticks_are_the_powers_of_ten() -> None:
    assert LogScale(low=1e-3, high=1, start=0, end=1).ticks() == pytest.approx((1e-3, 1e-2, 0.1, 1))
    assert LogScale(low=0.5, high=120, start=0, end=1).ticks() == (1, 10, 100)
