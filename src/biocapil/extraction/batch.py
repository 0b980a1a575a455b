"""Extraction over a whole manifest: in parallel, going on where a killed run stopped, nothing dropped.

    entry ─► file ─► read ─► CapturedSample ─► in the store? ─► extractor ─► store ─► ExtractedSample

Decoding belongs to `formats`, quality to `quality`, and steps never import each other, so the caller hands
in `read` (`biocapil.formats.sample_reader`) and `assess` (`biocapil.quality.assess_finger`). A file is read
anew in every run, because its bytes, its resolution and its position name its record: a changed image is
extracted again, and an unchanged one never.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice

from biocapil.any_template import Template
from biocapil.errors import BiocapilError, FormatError
from biocapil.extraction.extraction_run import ExtractedSample, ExtractionRun
from biocapil.extraction.seam import Extractor
from biocapil.extraction.stored_outcome import StoredOutcome
from biocapil.extraction.template_store import TemplateStore
from biocapil.outcomes import FailureToExtract
from biocapil.quality_report import QualityReport
from biocapil.sample import CapturedSample
from biocapil.subject import SampleEntry
from biocapil.threads import map_in_order, thread_budget, worker_pool
from biocapil.vocabulary import ExtractionFailure

MAX_FILE_BYTES = 512 * 1024 * 1024
"""More than any image of 64 million pixels needs; a device file has no end."""

AHEAD_PER_WORKER = 2
"""Entries under way or waiting for each worker: no worker idles, and few images are in memory."""

SampleReader = Callable[[SampleEntry, bytes], CapturedSample]
Assess = Callable[[CapturedSample], QualityReport]
Progress = Callable[[int, int, SampleEntry], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What is done with every entry."""

    extractor: Extractor
    read: SampleReader
    assess: Assess | None
    store: TemplateStore | None
    clock: Callable[[], float]


def extract_all(
    entries: Sequence[SampleEntry],
    extractor: Extractor,
    *,
    read: SampleReader,
    assess: Assess | None = None,
    store: TemplateStore | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> ExtractionRun:
    """Extract a template from every entry.

    Args:
        entries: The work, in the order of the manifest.
        extractor: Turns a sample into a template; called from several threads.
        read: Turns a file's bytes into a sample; called from several threads.
        assess: Measures the quality of a sample, also of one whose template the store had; called from
            several threads. None measures none.
        store: Where finished outcomes are kept and looked up; None keeps nothing.
        workers: Threads, at least 1; None takes the process's budget.
        on_progress: Called after each entry, in the calling thread, with the number done, the number in
            all, and the entry.
        clock: Seconds from any start.

    Returns:
        One outcome for each entry, in their order, the same for any number of workers. A file that
        cannot be opened or decoded is a failure of reason UNREADABLE_FILE.

    Raises:
        ResolutionUnknown: A file names no resolution, and the reader none either: the run stops.
        MissingPart: A file's format needs a package that is not installed.
        ModelError: The model refuses the sample.
        StoreError: The store cannot be read or written.
        ValueError: `workers` is below 1.
    """
    count = thread_budget() if workers is None else workers
    if count < 1:
        raise ValueError(f"workers must be at least 1, got {workers!r}")
    step = _Step(extractor=extractor, read=read, assess=assess, store=store, clock=clock)
    items: dict[int, ExtractedSample] = {}
    with worker_pool(count) as pool:
        try:
            for index, item in _as_done(pool, step, entries, ahead=AHEAD_PER_WORKER * count):
                items[index] = item
                if on_progress is not None:
                    on_progress(len(items), len(entries), item.entry)
        except BaseException:  # also an interrupt from the keyboard: what has not begun does not begin
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    ordered = tuple(items[index] for index in range(len(entries)))
    return ExtractionRun(items=ordered, model_id=extractor.model_id)


def extract_samples(
    samples: Iterable[CapturedSample], extractor: Extractor, *, workers: int | None = None
) -> Iterator[Template | FailureToExtract]:
    """Extract a template from every sample of a batch in memory.

    Args:
        samples: Samples of any size and resolution; taken as they are needed, a few ahead.
        extractor: Turns a sample into a template; called from several threads.
        workers: Threads, at least 1; None takes the process's budget.

    Returns:
        One outcome for each sample, in their order, the same for any number of workers.

    Raises:
        ModelError: The model refuses a sample.
        ValueError: `workers` is below 1.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers!r}")
    return map_in_order(extractor.extract, samples, workers=workers)


def _as_done(
    pool: Executor, step: _Step, entries: Sequence[SampleEntry], *, ahead: int
) -> Iterator[tuple[int, ExtractedSample]]:
    """Outcomes with the index of their entry, as they come; never more than `ahead` under way."""
    waiting = enumerate(entries)
    under_way: dict[Future[ExtractedSample], int] = {}
    while True:
        for index, entry in islice(waiting, ahead - len(under_way)):
            under_way[pool.submit(_extract_one, entry, step)] = index
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            yield under_way.pop(future), future.result()


def _extract_one(entry: SampleEntry, step: _Step) -> ExtractedSample:
    try:
        data = _file_bytes(entry)
    except OSError as exc:
        return _unreadable(entry, f"cannot be opened: {exc.strerror or exc}", content_sha256="")
    content_sha256 = hashlib.sha256(data).hexdigest()
    try:
        sample = step.read(entry, data)
    except FormatError as exc:
        return _unreadable(entry, str(exc), content_sha256=content_sha256)
    try:
        stored, reused = _remembered_or_made(sample, content_sha256, step)
        quality = None if step.assess is None else step.assess(sample)
    except BiocapilError as exc:
        exc.add_note(f"while extracting {entry.name}")
        raise
    outcome = stored.outcome
    return ExtractedSample(
        entry=entry,
        template=None if isinstance(outcome, FailureToExtract) else outcome,
        failure=outcome if isinstance(outcome, FailureToExtract) else None,
        elapsed_ms=stored.elapsed_ms,
        reused=reused,
        content_sha256=content_sha256,
        quality=quality,
    )


def _remembered_or_made(
    sample: CapturedSample, content_sha256: str, step: _Step
) -> tuple[StoredOutcome, bool]:
    """Outcome, and whether the store had it."""
    if step.store is None:
        return _made(sample, step), False
    model_id = step.extractor.model_id
    record_key = step.store.record_key(sample, content_sha256=content_sha256, model_id=model_id)
    remembered = step.store.get(record_key, model_id=model_id)
    if remembered is not None:
        return remembered, True
    made = _made(sample, step)
    step.store.put(record_key, made, model_id=model_id)
    return made, False


def _made(sample: CapturedSample, step: _Step) -> StoredOutcome:
    start_s = step.clock()
    outcome = step.extractor.extract(sample)
    return StoredOutcome(outcome=outcome, elapsed_ms=1000 * (step.clock() - start_s))


def _file_bytes(entry: SampleEntry) -> bytes:
    with entry.file.open("rb") as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise OSError(f"larger than {MAX_FILE_BYTES:,} bytes")
    return data


def _unreadable(entry: SampleEntry, why: str, *, content_sha256: str) -> ExtractedSample:
    detail = why if why.startswith(entry.name) else f"{entry.name}: {why}"
    failure = FailureToExtract(reason=ExtractionFailure.UNREADABLE_FILE, detail=detail)
    return ExtractedSample(
        entry=entry,
        template=None,
        failure=failure,
        elapsed_ms=0.0,
        reused=False,
        content_sha256=content_sha256,
    )
