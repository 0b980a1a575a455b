from __future__ import annotations

import numpy as np
import pytest

import biocapil.attack_detection as package
from biocapil.attack_detection import AttackDetector, WithoutDetector, detect_attack
from biocapil.attack_report import NOT_ASSESSED, AttackFinding, AttackReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality, ModelId

FACE = CapturedSample(pixels=np.zeros((4, 4), np.uint8), modality=Modality.FACE)
FOUND = AttackReport(finding=AttackFinding.ATTACK, score=0.9, detector=ModelId("fake@000000000000"))


class _Suspicious:
    modalities = frozenset({Modality.FACE})

    def assess(self, sample: CapturedSample) -> AttackReport:
        assert sample.modality is Modality.FACE
        return FOUND


def test_the_public_names() -> None:
    assert package.__all__ == ["AttackDetector", "WithoutDetector", "detect_attack"]


def test_where_nobody_looks_the_report_says_so() -> None:
    shipped: AttackDetector = WithoutDetector()
    assert detect_attack(FACE) is NOT_ASSESSED
    assert detect_attack(FACE, shipped) is NOT_ASSESSED
    assert shipped.assess(FACE).finding is AttackFinding.NOT_ASSESSED


def test_a_detector_is_asked_for_its_own_modality_only() -> None:
    finger = CapturedSample(pixels=np.zeros((4, 4), np.uint8), resolution_ppi=500)
    assert detect_attack(FACE, _Suspicious()) is FOUND
    assert detect_attack(finger, _Suspicious()) is NOT_ASSESSED


@pytest.mark.parametrize(
    ("finding", "score", "detector"),
    [
        (AttackFinding.NOT_ASSESSED, 0.1, None),
        (AttackFinding.NOT_ASSESSED, None, ModelId("a@b")),
        (AttackFinding.BONA_FIDE, None, ModelId("a@b")),
        (AttackFinding.ATTACK, 0.5, None),
    ],
)
def test_a_report_is_an_assessment_with_score_and_detector_or_none(
    finding: AttackFinding, score: float | None, detector: ModelId | None
) -> None:
    with pytest.raises(ValueError, match="belong to an assessment"):
        AttackReport(finding=finding, score=score, detector=detector)


def test_a_score_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1, got 2"):
        AttackReport(finding=AttackFinding.ATTACK, score=2, detector=ModelId("a@b"))


def test_a_report_is_told_in_words_and_as_plain_values() -> None:
    assert NOT_ASSESSED.words == "not assessed"
    assert NOT_ASSESSED.fields() == {"finding": "not_assessed", "score": None, "detector": None}
    assert FOUND.fields() == {"finding": "attack", "score": 0.9, "detector": "fake@000000000000"}
