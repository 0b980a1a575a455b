"""What a session tells a screen: where it is, what the device shows, how each attempt and step ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil.capture import CaptureEvent
from biocapil.sessions.attempts import Attempt, StepResult
from biocapil.sessions.steps import CaptureStep


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """The person is asked for something new.

    Attributes:
        step: What is asked.
        number: Which step, from 1.
        total: How many there are.
    """

    step: CaptureStep
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted:
    """The device begins to look.

    Attributes:
        step: What is asked.
        number: Which attempt, from 1.
        total: How many there may be.
    """

    step: CaptureStep
    number: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AttemptEnded:
    """An attempt is over.

    Attributes:
        step: What was asked.
        attempt: What came of it.
    """

    step: CaptureStep
    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepEnded:
    """A step is over.

    Attributes:
        result: What came of it.
    """

    result: StepResult


SessionEvent = StepStarted | AttemptStarted | CaptureEvent | AttemptEnded | StepEnded
OnSessionEvent = Callable[[SessionEvent], None]


def ignore_session_events(_: SessionEvent) -> None:
    """Take events and do nothing."""
