"""Minutiae records that someone else's extractor made: they enter the way where extraction ends.

entries ─► bytes ─► minutiae record ─► template of its first view ─► samples, as extraction gives them
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from biocapil.errors import FormatError
from biocapil.extraction import ExtractedSample
from biocapil.formats import read_minutiae_record, record_to_templates
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure


def read_records(
    entries: Sequence[SampleEntry], *, on_progress: Callable[[int, int], None] | None = None
) -> tuple[ExtractedSample, ...]:
    """Templates of minutiae records, one sample a file.

    Of a record with several views the first stands for the file. A file that is no sound record, and
    one without a minutia, is a counted failure.

    Args:
        entries: Samples whose files are minutiae records.
        on_progress: Called with the files read so far and their total.

    Returns:
        One sample an entry, in their order; no time is measured, for nothing was extracted.
    """
    samples: list[ExtractedSample] = []
    for done, entry in enumerate(entries, start=1):
        samples.append(_read(entry))
        if on_progress is not None:
            on_progress(done, len(entries))
    return tuple(samples)


def _read(entry: SampleEntry) -> ExtractedSample:
    try:
        data = entry.file.read_bytes()
    except OSError as exc:
        return _sample(entry, _unreadable(exc.strerror or type(exc).__name__), "")
    checksum = hashlib.sha256(data).hexdigest()
    try:
        return _sample(entry, _first_view(data), checksum)
    except FormatError as exc:
        return _sample(entry, _unreadable(str(exc)), checksum)


def _first_view(data: bytes) -> FingerprintTemplate | FailureToExtract:
    templates = record_to_templates(read_minutiae_record(data).record)
    if templates and len(templates[0]):
        return templates[0]
    return FailureToExtract(
        reason=ExtractionFailure.TOO_FEW_MINUTIAE, detail="the record holds no minutia; one is needed"
    )


def _unreadable(detail: str) -> FailureToExtract:
    return FailureToExtract(reason=ExtractionFailure.UNREADABLE_FILE, detail=detail)


def _sample(
    entry: SampleEntry, outcome: FingerprintTemplate | FailureToExtract, checksum: str
) -> ExtractedSample:
    return ExtractedSample(
        entry=entry,
        template=outcome if isinstance(outcome, FingerprintTemplate) else None,
        failure=outcome if isinstance(outcome, FailureToExtract) else None,
        elapsed_ms=0.0,
        reused=False,
        content_sha256=checksum,
    )
