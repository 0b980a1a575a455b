"""`CaptureSession`: asks, looks, checks, asks again, and counts.

step ─► attempt ─► device ─► read ─► same finger as before? ─► good enough? ─► accepted
           ▲                                                        │ no
           └────────────────────── reasons ─────────────────────────┘ ─► after the last: forced or failed
"""

from __future__ import annotations

from collections.abc import Sequence

from biocapil.capture import (
    Cancelled,
    CancelToken,
    Captured,
    CaptureReason,
    CaptureRequest,
    Clock,
    Deadline,
    Device,
    Failed,
    SystemClock,
    TimedOut,
)
from biocapil.sample import CapturedSample
from biocapil.sessions.attempts import Attempt, SessionResult, StepOutcome, StepResult
from biocapil.sessions.events import (
    AttemptEnded,
    AttemptStarted,
    OnSessionEvent,
    StepEnded,
    StepStarted,
    ignore_session_events,
)
from biocapil.sessions.live import LiveReading
from biocapil.sessions.policy import SessionPolicy
from biocapil.sessions.reading import SLAPS, Reading, Reason
from biocapil.sessions.steps import CaptureStep
from biocapil.vocabulary import Modality


class CaptureSession:
    """One person before one device.

    A screen may run it whole, or step by step and decide in between: `capture` may be called for a step
    again, and its last result counts.

    Attributes:
        steps: What is asked.
    """

    def __init__(
        self,
        device: Device,
        steps: Sequence[CaptureStep],
        *,
        policy: SessionPolicy,
        clock: Clock | None = None,
        on_event: OnSessionEvent = ignore_session_events,
    ) -> None:
        self.steps = tuple(steps)
        self._device = device
        self._policy = policy
        self._clock = clock or SystemClock()
        self._on_event = on_event
        self._results: dict[CaptureStep, StepResult] = {}

    @property
    def result(self) -> SessionResult:
        """What came of the steps that were begun."""
        return SessionResult(steps=tuple(self._results[step] for step in self.steps if step in self._results))

    def run(self, cancel: CancelToken | None = None) -> SessionResult:
        """Go through every step; ends early when it is cancelled or the device fails.

        Args:
            cancel: Ends the session from any thread.

        Raises:
            ValueError: The device cannot do what a step asks.
        """
        token = cancel or CancelToken()
        for step in self.steps:
            if self.capture(step, token).outcome in {StepOutcome.CANCELLED, StepOutcome.BROKEN}:
                break
        return self.result

    def capture(self, step: CaptureStep, cancel: CancelToken | None = None) -> StepResult:
        """Go through one step until an attempt is accepted or none is left.

        Args:
            step: One of `steps`.
            cancel: Ends it from any thread.

        Raises:
            ValueError: The step is none of this session's, or the device cannot do it.
        """
        if step not in self.steps:
            raise ValueError(f"{step.name} is no step of this session")
        self._on_event(StepStarted(step=step, number=1 + self.steps.index(step), total=len(self.steps)))
        token, attempts = cancel or CancelToken(), list[Attempt]()
        before = self._results.pop(step, None)
        counted = before.attempts if before else ()
        outcome: StepOutcome | None = None
        while outcome is None and len(attempts) < self._policy.attempts:
            number = len(counted) + len(attempts) + 1
            total = len(counted) + self._policy.attempts
            self._on_event(AttemptStarted(step=step, number=number, total=total))
            attempt, outcome = self._attempt(step, number, token)
            attempts.append(attempt)
            self._on_event(AttemptEnded(step=step, attempt=attempt))
        result = _result(step, (*counted, *attempts), outcome)
        self._results[step] = result
        self._on_event(StepEnded(result=result))
        return result

    def _attempt(
        self, step: CaptureStep, number: int, cancel: CancelToken
    ) -> tuple[Attempt, StepOutcome | None]:
        """One attempt, and how the step ends by it; None where it may be tried again."""
        live = LiveReading(step, self._policy.judge, self._on_event)
        slap = step.presentation in SLAPS
        judged = self._policy.judge is not None or slap
        request = CaptureRequest(
            presentation=step.presentation,
            instances=step.instances,
            judge=live.judge if judged else None,
            least_quality=max(int(slap), self._policy.least_quality),
        )
        deadline = Deadline.after(self._clock, self._policy.timeout_s)
        end = self._device.acquire(request, live.pass_on, cancel, deadline)
        if isinstance(end, Cancelled):
            return Attempt(number=number, pictures=end.attempts), StepOutcome.CANCELLED
        if isinstance(end, Failed):
            return Attempt(number=number, pictures=end.attempts, error=end.error), StepOutcome.BROKEN
        samples = end.samples if isinstance(end, Captured) else end.best
        reading = live.of(samples)
        reasons = self._objections(step, reading, end)
        attempt = Attempt(
            number=number,
            samples=reading.samples,
            reports=reading.reports,
            reasons=reasons,
            accepted=bool(reading.samples) and not any(isinstance(each, CaptureReason) for each in reasons),
            timed_out=isinstance(end, TimedOut),
            pictures=end.attempts,
            whole=reading.whole,
        )
        return attempt, StepOutcome.ACCEPTED if attempt.accepted else None

    def _objections(
        self, step: CaptureStep, reading: Reading, end: Captured | TimedOut
    ) -> tuple[Reason, ...]:
        """Why the reading is not accepted, then what makes it poor."""
        if not reading.samples:
            asked = end.reason if isinstance(end, TimedOut) and end.reason else CaptureReason.PLACE_AGAIN
            return (asked,) if not reading.reasons else reading.reasons
        objections = [each for each in reading.reasons if isinstance(each, CaptureReason)]
        if not objections and self._seen_before(step, reading.samples):
            objections.append(CaptureReason.SAME_FINGER)
        if not objections and reading.score < self._policy.least_quality:
            objections.append(CaptureReason.QUALITY_TOO_LOW)
        return (*objections, *(each for each in reading.reasons if each not in objections))

    def _seen_before(self, step: CaptureStep, samples: Sequence[CapturedSample]) -> bool:
        """Whether one finger was captured under two names, in this step or an earlier one."""
        same = self._policy.same_finger
        fingers = [sample for sample in samples if sample.modality is Modality.FINGER]
        if same is None or not fingers:
            return False
        earlier = [
            sample
            for other, result in self._results.items()
            if other != step and result.chosen is not None
            for sample in result.chosen.samples
            if sample.modality is Modality.FINGER
        ]
        pairs = [(one, other) for at, one in enumerate(fingers) for other in (*fingers[at + 1 :], *earlier)]
        return any(same(one, other) for one, other in pairs if one.position != other.position)


def _result(step: CaptureStep, attempts: tuple[Attempt, ...], outcome: StepOutcome | None) -> StepResult:
    if outcome is StepOutcome.ACCEPTED:
        return StepResult(step=step, outcome=outcome, attempts=attempts, chosen=attempts[-1])
    if outcome is not None:
        return StepResult(step=step, outcome=outcome, attempts=attempts)
    usable = [attempt for attempt in attempts if attempt.usable]
    if not usable:
        return StepResult(step=step, outcome=StepOutcome.FAILED, attempts=attempts)
    best = max(usable, key=lambda attempt: attempt.quality)
    return StepResult(step=step, outcome=StepOutcome.FORCED, attempts=attempts, chosen=best)
