from __future__ import annotations

import pytest

from biocapil.reporting.tick_words import (
    grouped,
    percent,
    plain,
    power_of_ten,
    rate_words,
    rounded_percent,
    short_count,
)


def test_rates_and_counts_are_written_as_people_read_them() -> None:
    assert (percent(0.001), percent(0.99999), percent(0.07)) == ("0.1 %", "99.999 %", "7 %")
    assert (grouped(1234567), plain(0.25)) == ("1,234,567", "0.25")


@pytest.mark.parametrize(
    ("count", "written"), [(0.5, "0.5"), (999, "999"), (2e4, "20k"), (1.5e6, "1.5M"), (1e10, "10G")]
)
def test_large_counts_are_short(count: float, written: str) -> None:
    assert short_count(count) == written


@pytest.mark.parametrize(
    ("value", "written"), [(1e-9, "10⁻⁹"), (1.0, "1"), (1e12, "10¹²"), (0.02, "0.02"), (0.0, "0")]
)
def test_powers_of_ten_are_written_as_such(value: float, written: str) -> None:
    assert power_of_ten(value) == written


def test_an_axis_is_written_in_one_way() -> None:
    assert rate_words(1e-5)(1e-3) == "0.1 %"
    assert rate_words(1e-6)(1e-3) == "10⁻³"


def test_a_rate_is_rounded_to_three_digits() -> None:
    assert (rounded_percent(0.0123456), rounded_percent(1.0)) == ("1.23 %", "100 %")
