"""`CaptureRequest`: what is wanted of a device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil.capture.capability import Capability, Presentation
from biocapil.quality_report import MAX_SCORE, QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Instance

Judge = Callable[[CapturedSample], QualityReport]
"""Measures a sample; the caller's, as drivers know nothing of quality: `biocapil.quality.assess_finger`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRequest:
    """One acquisition.

    Attributes:
        presentation: What the person is to show.
        instances: Which fingers or eyes; empty where nobody said.
        judge: Measures each sample; None takes the first.
        least_quality: Score from which a sample is taken at once; below, the best one waits for the deadline.
    """

    presentation: Presentation = Presentation.ONE_FINGER
    instances: tuple[Instance, ...] = ()
    judge: Judge | None = None
    least_quality: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.least_quality <= MAX_SCORE:
            raise ValueError(f"least_quality must lie in 0..{MAX_SCORE}, got {self.least_quality!r}")
        if self.least_quality and self.judge is None:
            raise ValueError("least_quality needs a judge to measure by")


def require_possible(request: CaptureRequest, capability: Capability) -> None:
    """Refuse what a device cannot do; what `Device.acquire` does first.

    Raises:
        ValueError: The presentation or an instance is none of the device's.
    """
    if request.presentation not in capability.presentations:
        able = ", ".join(sorted(each.value for each in capability.presentations))
        raise ValueError(f"this device captures {able}, not {request.presentation.value}")
    for each in request.instances:
        other = each.modality is not capability.modality
        if other or (capability.instances and each not in capability.instances):
            raise ValueError(f"this device does not capture {each.name}")
