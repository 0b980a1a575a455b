from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.deduplication.conftest import linear_calibration, policy_of
from tests.unit.deduplication.registry.made_people import EYE, FACE, INDEX, THUMB

from biocapil.calibration import Calibration, decide_person, nonmated_rates
from biocapil.decision import InstanceEvidence
from biocapil.deduplication.registry.joint_pairs import JointPairPolicy
from biocapil.errors import IncompatibleTemplates
from biocapil.joint_policy import JointPolicy
from biocapil.vocabulary import Instance, Modality, ModelId

INSTANCES = (THUMB, INDEX, FACE, EYE)


def calibrations_of(*modalities: Modality) -> dict[Modality, Calibration]:
    return {
        each: replace(linear_calibration(), modality=each, calibration_id=f"linear@{each.value}")
        for each in modalities
    }


def weighing_of(*modalities: Modality, dependence: float = 0.0) -> JointPairPolicy:
    """Review from 10 nats, duplicate from 20."""
    calibrations = calibrations_of(*modalities)
    parts = {
        each: policy_of(calibration, dependence=dependence) for each, calibration in calibrations.items()
    }
    rates = nonmated_rates(linear_calibration(), instances=1, comparisons=1)
    policy = JointPolicy(parts=parts, review_llr=10.0, duplicate_llr=20.0, rates=rates)
    return JointPairPolicy(calibrations=calibrations, policy=policy)


def evidence_of(llrs: list[float | None]) -> dict[Instance, InstanceEvidence]:
    return {
        instance: InstanceEvidence(instance=instance.name, similarity=1.0, llr=llr, comparisons=1)
        for instance, llr in zip(INSTANCES, llrs, strict=True)
        if llr is not None
    }


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.floats(-9, 30)), min_size=4, max_size=4), min_size=1, max_size=9
    ),
    st.sampled_from([0.0, 0.3, 1.0]),
)
def test_pairs_that_may_reach_the_threshold_are_those_that_do(
    llrs: list[list[float | None]], dependence: float
) -> None:
    weighing = weighing_of(*Modality, dependence=dependence)
    matrix = np.array([[np.nan if each is None else each for each in row] for row in llrs])
    for row, may in zip(llrs, weighing.may_reach(INSTANCES, matrix).tolist(), strict=True):
        evidence = evidence_of(row)
        decision = weighing.decide(evidence)
        if evidence and abs(decision.llr - 10.0) > 1e-6:
            assert may == (decision.llr >= 10.0)


@given(
    st.lists(st.one_of(st.none(), st.floats(-9, 30)), min_size=4, max_size=4),
    st.sampled_from([0.0, 0.3, 1.0]),
)
def test_whoever_reaches_the_threshold_has_an_instance_that_reaches_its_bar(
    llrs: list[float | None], dependence: float
) -> None:
    weighing = weighing_of(*Modality, dependence=dependence)
    evidence = evidence_of(llrs)
    bars = {each: weighing.bar(each, ModelId("made@1"), "table/1").llr for each in INSTANCES}

    if weighing.decide(evidence).llr >= 10.0:
        assert any(each.llr >= bars[instance] for instance, each in evidence.items())


def test_the_decision_is_that_of_the_joint_policy() -> None:
    weighing = weighing_of(*Modality)
    evidence = evidence_of([3.0, 4.0, 5.0, None])
    by_modality = {
        Modality.FINGER: [evidence[THUMB], evidence[INDEX]],
        Modality.FACE: [evidence[FACE]],
    }

    assert weighing.decide(evidence) == decide_person(by_modality, weighing.policy)
    assert weighing.decide(evidence).llr == 12.0


def test_the_evidence_of_an_instance_is_that_of_its_modality() -> None:
    weighing = weighing_of(Modality.FINGER, Modality.FACE)
    weighing.calibrations[Modality.FACE]  # the tables are equal but for what is said next
    shifted = replace(linear_calibration(at_zero=-2.0), modality=Modality.FACE, calibration_id="linear@face")
    other = replace(weighing, calibrations={**weighing.calibrations, Modality.FACE: shifted})
    similarities, sizes = np.array([4.0], np.float32), np.array([40], np.int16)

    assert other.evidence(THUMB, similarities, sizes).tolist() == [4.0]
    assert other.evidence(FACE, similarities, sizes).tolist() == [2.0]


def test_a_bar_is_a_share_of_the_review_threshold() -> None:
    weighing = weighing_of(Modality.FINGER, Modality.FACE)
    bar = weighing.bar(THUMB, ModelId("made@1"), "table/1")

    share = weighing.policy.least_of_one(Modality.FINGER, instances=10)
    assert math.isclose(bar.llr, share, abs_tol=1e-6)
    assert 0 < bar.similarity <= bar.llr


def test_a_bar_can_be_raised_and_not_lowered() -> None:
    weighing = weighing_of(Modality.FINGER, Modality.FACE)
    usual = weighing.bar(THUMB, ModelId("made@1"), "table/1")

    raised = replace(weighing, least_llr=8.0).bar(THUMB, ModelId("made@1"), "table/1")

    assert (raised.llr, raised.similarity > usual.similarity) == (8.0, True)
    assert replace(weighing, least_llr=-9.0).bar(THUMB, ModelId("made@1"), "table/1") == usual
    with pytest.raises(ValueError, match="least_llr must be a number, got nan"):
        replace(weighing, least_llr=math.nan)


def test_what_the_policy_says_nothing_of_is_refused() -> None:
    weighing = weighing_of(Modality.FINGER)
    with pytest.raises(ValueError, match="says nothing of face"):
        weighing.bar(FACE, ModelId("made@1"), "table/1")
    with pytest.raises(IncompatibleTemplates):
        weighing.bar(THUMB, ModelId("other@1"), "table/1")
    with pytest.raises(IncompatibleTemplates):
        weighing.bar(THUMB, ModelId("made@1"), "other/1")
    with pytest.raises(ValueError, match="rests on calibration linear@finger for finger, got none"):
        JointPairPolicy(calibrations={}, policy=weighing.policy)
    with pytest.raises(ValueError, match=r"got linear\+0@test"):
        JointPairPolicy(calibrations={Modality.FINGER: linear_calibration()}, policy=weighing.policy)


def test_the_terms_say_what_the_decisions_rest_on() -> None:
    terms = weighing_of(Modality.FINGER, Modality.FACE).terms

    assert terms.calibration_ids == {"finger": "linear@finger", "face": "linear@face"}
    assert terms.review_llr == 10.0
    assert terms.target["people"] == 1000
    assert terms.target["instances"] == {"finger": 10, "face": 10}
