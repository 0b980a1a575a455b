from __future__ import annotations

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.reporting.axes import AxisKind, LinearScale, LogScale, NormalDeviateScale


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


def test_multiples_of_the_powers_are_ticks_where_asked_for() -> None:
    scale = LogScale(low=0.03, high=0.6, start=0, end=1, steps=(1, 2, 5))

    assert scale.ticks() == pytest.approx((0.05, 0.1, 0.2, 0.5))


def test_a_normal_deviate_axis_is_straight_in_the_deviate() -> None:
    normal = NormalDist()
    scale = NormalDeviateScale(low=normal.cdf(-3), high=normal.cdf(1), start=0, end=400)

    places = [scale.place(normal.cdf(deviate)) for deviate in (-9, -3, -2.5, 0, 1, 5)]

    assert places == pytest.approx([0, 0, 50, 300, 400, 400], abs=1e-6)
    assert (scale.place(0.0), scale.place(1.0)) == pytest.approx((0, 400))


def test_normal_deviate_ticks_are_the_customary_rates_inside() -> None:
    scale = NormalDeviateScale(low=1e-3, high=0.5, start=0, end=1)

    assert scale.ticks() == (1e-3, 0.01, 0.05, 0.1, 0.2, 0.4)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.5), (0.1, 1.0), (0.5, 0.5), (0.6, 0.4)])
def test_a_normal_deviate_axis_needs_rates_between_0_and_1(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="need 0 < low < high < 1"):
        NormalDeviateScale(low=low, high=high, start=0, end=1)


def test_each_scale_tells_its_kind() -> None:
    kinds = [
        scale(low=0.1, high=0.9, start=0, end=1).kind for scale in (LinearScale, LogScale, NormalDeviateScale)
    ]

    assert kinds == list(AxisKind)
