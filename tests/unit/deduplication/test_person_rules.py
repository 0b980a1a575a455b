from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.deduplication.conftest import linear_calibration

from biocapil import DecisionPolicy, PolicyTarget, SampleEntry, SubjectId
from biocapil.calibration import Calibration, joint_policy_for
from biocapil.deduplication import find_duplicates
from biocapil.deduplication.person_rules import ModalityEvidence, PersonRules
from biocapil.vocabulary import Decision, Modality


def of_modality(modality: Modality) -> Calibration:
    return replace(linear_calibration(), modality=modality, calibration_id=f"{modality.value}@test")


CALIBRATIONS = {modality: of_modality(modality) for modality in (Modality.FINGER, Modality.FACE)}
TARGETS = dict.fromkeys(CALIBRATIONS, PolicyTarget(people=10))


def test_one_modality_is_decided_by_its_own_policy(calibration: Calibration, policy: DecisionPolicy) -> None:
    rules = PersonRules.of(calibration, policy)
    assert rules.part(Modality.FINGER) is policy
    assert rules.least_of_one(Modality.FINGER, instances=1) == policy.review_llr


def test_several_modalities_need_a_joint_policy(policy: DecisionPolicy) -> None:
    with pytest.raises(ValueError, match="needs one calibration, got 2: several modalities need a joint"):
        PersonRules.of(CALIBRATIONS, policy)


def test_a_policy_speaks_of_the_calibrations_it_was_made_with() -> None:
    joint = joint_policy_for(TARGETS, CALIBRATIONS)
    rules = PersonRules.of(CALIBRATIONS, joint)
    assert rules.part(Modality.FACE) is joint.parts[Modality.FACE]
    with pytest.raises(ValueError, match="says nothing about iris"):
        PersonRules.of({**CALIBRATIONS, Modality.IRIS: of_modality(Modality.IRIS)}, joint)
    other = replace(CALIBRATIONS[Modality.FACE], calibration_id="other@test")
    with pytest.raises(ValueError, match="made with calibration face@test, the evidence comes from other"):
        PersonRules.of({**CALIBRATIONS, Modality.FACE: other}, joint)


def test_nothing_in_common_cannot_be_decided() -> None:
    rules = PersonRules.of(CALIBRATIONS, joint_policy_for(TARGETS, CALIBRATIONS))
    nothing = ModalityEvidence(common=(), crossed=(), pairs=1)
    assert rules.decide({Modality.FACE: nothing}).outcome is Decision.NOT_DECIDABLE


def test_a_modality_without_a_calibration_is_refused(
    entry: Callable[..., SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> None:
    face = SampleEntry(name="f.png", file=Path("f.png"), subject=SubjectId("a"), modality=Modality.FACE)
    with pytest.raises(ValueError, match="no calibration for face: give one, or leave these samples out"):
        find_duplicates([None, None], [entry("a"), face], calibration, policy)
