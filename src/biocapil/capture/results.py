"""The four ends of an acquisition, always exactly one: `Captured`, `TimedOut`, `Cancelled`, `Failed`."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.capture.reasons import CaptureReason
from biocapil.errors import DeviceError
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import QualityReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """The person did what was asked.

    Attributes:
        samples: One picture, or one for each eye; a slap is one sample of unknown position.
        reports: Quality of each, in the same order; empty where nobody measured it.
        attempts: How many samples were taken until then, this one included.
    """

    samples: tuple[CapturedSample, ...]
    reports: tuple[QualityReport, ...] = ()
    attempts: int = 1

    def __post_init__(self) -> None:
        if not self.samples:
            raise ValueError("what was captured is at least one sample, got none")
        if self.reports and len(self.reports) != len(self.samples):
            raise ValueError(f"{len(self.reports)} reports do not fit {len(self.samples)} samples")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """The deadline passed before a sample was good enough.

    Attributes:
        best: The best that there was; empty where nothing was shown.
        reports: Quality of each.
        reason: What the person was asked last.
        attempts: How many samples were taken.
    """

    best: tuple[CapturedSample, ...] = ()
    reports: tuple[QualityReport, ...] = ()
    reason: CaptureReason | QualityReason | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """Whoever waited took it back.

    Attributes:
        attempts: How many samples had been taken.
    """

    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The machine is in trouble, and no person before it can mend that.

    Attributes:
        error: What is wrong.
        attempts: How many samples had been taken.
    """

    error: DeviceError
    attempts: int = 0


CaptureResult = Captured | TimedOut | Cancelled | Failed
