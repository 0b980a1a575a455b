from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biocapil.calibration import Calibration, best_of, decide, fuse, fuse_person, policy_for
from biocapil.decision import DecisionPolicy, InstanceEvidence, PolicyTarget, shared_among
from biocapil.vocabulary import Decision

evidence = st.lists(st.floats(-20, 40), min_size=1, max_size=10)


@pytest.fixture(scope="module")
def policy(make_exact: Callable[..., Calibration]) -> DecisionPolicy:
    return policy_for(PolicyTarget(people=1000, instances=4, comparisons=4), make_exact())


def finger(name: str, llr: float, comparisons: int = 1) -> InstanceEvidence:
    return InstanceEvidence(instance=name, similarity=max(llr, 0.0), llr=llr, comparisons=comparisons)


def test_the_best_of_several_is_lessened_by_how_many_there_were() -> None:
    assert best_of([3.0]) == 3.0
    assert best_of([1.0, 5.0, 2.0, 5.0]) == pytest.approx(5.0 - math.log(4))


def test_the_best_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="leave the instance out"):
        best_of([])


def test_the_best_of_several_is_calibrated_where_one_is() -> None:
    """Of different persons exp(evidence) has a mean of 1 for one comparison, at most 1 for the best."""
    rng = np.random.default_rng(0)
    drawn = math.log(0.1) + 0.9 * rng.exponential(size=(200_000, 4)) * 0.5
    drawn -= np.log(np.exp(drawn).mean())
    best = np.array([best_of(row) for row in drawn[:50_000].tolist()])
    assert np.exp(best).mean() <= 1.0


def test_independent_fingers_add_up_and_identical_ones_count_once() -> None:
    assert fuse([2.0, 3.0], dependence=0.0) == 5.0
    assert fuse([3.0, 3.0, 3.0], dependence=1.0) == pytest.approx(3.0)
    assert fuse([], dependence=0.5) == 0.0
    assert shared_among(1, 0.7) == 1.0


@given(evidence, st.floats(0, 1))
def test_more_dependence_never_makes_evidence_stronger(llrs: list[float], dependence: float) -> None:
    assert abs(fuse(llrs, dependence=dependence)) <= abs(fuse(llrs, dependence=0.0)) + 1e-9


@given(evidence.flatmap(lambda values: st.tuples(st.just(values), st.permutations(values))))
def test_the_order_of_the_instances_does_not_matter(both: tuple[list[float], list[float]]) -> None:
    first, second = both
    assert fuse_person(first, pairs=100, dependence=0.1) == fuse_person(second, pairs=100, dependence=0.1)


def test_one_finger_alone_outweighs_others_that_disagree() -> None:
    assert fuse_person([30.0, -6.0, -6.0, -6.0], pairs=16, dependence=0.1) == pytest.approx(30 - math.log(16))
    assert fuse_person([6.0, 5.0, 7.0, 6.0], pairs=16, dependence=0.0) == 24.0


def test_without_an_instance_there_is_no_evidence() -> None:
    assert fuse_person([], pairs=1, dependence=0.1) == 0.0


@pytest.mark.parametrize("dependence", [-0.1, 1.1, math.nan])
def test_a_dependence_that_is_no_correlation_is_refused(dependence: float) -> None:
    with pytest.raises(ValueError, match=r"dependence must lie in \[0, 1\]"):
        fuse([1.0], dependence=dependence)


@pytest.mark.parametrize("pairs", [-1, 0, 1])
def test_fewer_pairs_than_evidence_are_refused(pairs: int) -> None:
    with pytest.raises(ValueError, match="pairs must be at least 1 and one for each piece of evidence"):
        fuse_person([1.0, 2.0], pairs=pairs, dependence=0.1)


def test_a_decision_says_what_it_rests_on(policy: DecisionPolicy) -> None:
    said = decide([finger("left", 2.0), finger("right", 30.0, 4)], policy)
    assert said.outcome is Decision.DUPLICATE
    assert said.llr == pytest.approx(max(32 / 1.1, 30 - math.log(2)))
    assert [each.instance for each in said.instances] == ["right", "left"]
    assert said.people == 1000
    assert (said.policy_id, said.calibration_id) == (policy.policy_id, policy.calibration_id)
    assert said.false_match == policy.rates.at(said.llr)
    assert said.fpir.value == pytest.approx(said.false_match.value * 1000, rel=1e-3)


@given(st.permutations([finger("a", 1.0), finger("b", 1.0), finger("c", 9.0), finger("d", -3.0)]))
def test_a_decision_does_not_know_the_order(policy: DecisionPolicy, order: list[InstanceEvidence]) -> None:
    assert decide(order, policy) == decide(sorted(order, key=lambda each: each.instance), policy)


def test_nothing_in_common_is_not_decidable(policy: DecisionPolicy) -> None:
    said = decide([], policy)
    assert said.outcome is Decision.NOT_DECIDABLE
    assert said.llr == 0.0
    assert said.instances == ()


def test_a_finger_that_disagrees_does_not_hide_one_that_agrees(policy: DecisionPolicy) -> None:
    others = [finger(name, -2.3) for name in "abc"]
    assert decide(others, policy).outcome is Decision.UNIQUE
    assert decide([*others, finger("d", 34.0)], policy, pairs=16).outcome is Decision.DUPLICATE


def test_among_more_pairs_one_finger_says_less(policy: DecisionPolicy) -> None:
    one = [finger("a", 5.0), finger("b", -5.0)]
    assert decide(one, policy, pairs=16).llr < decide(one, policy).llr


def test_more_than_the_target_is_for_is_refused(policy: DecisionPolicy) -> None:
    five = [finger(name, 1.0) for name in "abcde"]
    with pytest.raises(ValueError, match="at most 4 instances, got 5"):
        decide(five, policy)
    with pytest.raises(ValueError, match="at most 4 comparisons, got 5"):
        decide([finger("a", 1.0, 5)], policy)
    with pytest.raises(ValueError, match="at most 16 pairs of instances, got 17"):
        decide(five[:4], policy, pairs=17)
    with pytest.raises(ValueError, match="pairs must be at least 1"):
        decide(five[:1], policy, pairs=0)


def test_where_nothing_can_be_kept_nothing_is_decided(policy: DecisionPolicy) -> None:
    none = replace(policy, review_llr=math.inf, duplicate_llr=math.inf)
    assert decide([finger("a", 30.0)], none).outcome is Decision.NOT_DECIDABLE
