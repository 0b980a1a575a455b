"""`SessionPolicy`: how good is good enough, how long and how often a person is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil.capture import Judge
from biocapil.quality_report import MAX_SCORE
from biocapil.sample import CapturedSample

SameFinger = Callable[[CapturedSample, CapturedSample], bool]
"""Whether two samples show one and the same finger: the caller's, as a session knows no extractor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPolicy:
    """What a session goes by.

    Attributes:
        judge: Measures one finger, face or iris; None takes what the device delivers.
        least_quality: Score from which a sample is taken at once; of a slap, its worst finger counts.
        attempts: How often one step is tried, at least once.
        timeout_s: How long one attempt may take; then the best sample so far is looked at.
        same_finger: Tells a finger that was captured before under another name; None does not look.
    """

    judge: Judge | None = None
    least_quality: int = 0
    attempts: int = 3
    timeout_s: float = 20.0
    same_finger: SameFinger | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.least_quality <= MAX_SCORE:
            raise ValueError(f"least_quality must lie in 0..{MAX_SCORE}, got {self.least_quality!r}")
        if self.least_quality and self.judge is None:
            raise ValueError("least_quality needs a judge to measure by")
        if self.attempts < 1:
            raise ValueError(f"attempts must be at least 1, got {self.attempts!r}")
        if self.timeout_s <= 0:
            raise ValueError(f"timeout_s must be above 0, got {self.timeout_s!r}")
