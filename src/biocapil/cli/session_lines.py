"""What ``biocapil capture`` prints: one JSON object a line, without pixels."""

from __future__ import annotations

from biocapil.cli.device_lines import Line, event_line
from biocapil.sessions import (
    Attempt,
    AttemptEnded,
    AttemptStarted,
    SessionEvent,
    SessionResult,
    StepEnded,
    StepStarted,
)


def session_event_line(event: SessionEvent) -> Line:
    """One event of a session."""
    if isinstance(event, StepStarted):
        return {
            "type": "step",
            "step": event.step.name,
            "number": event.number,
            "total": event.total,
            "asked": [each.name for each in event.step.instances],
            "missing": [each.name for each in event.step.missing],
        }
    if isinstance(event, AttemptStarted):
        return {"type": "attempt", "step": event.step.name, "number": event.number, "total": event.total}
    if isinstance(event, AttemptEnded):
        return {"type": "attempt_ended", "step": event.step.name, **attempt_line(event.attempt)}
    if isinstance(event, StepEnded):
        result = event.result
        return {
            "type": "step_ended",
            "step": result.step.name,
            "outcome": result.outcome.value,
            "attempts": len(result.attempts),
        }
    return event_line(event)


def attempt_line(attempt: Attempt) -> Line:
    """One attempt."""
    return {
        "number": attempt.number,
        "accepted": attempt.accepted,
        "timed_out": attempt.timed_out,
        "pictures": attempt.pictures,
        "reasons": [each.value for each in attempt.reasons],
        "positions": [sample.position.name.lower() for sample in attempt.samples],
        "qualities": [report.score for report in attempt.reports],
        "error": None if attempt.error is None else str(attempt.error),
    }


def session_line(result: SessionResult) -> Line:
    """The whole session."""
    return {
        "type": "session",
        "complete": result.complete,
        "attempts": result.attempts,
        "missing": [each.name for each in result.missing],
        "samples": [
            {
                "modality": sample.modality.value,
                "position": sample.position.name.lower(),
                "step": step.step.name,
                "outcome": step.outcome.value,
            }
            for step in result.steps
            if step.chosen is not None
            for sample in step.chosen.samples
        ],
    }
