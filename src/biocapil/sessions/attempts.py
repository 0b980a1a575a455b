"""What came of each attempt, each step and the whole session: nothing that was tried is lost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from biocapil.capture import CaptureReason
from biocapil.errors import DeviceError
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.sessions.steps import CaptureStep
from biocapil.vocabulary import Instance, QualityReason

FORGIVABLE = frozenset({CaptureReason.QUALITY_TOO_LOW})
"""Reasons in spite of which the best attempt is kept when there is no further one: never the wrong hand, a
finger too few or the same finger twice."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attempt:
    """One attempt.

    Attributes:
        number: Which one of its step, from 1.
        samples: One a finger, eye or face; empty where nothing was shown.
        reports: Quality of each; empty where nobody measured it.
        reasons: Why it was not accepted, and what makes the samples poor; empty where all is well.
        accepted: Whether it is what was asked for, and good enough.
        timed_out: Whether the deadline ended it.
        pictures: How many pictures the device took for it.
        whole: The slap as it was captured; None where nothing was cut.
        error: What was wrong with the device; None where it worked.
    """

    number: int
    samples: tuple[CapturedSample, ...] = ()
    reports: tuple[QualityReport, ...] = ()
    reasons: tuple[CaptureReason | QualityReason, ...] = ()
    accepted: bool = False
    timed_out: bool = False
    pictures: int = 0
    whole: CapturedSample | None = None
    error: DeviceError | None = None

    @property
    def quality(self) -> int:
        """Score of the worst sample; 0 where nothing was measured."""
        return min((report.score for report in self.reports), default=0)

    @property
    def usable(self) -> bool:
        """Whether it may be kept when there is no better one: what was asked for, only of low quality."""
        severe = [each for each in self.reasons if isinstance(each, CaptureReason) and each not in FORGIVABLE]
        return bool(self.samples) and not severe

    def __repr__(self) -> str:
        state = (
            "accepted" if self.accepted else ", ".join(reason.value for reason in self.reasons) or "nothing"
        )
        return f"Attempt(#{self.number}, {len(self.samples)} samples, quality {self.quality}, {state})"


class StepOutcome(Enum):
    """How a step ended."""

    ACCEPTED = "accepted"
    FORCED = "forced"
    """No attempt was good enough; the best one is kept and marked."""
    FAILED = "failed"
    """Failure to acquire: no attempt showed what was asked for."""
    CANCELLED = "cancelled"
    BROKEN = "broken"
    """The device failed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepResult:
    """What came of a step.

    Attributes:
        step: What was asked.
        outcome: How it ended.
        attempts: Every attempt in order.
        chosen: The attempt that is kept; None where there is none.
    """

    step: CaptureStep
    outcome: StepOutcome
    attempts: tuple[Attempt, ...]
    chosen: Attempt | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SessionResult:
    """What came of a session.

    Attributes:
        steps: Every step that was begun.
    """

    steps: tuple[StepResult, ...]

    @property
    def samples(self) -> tuple[CapturedSample, ...]:
        """Samples that are kept, in the order in which they were asked for."""
        return tuple(sample for step in self.steps if step.chosen for sample in step.chosen.samples)

    @property
    def attempts(self) -> int:
        """How often anything was tried."""
        return sum(len(step.attempts) for step in self.steps)

    @property
    def missing(self) -> tuple[Instance, ...]:
        """Fingers and eyes that were said to be missing."""
        return tuple(instance for step in self.steps for instance in step.step.missing)

    @property
    def complete(self) -> bool:
        """Whether every step ended with samples."""
        return all(step.chosen is not None for step in self.steps)
