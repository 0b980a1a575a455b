"""Several modalities: their rates are those of drawn evidence, and one of them alone is what it was."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration import (
    Calibration,
    decide,
    decide_person,
    fuse_modalities,
    joint_policy_for,
    joint_rates,
    nonmated_rates,
    policy_for,
)
from biocapil.decision import EvidenceRates, InstanceEvidence, PolicyTarget
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Decision, Modality

DRAWN = 400_000
FINGERS = PolicyTarget(people=1000, instances=2)
FACE = PolicyTarget(people=1000)


@pytest.fixture(scope="module")
def calibrations(make_exact: Callable[..., Calibration]) -> dict[Modality, Calibration]:
    """Fingers, and faces of which strangers reach more."""
    finger = make_exact()
    face = replace(make_exact(mean=2.0), modality=Modality.FACE, calibration_id="face@1")
    return {Modality.FINGER: finger, Modality.FACE: face}


@pytest.fixture(scope="module")
def policy(calibrations: dict[Modality, Calibration]) -> JointPolicy:
    """For both."""
    return joint_policy_for({Modality.FINGER: FINGERS, Modality.FACE: FACE}, calibrations)


def evidence(name: str, llr: float) -> InstanceEvidence:
    """One comparison."""
    return InstanceEvidence(instance=name, similarity=1.0, llr=llr, comparisons=1)


def drawn(rates: EvidenceRates, rng: np.random.Generator) -> np.ndarray:
    """Evidence of strangers as these rates say it falls."""
    rate = np.concatenate([[1.0], rates.rate[1:]])
    chances = rng.random(DRAWN)
    place = np.searchsorted(-rate, -chances, side="right") - 1
    return rates.llr[place]


def fused_rows(parts: Sequence[np.ndarray]) -> np.ndarray:
    """`fuse_modalities` of each row."""
    together = np.sum(parts, axis=0)
    return np.maximum(together, np.max(parts, axis=0) - math.log(len(parts)))


def test_drawn_evidence_is_reached_as_often_as_the_rates_say(
    calibrations: dict[Modality, Calibration],
) -> None:
    rng = np.random.default_rng(1)
    parts = [
        nonmated_rates(calibrations[Modality.FINGER], instances=2),
        nonmated_rates(calibrations[Modality.FACE], instances=1),
    ]
    found = fused_rows([drawn(part, rng) for part in parts])

    rates = joint_rates(parts)

    for llr in (-2.0, 0.0, 1.0, 2.0, 4.0):
        counted = float((found >= llr - 1e-9).mean())
        worst = max(counted, *(float(part.at(llr).value) for part in parts))
        assert counted <= rates.at(llr).value * (1 + 5 / math.sqrt(max(counted * DRAWN, 1)))
        assert rates.at(llr).value <= 3 * worst + 1e-4


def test_the_rates_of_one_modality_stay_as_they_are(calibrations: dict[Modality, Calibration]) -> None:
    one = nonmated_rates(calibrations[Modality.FACE], instances=1)
    assert joint_rates([one]) is one


def test_more_modalities_never_lower_what_strangers_reach(calibrations: dict[Modality, Calibration]) -> None:
    finger = nonmated_rates(calibrations[Modality.FINGER], instances=2)
    face = nonmated_rates(calibrations[Modality.FACE], instances=1)
    both, three = joint_rates([finger, face]), joint_rates([finger, face, face])

    for llr in np.arange(-3.0, 30.0, 0.5).tolist():
        assert both.at(llr).value >= max(finger.at(llr).value, face.at(llr).value) - 1e-15
        assert three.at(llr).value >= both.at(llr).value * (1 - 1e-9)
        assert both.at(llr).interval.contains(both.at(llr).value)


def test_one_modality_is_decided_as_without_the_others(calibrations: dict[Modality, Calibration]) -> None:
    finger = calibrations[Modality.FINGER]
    alone = joint_policy_for({Modality.FINGER: FINGERS}, calibrations)
    instances = [evidence("right_index", 9.0), evidence("left_index", -1.0)]

    joint, single = (
        decide_person({Modality.FINGER: instances}, alone),
        decide(instances, policy_for(FINGERS, finger)),
    )

    assert (joint.outcome, joint.llr, joint.fpir) == (single.outcome, single.llr, single.fpir)
    assert joint.instances == single.instances


def test_modalities_add_up(policy: JointPolicy) -> None:
    both = {Modality.FINGER: [evidence("right_index", 5.0)], Modality.FACE: [evidence("face", 4.0)]}

    found = decide_person(both, policy)

    assert found.llr == 9.0
    assert found.people == 1000
    assert found.policy_id == policy.policy_id
    assert [each.instance for each in found.instances] == ["right_index", "face"]


def test_one_modality_alone_outweighs_another_that_disagrees() -> None:
    assert fuse_modalities([30.0, -12.0]) == pytest.approx(30 - math.log(2))
    assert fuse_modalities([30.0]) == 30.0
    assert fuse_modalities([]) == 0.0


def test_nothing_in_common_is_not_decidable(policy: JointPolicy) -> None:
    found = decide_person({Modality.FINGER: [], Modality.FACE: []}, policy)
    assert found.outcome is Decision.NOT_DECIDABLE


def test_evidence_that_the_policy_is_not_for_is_refused(policy: JointPolicy) -> None:
    with pytest.raises(ValueError, match="the policy says nothing about iris"):
        decide_person({Modality.IRIS: [evidence("left_eye", 1.0)]}, policy)
    with pytest.raises(ValueError, match="at most 1 instances, got 2"):
        decide_person({Modality.FACE: [evidence("face", 1.0), evidence("face", 1.0)]}, policy)


def test_thresholds_keep_the_target(policy: JointPolicy) -> None:
    for llr, allowed in ((policy.duplicate_llr, 0.001), (policy.review_llr, 0.05)):
        assert policy.rates.at(llr).among(1000).interval.high <= allowed
        assert policy.rates.at(llr - 0.1).among(1000).interval.high > allowed
    assert policy.decide(policy.duplicate_llr) is Decision.DUPLICATE
    assert policy.decide(policy.review_llr) is Decision.REVIEW
    assert policy.decide(policy.review_llr - 0.1) is Decision.UNIQUE


def test_whoever_reaches_review_has_an_instance_with_its_share(policy: JointPolicy) -> None:
    rng = np.random.default_rng(3)
    shares = {
        modality: policy.least_of_one(modality, instances=instances)
        for modality, instances in ((Modality.FINGER, 2), (Modality.FACE, 1))
    }
    for _ in range(2000):
        fingers, face = rng.normal(3, 4, 2), rng.normal(3, 4)
        found = decide_person(
            {
                Modality.FINGER: [evidence("right_index", fingers[0]), evidence("left_index", fingers[1])],
                Modality.FACE: [evidence("face", face)],
            },
            policy,
        )
        if found.llr >= policy.review_llr:
            assert fingers.max() >= shares[Modality.FINGER] or face >= shares[Modality.FACE]


def test_a_policy_names_its_calibrations_and_changes_its_name(
    policy: JointPolicy, calibrations: dict[Modality, Calibration]
) -> None:
    other = joint_policy_for({Modality.FINGER: FINGERS}, calibrations)
    assert policy.calibration_id == f"{calibrations[Modality.FINGER].calibration_id}+face@1"
    assert policy.policy_id != other.policy_id
    assert repr(policy) == f"JointPolicy('{policy.policy_id}', finger, face)"


def test_data_that_cannot_support_a_target_are_named(calibrations: dict[Modality, Calibration]) -> None:
    huge = replace(FACE, people=10**15, fpir=1e-9)
    policy = joint_policy_for({Modality.FACE: huge}, calibrations)
    assert math.isinf(policy.duplicate_llr)
    assert "face@1 cannot support" in policy.shortfall


def test_targets_and_calibrations_that_do_not_fit_are_refused(
    calibrations: dict[Modality, Calibration],
) -> None:
    with pytest.raises(ValueError, match="no calibration for iris"):
        joint_policy_for({Modality.IRIS: FACE}, calibrations)
    with pytest.raises(ValueError, match="is of finger, not of face"):
        joint_policy_for({Modality.FACE: FACE}, {Modality.FACE: calibrations[Modality.FINGER]})
    with pytest.raises(ValueError, match="one target of rates and people"):
        joint_policy_for({Modality.FINGER: FINGERS, Modality.FACE: replace(FACE, people=9)}, calibrations)
    with pytest.raises(ValueError, match="at least one modality, got none"):
        replace(joint_policy_for({Modality.FACE: FACE}, calibrations), parts={})
    with pytest.raises(ValueError, match="review_llr <= duplicate_llr"):
        replace(joint_policy_for({Modality.FACE: FACE}, calibrations), review_llr=math.inf, duplicate_llr=1.0)
