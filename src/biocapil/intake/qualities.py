"""Images of a set to quality reports: `formats` decodes them, `quality` measures, nothing is extracted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from biocapil.attack_detection import AttackDetector, detect_attack
from biocapil.attack_report import NOT_ASSESSED, AttackReport
from biocapil.errors import FormatError, ModelError
from biocapil.extraction import Extractor
from biocapil.formats import sample_reader
from biocapil.intake.assessing import Assess, assessor_of
from biocapil.outcomes import FailureToExtract
from biocapil.quality import assess_finger
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.threads import map_in_order
from biocapil.vocabulary import ExtractionFailure, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedSample:
    """One sample and its quality, or why there is none.

    Attributes:
        entry: The sample as it was named.
        report: Its quality, or None.
        failure: Why the file could not be read, or None.
        attack: Whether it is a presentation attack.
    """

    entry: SampleEntry
    report: QualityReport | None
    failure: FailureToExtract | None
    attack: AttackReport = NOT_ASSESSED


def assess_images(
    entries: Sequence[SampleEntry],
    extractors: Mapping[Modality, Extractor] | None = None,
    *,
    resolution_ppi: float | None = None,
    attack_detector: AttackDetector | None = None,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[AssessedSample, ...]:
    """Quality of image files, one an entry.

    Args:
        entries: Samples whose files are images.
        extractors: Find what is measured in irises and faces; fingers need none.
        resolution_ppi: True resolution of every file; None takes what its entry states, else its own tag.
        attack_detector: Looks for presentation attacks; None where none is at hand.
        workers: Threads; None takes the process's budget.
        on_progress: Called with the entries done and their total.

    Returns:
        Outcomes in the order of the entries; a file that cannot be opened or decoded is a failure.

    Raises:
        ResolutionUnknown: A file names no resolution, and `resolution_ppi` is None.
        ModelError: An entry is of a modality that cannot be measured with these extractors.
        MissingPart: A package that reads or measures is not installed.
    """
    read = sample_reader(resolution_ppi=resolution_ppi)
    assess = _assessors({entry.modality for entry in entries}, extractors or {})
    found: list[AssessedSample] = []
    one = partial(_assess, read=read, assess=assess, attack_detector=attack_detector)
    for outcome in map_in_order(one, entries, workers=workers):
        found.append(outcome)
        if on_progress is not None:
            on_progress(len(found), len(entries))
    return tuple(found)


def _assessors(
    modalities: Collection[Modality], extractors: Mapping[Modality, Extractor]
) -> dict[Modality, Assess]:
    found: dict[Modality, Assess] = {}
    for modality in modalities:
        extractor = extractors.get(modality)
        assess = None if extractor is None else assessor_of(extractor)
        if modality is Modality.FINGER:
            assess = assess_finger
        if assess is None:
            given = "no extractor" if extractor is None else f"extractor {extractor.model_id}"
            raise ModelError(f"quality of {modality.value} samples cannot be measured with {given}")
        found[modality] = assess
    return found


def _assess(
    entry: SampleEntry,
    *,
    read: Callable[[SampleEntry, bytes], CapturedSample],
    assess: Mapping[Modality, Assess],
    attack_detector: AttackDetector | None,
) -> AssessedSample:
    try:
        sample = read(entry, entry.file.read_bytes())
    except OSError as exc:
        return _unreadable(entry, f"{entry.name}: cannot be opened: {exc.strerror or exc}")
    except FormatError as exc:
        return _unreadable(entry, str(exc))
    return AssessedSample(
        entry=entry,
        report=assess[entry.modality](sample),
        failure=None,
        attack=detect_attack(sample, attack_detector),
    )


def _unreadable(entry: SampleEntry, detail: str) -> AssessedSample:
    failure = FailureToExtract(reason=ExtractionFailure.UNREADABLE_FILE, detail=detail)
    return AssessedSample(entry=entry, report=None, failure=failure)
