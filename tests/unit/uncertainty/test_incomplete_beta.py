import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from biocapil.uncertainty.incomplete_beta import incomplete_beta


@given(
    x=st.floats(0, 1),
    a=st.floats(0.05, 1e4, allow_nan=False),
    b=st.floats(0.05, 1e4, allow_nan=False),
)
def test_values_are_those_of_an_independent_library(x: float, a: float, b: float) -> None:
    assert incomplete_beta(x, a, b) == pytest.approx(float(special.betainc(a, b, x)), rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("a", [1e6, 1e8])
def test_the_middle_of_a_large_symmetric_case_is_one_half(a: float) -> None:
    assert incomplete_beta(0.5, a, a) == pytest.approx(0.5, abs=1e-5)


def test_whole_numbers_give_tails_of_the_binomial() -> None:
    at_least_two = sum(math.comb(5, k) * 0.3**k * 0.7 ** (5 - k) for k in range(2, 6))
    assert incomplete_beta(0.3, 2, 4) == pytest.approx(at_least_two, abs=1e-14)


def test_a_fraction_whose_denominator_vanishes_is_survived() -> None:
    # (a + b) x / (a + 1) is 1: the first denominator of the fraction is exactly 0.
    assert incomplete_beta(0.5, 1.0, 3.0) == pytest.approx(0.875, abs=1e-14)


@pytest.mark.parametrize(("x", "expected"), [(0.0, 0.0), (1.0, 1.0)])
def test_the_ends_are_exact(x: float, expected: float) -> None:
    assert incomplete_beta(x, 2.5, 3.5) == expected


def test_arguments_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match=r"x must lie in \[0, 1\], got 1.5"):
        incomplete_beta(1.5, 1, 1)
    with pytest.raises(ValueError, match="a and b must be above 0, got 0 and 1"):
        incomplete_beta(0.5, 0, 1)
