import pytest

from biocapil.error_rate import ErrorRate, Interval


def rate(value: float, low: float, high: float, errors: int, trials: int, **more: bool) -> ErrorRate:
    return ErrorRate(value=value, interval=Interval(low=low, high=high), errors=errors, trials=trials, **more)


def test_an_interval_holds_its_ends() -> None:
    interval = Interval(low=0.1, high=0.3)
    assert [interval.contains(value) for value in (0.09, 0.1, 0.2, 0.3, 0.31)] == [0, 1, 1, 1, 0]


@pytest.mark.parametrize(("low", "high"), [(0.3, 0.1), (-0.1, 0.1), (0.5, 1.1), (float("nan"), 1.0)])
def test_ends_that_make_no_interval_are_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="0 <= low <= high <= 1"):
        Interval(low=low, high=high)


def test_certainty_is_no_confidence() -> None:
    with pytest.raises(ValueError, match="between 0 and 1, got 1"):
        Interval(low=0, high=1, confidence=1.0)


def test_a_rate_speaks_in_percent_with_its_interval_and_counts() -> None:
    words = rate(3 / 2880, 0.0002, 0.0041, 3, 2880).words()
    assert words == "0.10 % (95 %: 0.02 to 0.41 %; 3 of 2,880)"


def test_small_rates_keep_two_figures() -> None:
    assert rate(0, 0, 0.0000123, 0, 250_000).words() == "0.0000 % (95 %: 0.0000 to 0.0012 %; 0 of 250,000)"
    assert rate(0, 0, 0, 0, 5).words() == "0.00 % (95 %: 0.00 to 0.00 %; 0 of 5)"


def test_an_extrapolated_rate_says_so() -> None:
    assert "; extrapolated from 0 of 10)" in rate(0.01, 0, 0.1, 0, 10, extrapolated=True).words()


@pytest.mark.parametrize(("errors", "trials"), [(-1, 5), (6, 5), (0, 0)])
def test_impossible_counts_are_refused(errors: int, trials: int) -> None:
    with pytest.raises(ValueError, match=f"got {errors} of {trials}"):
        rate(0.5, 0, 1, errors, trials)


def test_a_rate_outside_its_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="value must lie in its interval"):
        rate(0.5, 0.0, 0.4, 1, 2)
