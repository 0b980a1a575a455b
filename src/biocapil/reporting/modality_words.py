"""What a page calls the body parts and the samples that it tells about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from biocapil.vocabulary import Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalityWords:
    """Words of one modality, or of several together.

    Attributes:
        one: A body part: ``finger``.
        many: Several of them.
        samples: Samples of them: ``prints``.
    """

    one: str
    many: str
    samples: str


OF_ONE: Mapping[Modality, ModalityWords] = {
    Modality.FINGER: ModalityWords(one="finger", many="fingers", samples="prints"),
    Modality.FACE: ModalityWords(one="face", many="faces", samples="pictures"),
    Modality.IRIS: ModalityWords(one="eye", many="eyes", samples="pictures"),
}
OF_SEVERAL = ModalityWords(
    one="finger, eye or face", many="fingers, eyes and faces", samples="samples of one kind"
)


def words_for(modalities: Collection[Modality]) -> ModalityWords:
    """Words for a page about these modalities; about none, those of fingers."""
    if len(modalities) > 1:
        return OF_SEVERAL
    return OF_ONE[next(iter(modalities), Modality.FINGER)]
