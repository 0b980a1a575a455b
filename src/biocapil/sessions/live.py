"""`LiveReading`: reads each picture while the device captures, judges it and guides by it."""

from __future__ import annotations

from biocapil.capture import CaptureEvent, CaptureReason, Guidance, Judge, OnEvent
from biocapil.quality_report import MAX_SCORE, QualityReport
from biocapil.sample import CapturedSample
from biocapil.sessions.reading import Reading, Reason, read_presentation
from biocapil.sessions.steps import CaptureStep
from biocapil.vocabulary import ModelId

READING = ModelId("session@reading")
"""Names the report of a presentation that nobody measured, or that is not what was asked for."""


class LiveReading:
    """Reads each picture while the device captures, and guides the person by it."""

    def __init__(self, step: CaptureStep, judge: Judge | None, on_event: OnEvent) -> None:
        """Begin.

        Args:
            step: What is asked.
            judge: Measures one finger, face or iris.
            on_event: Is told what the device tells, and what the readings say.
        """
        self._step = step
        self._judge = judge
        self._on_event = on_event
        self._said: Reason | None = None
        self._last: tuple[CapturedSample, Reading] | None = None
        self._best: tuple[CapturedSample, Reading] | None = None

    def judge(self, sample: CapturedSample) -> QualityReport:
        """Report on one picture: of a slap, that of its worst finger."""
        single = len(self._step.instances) > 1 and bool(sample.position)
        reading = self._read((sample,), single=single)
        if reading.reasons and isinstance(reading.reasons[0], CaptureReason):
            self.pass_on(Guidance(reason=reading.reasons[0]))
            return QualityReport(score=0, components=(), reasons=(), model_id=READING)
        worst = min(reading.reports, key=lambda report: report.score, default=None)
        if worst is None:
            return QualityReport(score=MAX_SCORE, components=(), reasons=(), model_id=READING)
        return worst

    def of(self, samples: tuple[CapturedSample, ...]) -> Reading:
        """Reading of what the device delivered in the end."""
        return self._read(samples, single=False) if samples else Reading(samples=())

    def pass_on(self, event: CaptureEvent) -> None:
        """Tell the screen, but nothing twice in a row."""
        if isinstance(event, Guidance):
            if event.reason is self._said:
                return
            self._said = event.reason
        self._on_event(event)

    def _read(self, samples: tuple[CapturedSample, ...], *, single: bool) -> Reading:
        """Reading of samples; those of the last and of the best picture are not made twice."""
        for kept in (self._last, self._best):
            if kept is not None and len(samples) == 1 and kept[0] is samples[0]:
                return kept[1]
        if single:
            judge = self._judge
            return Reading(samples=samples, reports=() if judge is None else (judge(samples[0]),))
        reading = read_presentation(self._step, samples, self._judge)
        if len(samples) == 1:
            self._last = (samples[0], reading)
            if self._best is None or reading.score > self._best[1].score:
                self._best = self._last
        return reading
