import pytest

from biocapil.quality import Language, sentence
from biocapil.quality.words import SENTENCES
from biocapil.vocabulary import QualityReason


def test_every_reason_has_its_own_sentence_in_each_language() -> None:
    assert set(SENTENCES) == set(QualityReason)
    said = [sentence(reason, language) for reason in QualityReason for language in Language]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("reason", list(QualityReason), ids=lambda reason: reason.value)
def test_a_sentence_says_politely_what_to_do(reason: QualityReason) -> None:
    assert "lease " in sentence(reason)
    indonesian = sentence(reason, Language.INDONESIAN)
    assert "Silakan " in indonesian or "Mohon " in indonesian
    assert indonesian.endswith(".")
