from __future__ import annotations

from tests.unit.comparison.strategies import finger, population

from biocapil import Decision
from biocapil.comparison import DEFAULT_POLICY, compare


def test_the_default_policy_says_where_it_comes_from() -> None:
    assert "non-mated" in DEFAULT_POLICY.basis
    assert "false match rate" in DEFAULT_POLICY.basis
    assert 0 < DEFAULT_POLICY.review_similarity < DEFAULT_POLICY.duplicate_similarity


def test_two_good_impressions_are_duplicates_and_two_fingers_are_not() -> None:
    first, second = population(fingers=1, impressions=2)

    assert DEFAULT_POLICY.decide(compare(first, second)) is Decision.DUPLICATE
    assert DEFAULT_POLICY.decide(compare(first, finger(77))) is Decision.UNIQUE
