"""What measures the quality of a sample: of fingers by itself, of irises and faces with what extraction found.

`quality` and `extraction` do not know each other; here an extractor's findings are handed to quality.
"""

from __future__ import annotations

from collections.abc import Callable

from biocapil.extraction import Extractor
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.quality import assess_finger
from biocapil.quality.iris.assess import assess_iris
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality

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
    return None


def _of_irises(extractor: IrisExtractor) -> Assess:
    def assess(sample: CapturedSample) -> QualityReport:
        traced = extractor.trace(sample)
        return assess_iris(sample, traced.segmentation, traced.unwrapped)

    return assess
