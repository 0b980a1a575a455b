"""`detect_attack`: ask a detector, or say that nobody looked."""

from __future__ import annotations

from biocapil.attack_detection.seam import AttackDetector
from biocapil.attack_report import NOT_ASSESSED, AttackReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality


class WithoutDetector:
    """A detector that says of every sample that it was not assessed: what ships."""

    @property
    def modalities(self) -> frozenset[Modality]:
        """None."""
        return frozenset()

    def assess(self, sample: CapturedSample) -> AttackReport:  # noqa: ARG002 - the seam's own signature
        """Nothing is assessed."""
        return NOT_ASSESSED


def detect_attack(sample: CapturedSample, detector: AttackDetector | None = None) -> AttackReport:
    """Report on one sample; not assessed where no detector knows its modality.

    Args:
        sample: The sample.
        detector: Who is asked; None where there is nobody.
    """
    if detector is None or sample.modality not in detector.modalities:
        return NOT_ASSESSED
    return detector.assess(sample)
