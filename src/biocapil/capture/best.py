"""`BestSample`: keeps the best of several samples, for drivers that judge while they capture."""

from __future__ import annotations

from biocapil.capture.reasons import CaptureReason
from biocapil.capture.request import CaptureRequest
from biocapil.capture.results import Captured, TimedOut
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import QualityReason


class BestSample:
    """The best sample so far, and how many there were."""

    def __init__(self, request: CaptureRequest) -> None:
        self._request = request
        self._best: tuple[CapturedSample, QualityReport | None] | None = None
        self.attempts = 0

    def offer(self, sample: CapturedSample) -> Captured | QualityReport:
        """Judge one more sample.

        Args:
            sample: What was captured.

        Returns:
            The end, where the sample is good enough; else the report that says what is wrong with it.
        """
        self.attempts += 1
        judge = self._request.judge
        if judge is None:
            self._best = (sample, None)
            return Captured(samples=(sample,), attempts=self.attempts)
        report = judge(sample)
        if self._best is None or self._best[1] is None or report.score > self._best[1].score:
            self._best = (sample, report)
        if report.score < self._request.least_quality:
            return report
        return Captured(samples=(sample,), reports=(report,), attempts=self.attempts)

    def timed_out(self, reason: CaptureReason | QualityReason | None) -> TimedOut:
        """The end when the deadline has passed.

        Args:
            reason: What the person was asked last.
        """
        if self._best is None:
            return TimedOut(reason=reason, attempts=self.attempts)
        sample, report = self._best
        reports = () if report is None else (report,)
        return TimedOut(best=(sample,), reports=reports, reason=reason, attempts=self.attempts)
