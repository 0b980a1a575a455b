from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.error_rate import Interval
from biocapil.expected_rate import ExpectedRate, at_least_once, one_in


def rate(
    value: float = 1e-3, low: float = 1e-4, high: float = 1e-2, *, extrapolated: bool = False
) -> ExpectedRate:
    return ExpectedRate(value=value, interval=Interval(low=low, high=high), extrapolated=extrapolated)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (1.0, "100 %"),
        (0.999, "99.9 %"),
        (0.5, "50 %"),
        (0.123, "12.3 %"),
        (0.01, "1 %"),
        (0.00123, "0.12 %"),
        (1e-4, "0.01 %"),
        (9.96e-5, "1 in 10,000"),
        (3e-5, "3 in 100,000"),
        (2.6e-7, "3 in 10,000,000"),
        (1e-12, "1 in 1,000,000,000,000"),
        (3e-14, "3 in 10^14"),
        (1e-300, "1 in 10^300"),
    ],
)
def test_a_rate_reads_as_people_say_it(value: float, words: str) -> None:
    assert one_in(value) == words


@given(st.floats(0, 1), st.integers(0, 10**12))
def test_more_trials_never_make_an_event_less_likely(chance: float, trials: int) -> None:
    assert 0 <= at_least_once(chance, trials) <= at_least_once(chance, trials + 1) <= 1


@given(st.floats(0, 1), st.integers(1, 50))
def test_the_chance_of_at_least_one_event_is_what_is_left_of_none(chance: float, trials: int) -> None:
    assert at_least_once(chance, trials) == pytest.approx(1 - (1 - chance) ** trials, abs=1e-12)


def test_small_rates_keep_their_figures() -> None:
    assert at_least_once(1e-18, 1000) == pytest.approx(1e-15)
    assert at_least_once(0.3, 1) == pytest.approx(0.3)
    assert at_least_once(1.0, 0) == 0.0
    assert at_least_once(1.0, 5) == 1.0


@pytest.mark.parametrize(
    ("chance", "trials"), [(-0.1, 1), (1.1, 1), (math.nan, 1), (0.5, -1), (0.5, math.nan)]
)
def test_what_is_no_chance_is_refused(chance: float, trials: float) -> None:
    with pytest.raises(ValueError, match=r"needs a rate in \[0, 1\] and 0 trials or more"):
        at_least_once(chance, trials)


def test_among_many_people_the_limits_grow_with_the_rate() -> None:
    among = rate(1e-6, 1e-7, 1e-5, extrapolated=True).among(1000)
    assert among.value == pytest.approx(1e-3, rel=1e-3)
    assert among.interval.low == pytest.approx(1e-4, rel=1e-3)
    assert among.interval.high == pytest.approx(1e-2, rel=1e-2)
    assert among.interval.confidence == 0.95
    assert among.extrapolated


def test_among_one_person_nothing_changes() -> None:
    assert rate().among(1).value == pytest.approx(1e-3)


def test_words_tell_the_limits_and_whether_it_was_counted() -> None:
    assert rate().words() == "0.1 % (95 %: 0.01 % to 1 %)"
    far = rate(3e-7, 2e-8, 8e-7, extrapolated=True).words()
    assert far == "3 in 10,000,000 (95 %: 2 in 100,000,000 to 8 in 10,000,000, extrapolated)"


@pytest.mark.parametrize("value", [0.0, 0.5, math.nan])
def test_a_value_outside_its_interval_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="value must lie in its interval"):
        rate(value)
