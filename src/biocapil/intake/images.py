"""Images of a set to templates: `formats` decodes, `extraction` works, `quality` measures, a store helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from biocapil.extraction import ExtractedSample, Extractor, TemplateStore, extract_all
from biocapil.formats import sample_reader
from biocapil.intake.assessing import assessor_of
from biocapil.subject import SampleEntry


def extract_images(
    entries: Sequence[SampleEntry],
    extractor: Extractor,
    *,
    resolution_ppi: float | None = None,
    store: Path | None = None,
    with_quality: bool = False,
    workers: int | None = None,
    on_progress: Callable[[int, int, int], None] | None = None,
) -> tuple[ExtractedSample, ...]:
    """Templates of image files, one sample an entry.

    Args:
        entries: Samples whose files are images.
        extractor: Makes the templates.
        resolution_ppi: True resolution of every file; None takes what its entry states, else its own tag.
        store: Encrypted file of finished outcomes, opened or made; None keeps nothing.
        with_quality: Measure the quality of the images too, about as long again, where `assessor_of` can.
        workers: Threads; None takes the process's budget.
        on_progress: Called with the entries done, their total, and how many of them came from the
            store, which is known, and not 0, in the last call only.

    Returns:
        Samples in the order of the entries.

    Raises:
        ResolutionUnknown: A file names no resolution, and `resolution_ppi` is None.
        StoreError: The store cannot be opened, read or written.
    """

    def tell(done: int, total: int, _entry: SampleEntry) -> None:
        if on_progress is not None:
            on_progress(done, total, 0)

    with TemplateStore(store) if store is not None else nullcontext() as opened:
        run = extract_all(
            entries,
            extractor,
            read=sample_reader(resolution_ppi=resolution_ppi),
            assess=assessor_of(extractor) if with_quality else None,
            store=opened,
            workers=workers,
            on_progress=tell,
        )
    if on_progress is not None:
        on_progress(len(entries), len(entries), run.reused)
    return run.items
