"""`run_deduplication`: the whole way of `dedup run`, one line a step.

entries ─► intake (extraction or records) ─► samples ─► find_duplicates ─► report
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from biocapil.calibration import Calibration
from biocapil.deduplication.all_pairs import Progress
from biocapil.deduplication.person_rules import Policy
from biocapil.deduplication.report import DuplicateReport
from biocapil.deduplication.search import find_duplicates
from biocapil.extraction import ExtractedSample
from biocapil.quality_report import QualityReport
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality

Intake = Callable[[Sequence[SampleEntry]], Sequence[ExtractedSample]]
"""Makes samples with templates of entries, one each, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """How long one step took.

    Attributes:
        step: Name of the step.
        elapsed_s: Seconds by the clock on the wall.
    """

    step: str
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deduplication:
    """What became of a set.

    Attributes:
        samples: Samples with template or failure, in the manifest's order.
        report: Duplicates among them.
        times: Time of each step, in their order.
    """

    samples: tuple[ExtractedSample, ...]
    report: DuplicateReport
    times: tuple[StepTime, ...]

    @property
    def reused(self) -> int:
        """Samples whose templates an earlier run had finished."""
        return sum(sample.reused for sample in self.samples)

    @property
    def qualities(self) -> dict[str, QualityReport]:
        """Quality by the name of the sample, of those whose images were measured."""
        return {each.entry.name: each.quality for each in self.samples if each.quality is not None}

    @property
    def elapsed_s(self) -> dict[str, float]:
        """Seconds by the name of the step."""
        return {time_of.step: time_of.elapsed_s for time_of in self.times}


def run_deduplication(
    entries: Sequence[SampleEntry],
    calibration: Calibration | Mapping[Modality, Calibration],
    policy: Policy,
    *,
    intake: Intake,
    on_progress: Progress | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Deduplication:
    """Find the persons of a set who are registered more than once.

    Args:
        entries: Samples, in the manifest's order.
        calibration: Turns similarity into evidence; one for each modality where there are several.
        policy: Thresholds of evidence.
        intake: Makes templates of the entries.
        on_progress: Called with the comparisons done and their total.
        clock: Time in seconds.

    Raises:
        IncompatibleTemplates: The templates come from different models.
    """
    start = clock()
    samples = tuple(intake(entries))
    taken_in = clock()
    report = find_duplicates(
        [sample.failure if sample.template is None else sample.template for sample in samples],
        entries,
        calibration,
        policy,
        on_progress=on_progress,
    )
    times = (
        StepTime(step="extraction", elapsed_s=taken_in - start),
        StepTime(step="comparison", elapsed_s=clock() - taken_in),
    )
    return Deduplication(samples=samples, report=report, times=times)
