"""The seam: whatever tells a fake that is shown to the sensor from a living person."""

from __future__ import annotations

from typing import Protocol

from biocapil.attack_report import AttackReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality


class AttackDetector(Protocol):
    """Assesses samples; one instance may be called from many threads at once."""

    @property
    def modalities(self) -> frozenset[Modality]:
        """Modalities that it assesses."""
        ...

    def assess(self, sample: CapturedSample) -> AttackReport:
        """Report on one sample of such a modality."""
        ...
