"""`BestSet`: the best of several sets of samples, each set of one capture."""

from __future__ import annotations

from collections.abc import Sequence

from biocapil.capture import Captured, CaptureReason, CaptureRequest, TimedOut
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import ModelId, QualityReason
from biocapil_drivers.sbi.messages import CapturedRecord, DigitalId


class BestSet:
    """The best set so far; of a set, its worst sample counts.

    Attributes:
        attempts: How many sets there were.
        reason: What makes the last one poor; None where nothing does.
    """

    def __init__(self, request: CaptureRequest, device: DigitalId) -> None:
        self._request = request
        self._model = ModelId(f"sbi:{device.maker}:{device.model}")
        self._best: tuple[tuple[CapturedSample, ...], tuple[QualityReport, ...]] | None = None
        self.attempts = 0
        self.reason: QualityReason | None = None

    def offer(
        self, samples: tuple[CapturedSample, ...], records: Sequence[CapturedRecord]
    ) -> Captured | None:
        """Judge one more set.

        Args:
            samples: At least one.
            records: What they were made of, in the same order: the device's own scores.

        Returns:
            The end, where every sample is good enough.
        """
        self.attempts += 1
        reports = self._reports(samples, records)
        if self._best is None or _worst(reports) > _worst(self._best[1]):
            self._best = (samples, reports)
        if self._request.judge is not None and _worst(reports) < self._request.least_quality:
            poor = min(reports, key=lambda report: report.score)
            self.reason = poor.reasons[0] if poor.reasons else None
            return None
        return Captured(samples=samples, reports=reports, attempts=self.attempts)

    def timed_out(self, reason: CaptureReason | QualityReason | None) -> TimedOut:
        """The end when the deadline has passed.

        Args:
            reason: What the person was asked last.
        """
        samples, reports = self._best or ((), ())
        return TimedOut(best=samples, reports=reports, reason=reason, attempts=self.attempts)

    def _reports(
        self, samples: tuple[CapturedSample, ...], records: Sequence[CapturedRecord]
    ) -> tuple[QualityReport, ...]:
        """Reports of the judge; without one, those of the device, where it gave all."""
        if self._request.judge is not None:
            return tuple(self._request.judge(sample) for sample in samples)
        scores = [record.quality for record in records if record.quality is not None]
        if len(scores) != len(samples):
            return ()
        return tuple(
            QualityReport(score=score, components=(), reasons=(), model_id=self._model) for score in scores
        )


def _worst(reports: tuple[QualityReport, ...]) -> int:
    return min((report.score for report in reports), default=0)
