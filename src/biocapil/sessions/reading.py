"""`read_presentation`: what a device delivered, cut into single samples and held against the request."""

from __future__ import annotations

from dataclasses import dataclass, replace

from biocapil.capture import CaptureReason, Judge, Presentation
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.segmentation import SlapSegmentation, cut_finger, segment_slap, segment_thumbs
from biocapil.sessions.steps import CaptureStep
from biocapil.vocabulary import EyePosition, FingerPosition, FingerReason, Modality, QualityReason

Reason = CaptureReason | QualityReason
SLAPS = frozenset({Presentation.FOUR_FINGERS, Presentation.TWO_THUMBS})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """What was delivered.

    Attributes:
        samples: One a finger, eye or face, each of its position.
        reports: Quality of each; empty where there is no judge.
        reasons: What is not as it was asked for, then what makes samples poor; the weightiest first.
        whole: The slap that was cut; None where nothing was.
    """

    samples: tuple[CapturedSample, ...]
    reports: tuple[QualityReport, ...] = ()
    reasons: tuple[Reason, ...] = ()
    whole: CapturedSample | None = None

    @property
    def score(self) -> int:
        """Score of the worst sample; 0 where something else than was asked for was shown."""
        if not self.samples or any(isinstance(reason, CaptureReason) for reason in self.reasons):
            return 0
        return min((report.score for report in self.reports), default=0)


def read_presentation(
    step: CaptureStep, delivered: tuple[CapturedSample, ...], judge: Judge | None
) -> Reading:
    """Cut, name and judge.

    Args:
        step: What was asked for.
        delivered: What the device delivered: one picture of a slap, or single samples. A device that cuts
            slaps itself names the fingers.
        judge: Measures one sample.
    """
    if step.presentation in SLAPS and len(delivered) == 1 and not delivered[0].position:
        return _read_slap(step, delivered[0], judge)
    samples = tuple(_named(step, sample) for sample in delivered)
    reports = () if judge is None else tuple(judge(sample) for sample in samples)
    return Reading(samples=samples, reports=reports, reasons=(*_strange(step, samples), *_poor(reports)))


def _read_slap(step: CaptureStep, slap: CapturedSample, judge: Judge | None) -> Reading:
    missing = [FingerPosition(each.position) for each in step.missing]
    if step.hand is None:
        found = segment_thumbs(slap, missing=missing)
    else:
        found = segment_slap(slap, missing=missing, expected=step.hand)
    wrong = _wrong_slap(step, found)
    segments = [each for each in found.segments if each.position]
    samples = tuple(cut_finger(slap, each) for each in segments)
    if wrong:
        return Reading(samples=samples, reasons=wrong, whole=slap)
    reports = () if judge is None else tuple(judge(sample) for sample in samples)
    aside = (FingerReason.OFF_CENTRE,) if any(each.cut_off for each in segments) else ()
    return Reading(
        samples=samples, reports=reports, reasons=tuple(dict.fromkeys((*aside, *_poor(reports)))), whole=slap
    )


def _wrong_slap(step: CaptureStep, found: SlapSegmentation) -> tuple[Reason, ...]:
    if not found.segments:
        return (CaptureReason.PLACE_FINGER,)
    if step.hand is not None and found.hand is not step.hand:
        return (CaptureReason.HANDS_SWAPPED,)
    if len(found.segments) > len(step.instances):
        return (CaptureReason.TOO_MANY_FINGERS,)
    if len(found.segments) < len(step.instances):
        return (CaptureReason.TOO_FEW_FINGERS,)
    wanted = frozenset(FingerPosition(each.position) for each in step.instances)
    return () if found.positions == wanted else (CaptureReason.WRONG_POSITION,)


def _named(step: CaptureStep, sample: CapturedSample) -> CapturedSample:
    """The sample with the one position that was asked for, where the device gave none."""
    if sample.position or len(step.instances) != 1 or sample.modality is Modality.FACE:
        return sample
    position = step.instances[0].position
    eye = sample.modality is Modality.IRIS
    return replace(sample, position=EyePosition(position) if eye else FingerPosition(position))


def _strange(step: CaptureStep, samples: tuple[CapturedSample, ...]) -> tuple[Reason, ...]:
    """What is not as it was asked for, of samples that the device cut and named."""
    wanted = sorted((each.modality.value, each.position) for each in step.instances)
    found = sorted((each.modality.value, int(each.position)) for each in samples)
    if found == wanted:
        return ()
    if len(found) < len(wanted):
        eyes = step.presentation in {Presentation.ONE_IRIS, Presentation.TWO_IRISES}
        return (CaptureReason.OPEN_EYES if eyes else CaptureReason.TOO_FEW_FINGERS,)
    if len(found) > len(wanted):
        face = step.presentation is Presentation.FACE
        return (CaptureReason.ONE_PERSON_ONLY if face else CaptureReason.TOO_MANY_FINGERS,)
    return (CaptureReason.WRONG_POSITION,)


def _poor(reports: tuple[QualityReport, ...]) -> tuple[QualityReason, ...]:
    """Reasons of the worst sample first, each once."""
    ordered = sorted(reports, key=lambda report: report.score)
    return tuple(dict.fromkeys(reason for report in ordered for reason in report.reasons))
