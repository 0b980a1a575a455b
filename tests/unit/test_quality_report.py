import pytest

from biocapil.quality_report import QualityComponent, QualityReport
from biocapil.vocabulary import FingerReason, ModelId

MODEL = ModelId("fit@0")


@pytest.mark.parametrize("score", [-1, 101])
def test_scores_lie_between_0_and_100(score: int) -> None:
    with pytest.raises(ValueError, match=rf"score must lie in 0..100, got {score}"):
        QualityReport(score=score, components=(), reasons=(), model_id=MODEL)
    with pytest.raises(ValueError, match=rf"score of area must lie in 0..100, got {score}"):
        QualityComponent(name="area", raw=1.5, score=score)


def test_a_reason_is_named_once() -> None:
    with pytest.raises(ValueError, match="at most once"):
        QualityReport(score=5, components=(), reasons=(FingerReason.DRY,) * 2, model_id=MODEL)
