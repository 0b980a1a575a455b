"""`DecisionPolicy` parts the scale of similarity into three bands without gap or overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil import Decision, DecisionPolicy

ORDER = (Decision.UNIQUE, Decision.REVIEW, Decision.DUPLICATE)


def policy(review: float = 30.0, duplicate: float = 50.0) -> DecisionPolicy:
    return DecisionPolicy(review_similarity=review, duplicate_similarity=duplicate, basis="test")


@pytest.mark.parametrize(
    ("similarity", "decision"),
    [
        (-1.0, Decision.UNIQUE),
        (0.0, Decision.UNIQUE),
        (29.999, Decision.UNIQUE),
        (30.0, Decision.REVIEW),
        (49.999, Decision.REVIEW),
        (50.0, Decision.DUPLICATE),
        (float("inf"), Decision.DUPLICATE),
    ],
)
def test_a_threshold_belongs_to_the_band_above_it(similarity: float, decision: Decision) -> None:
    assert policy().decide(similarity) is decision


def test_equal_thresholds_leave_no_pair_for_review() -> None:
    assert policy(40, 40).decide(39.9) is Decision.UNIQUE
    assert policy(40, 40).decide(40.0) is Decision.DUPLICATE


@given(st.floats(-100, 1000), st.floats(-100, 1000))
def test_more_similarity_never_makes_a_decision_weaker(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert ORDER.index(policy().decide(low)) <= ORDER.index(policy().decide(high))


@pytest.mark.parametrize(
    ("review", "duplicate"), [(50, 30), (0, 30), (-1, 30), (float("nan"), 30), (30, float("nan"))]
)
def test_thresholds_out_of_order_are_refused_with_their_values(review: float, duplicate: float) -> None:
    with pytest.raises(ValueError, match="0 < review_similarity <= duplicate_similarity, got "):
        policy(review, duplicate)
