import pytest

from biocapil.quality import Language, sentence
from biocapil.vocabulary import FaceReason, FingerReason, IrisReason, QualityReason

KINDS = (FingerReason, FaceReason, IrisReason)
REASONS: list[QualityReason] = [reason for kind in KINDS for reason in kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_reason_has_its_own_sentence_in_each_language(kind: type[QualityReason]) -> None:
    said = [sentence(reason, language) for reason in kind for language in Language]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: f"{type(reason).__name__}-{reason.value}")
def test_a_sentence_says_politely_what_to_do(reason: QualityReason) -> None:
    assert "lease " in sentence(reason)
    indonesian = sentence(reason, Language.INDONESIAN)
    assert "Silakan " in indonesian or "Mohon " in indonesian or "mohon " in indonesian
    assert indonesian.endswith(".")
