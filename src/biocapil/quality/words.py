"""What to tell the person at the counter, in English and in Indonesian: what is wrong and what to do."""

from __future__ import annotations

from biocapil.quality.face.sentences import SENTENCES as OF_FACES
from biocapil.quality.finger.sentences import SENTENCES as OF_FINGERS
from biocapil.quality.iris.sentences import SENTENCES as OF_IRISES
from biocapil.vocabulary import FaceReason, FingerReason, Language, QualityReason


def sentence(reason: QualityReason, language: Language = Language.ENGLISH) -> str:
    """What is wrong and what to do about it, for the person who stands before the device.

    Args:
        reason: What makes the sample poor.
        language: Language of the sentence.
    """
    english, indonesian = _both(reason)
    return english if language is Language.ENGLISH else indonesian


def _both(reason: QualityReason) -> tuple[str, str]:
    if isinstance(reason, FingerReason):
        return OF_FINGERS[reason]
    return OF_FACES[reason] if isinstance(reason, FaceReason) else OF_IRISES[reason]
