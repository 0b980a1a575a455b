"""`BestFrame` and `Guide`: when a picture is taken by itself, which one is kept, and what the person is told.

The judge is the caller's: it measures, and this file decides by its score and its reasons. A picture is taken
by itself where the score is high enough and no reason stands that makes it useless: nobody, several people, a
turned head, closed eyes, no sharpness.
"""

from __future__ import annotations

from biocapil.capture import Captured, CaptureReason, CaptureRequest, TimedOut
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.vocabulary import FaceReason, IrisReason, Modality, QualityReason

Reason = CaptureReason | QualityReason

NOBODY: frozenset[QualityReason] = frozenset(
    {FaceReason.NO_FACE, FaceReason.SEVERAL_FACES, IrisReason.NO_EYE}
)
"""Such a picture is of nobody, or nobody knows of whom: it is not even kept for the deadline."""

USELESS: frozenset[QualityReason] = NOBODY | {
    FaceReason.CROPPED,
    FaceReason.BLURRED,
    FaceReason.HEAD_TURNED,
    FaceReason.EYES_CLOSED,
    IrisReason.CUT_OFF,
    IrisReason.BLURRED,
    IrisReason.MOVED,
    IrisReason.LOOKING_AWAY,
}
"""Such a picture waits for the deadline, whatever its score."""

SETTLED = 2
"""A reason is told once so many pictures in a row have it: words that flicker help nobody."""

FIRST: dict[Modality, Reason] = {
    Modality.FACE: CaptureReason.LOOK_AT_CAMERA,
    Modality.IRIS: CaptureReason.OPEN_EYES,
}


class BestFrame:
    """The best picture so far, and how many were judged."""

    def __init__(self, request: CaptureRequest) -> None:
        self._request = request
        self._best: tuple[CapturedSample, QualityReport] | None = None
        self.attempts = 0

    def offer(self, sample: CapturedSample) -> Captured | QualityReport:
        """Judge one more picture.

        Returns:
            The end, where the picture is taken; else the report that says what is wrong with it.
        """
        self.attempts += 1
        if self._request.judge is None:
            return Captured(samples=(sample,), attempts=self.attempts)
        report = self._request.judge(sample)
        if report.score >= self._request.least_quality and USELESS.isdisjoint(report.reasons):
            return Captured(samples=(sample,), reports=(report,), attempts=self.attempts)
        if NOBODY.isdisjoint(report.reasons) and (self._best is None or _rank(report) > _rank(self._best[1])):
            self._best = (sample, report)
        return report

    def timed_out(self, reason: Reason) -> TimedOut:
        """The end when the deadline has passed: the still of the best picture."""
        if self._best is None:
            return TimedOut(reason=reason, attempts=self.attempts)
        sample, report = self._best
        return TimedOut(best=(sample,), reports=(report,), reason=reason, attempts=self.attempts)


class Guide:
    """What the person was told last, and whether it is time for something else."""

    def __init__(self, modality: Modality) -> None:
        self.told = FIRST[modality]
        self._next: Reason = self.told
        self._seen = 0

    def changes(self, report: QualityReport) -> bool:
        """Take one more report; whether `told` has changed."""
        found: Reason = report.reasons[0] if report.reasons else CaptureReason.HOLD_STILL
        self._seen = self._seen + 1 if found is self._next else 1
        self._next = found
        if found is self.told or self._seen < SETTLED:
            return False
        self.told = found
        return True


def _rank(report: QualityReport) -> tuple[bool, int]:
    return USELESS.isdisjoint(report.reasons), report.score
