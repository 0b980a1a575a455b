"""`Template`: what extraction makes of a sample, whatever modality it is of."""

from __future__ import annotations

from biocapil.embedding import Embedding
from biocapil.iris_code import IrisCode
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Modality

Template = FingerprintTemplate | Embedding | IrisCode
"""Template of a finger, a face or an iris."""


def modality_of(template: Template) -> Modality:
    """Modality that a template is of; embeddings are of faces."""
    if isinstance(template, FingerprintTemplate):
        return Modality.FINGER
    return Modality.IRIS if isinstance(template, IrisCode) else Modality.FACE
