"""Capture sessions: what is asked of a person, step by step, until every sample is there or missing.

    missing fingers ─► steps ─► attempt ─► checks ─► accepted, or asked again with a reason; all are counted

A session owns no screen: it tells events, and a kiosk, a window or the command line shows them.
"""

from biocapil.sessions.attempts import Attempt, SessionResult, StepOutcome, StepResult
from biocapil.sessions.events import (
    AttemptEnded,
    AttemptStarted,
    OnSessionEvent,
    SessionEvent,
    StepEnded,
    StepStarted,
    ignore_session_events,
)
from biocapil.sessions.live import LiveReading
from biocapil.sessions.policy import SameFinger, SessionPolicy
from biocapil.sessions.reading import Reading, read_presentation
from biocapil.sessions.session import CaptureSession
from biocapil.sessions.steps import CaptureStep, plan_face, plan_irises, plan_single_fingers, plan_slaps

__all__ = [
    "Attempt",
    "AttemptEnded",
    "AttemptStarted",
    "CaptureSession",
    "CaptureStep",
    "LiveReading",
    "OnSessionEvent",
    "Reading",
    "SameFinger",
    "SessionEvent",
    "SessionPolicy",
    "SessionResult",
    "StepEnded",
    "StepOutcome",
    "StepResult",
    "StepStarted",
    "ignore_session_events",
    "plan_face",
    "plan_irises",
    "plan_single_fingers",
    "plan_slaps",
    "read_presentation",
]
