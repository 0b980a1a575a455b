"""What measures the quality of a sample: of fingers by itself, of others with what extraction found.

`quality` and `extraction` do not know each other; here an extractor's findings are handed to quality.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from biocapil.extraction import Extractor
from biocapil.extraction.face.extractor import FaceExtractor
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.outcomes import FailureToExtract
from biocapil.quality import assess_face, assess_finger
from biocapil.quality.iris.assess import assess_iris
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import ExtractionFailure, FaceReason, Modality

REASONS = {
    ExtractionFailure.SEVERAL_FACES: FaceReason.SEVERAL_FACES,
    ExtractionFailure.FACE_TOO_SMALL: FaceReason.TOO_SMALL,
}
"""What to tell a person where no face could be chosen; of all others that there is none."""

Assess = Callable[[CapturedSample], QualityReport]


def assessor_of(extractor: Extractor) -> Assess | None:
    """What measures samples of the extractor's modality; None where this extractor tells too little for it.

    Args:
        extractor: Whose findings are measured; may be called from several threads.
    """
    if extractor.modality is Modality.FINGER:
        return assess_finger
    if isinstance(extractor, IrisExtractor):
        return _of_irises(extractor)
    if isinstance(extractor, FaceExtractor):
        return _of_faces(extractor)
    return None


def _of_irises(extractor: IrisExtractor) -> Assess:
    def assess(sample: CapturedSample) -> QualityReport:
        traced = extractor.trace(sample)
        return assess_iris(sample, traced.segmentation, traced.unwrapped)

    return assess


def _of_faces(extractor: FaceExtractor) -> Assess:
    def assess(sample: CapturedSample) -> QualityReport:
        found = extractor.find(sample)
        if not isinstance(found, FailureToExtract):
            return assess_face(sample, found)
        report = assess_face(sample, None)
        return replace(report, reasons=(REASONS.get(found.reason, FaceReason.NO_FACE),))

    return assess
