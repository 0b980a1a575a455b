import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.error_rate import ErrorRate, Interval
from biocapil.uncertainty.claims import (
    largest_supported_claim,
    rule_of_thirty,
    rule_of_three,
    trials_for_claim,
)


def none_in(trials: int, high: float) -> ErrorRate:
    return ErrorRate(value=0, interval=Interval(low=0, high=high), errors=0, trials=trials)


def test_the_rules_of_three_and_of_thirty() -> None:
    assert rule_of_three(3000) == 0.001
    assert rule_of_three(1) == 1.0
    assert trials_for_claim(0.001) == 3000
    assert rule_of_thirty(0.001) == 30_000


def test_a_claim_is_rounded_away_from_what_is_not_proved() -> None:
    claim = largest_supported_claim(none_in(2880, 0.001039), name="FMR")
    assert claim.rate == 0.0011
    assert claim.words == "0 errors in 2,880 trials support FMR ≤ 0.11 % at 95 % confidence"
    assert (claim.wanted, claim.is_supported, claim.independent_trials_needed) == (None, True, None)


def test_a_claim_beyond_the_trials_says_how_many_it_would_take() -> None:
    claim = largest_supported_claim(none_in(2880, 0.001039), name="FMR", wanted=1e-4)
    assert not claim.is_supported
    assert claim.independent_trials_needed == 30_000
    assert claim.words.endswith("; FMR ≤ 0.01 % would take 30,000 independent trials without an error")


def test_a_claim_within_the_trials_stands() -> None:
    claim = largest_supported_claim(none_in(2880, 0.001039), name="FMR", wanted=0.01)
    assert claim.is_supported
    assert "would take" not in claim.words


@given(st.floats(1e-9, 1))
def test_a_claim_is_never_stronger_than_the_interval_nor_much_weaker(high: float) -> None:
    claim = largest_supported_claim(none_in(5, high), name="FMR")
    assert high * (1 - 1e-6) <= claim.rate <= high * 1.11


def test_a_limit_of_nothing_stays_nothing() -> None:
    assert largest_supported_claim(none_in(5, 0.0), name="FMR").rate == 0.0


def test_numbers_that_are_no_trials_or_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="trials must be at least 1, got 0"):
        rule_of_three(0)
    with pytest.raises(ValueError, match="rate must lie above 0 and up to 1, got 0"):
        rule_of_thirty(0)
    with pytest.raises(ValueError, match="got 2"):
        trials_for_claim(2)
