"""A set of several modalities to templates: each modality through its own extractor, in one order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from biocapil.errors import ModelError
from biocapil.extraction import ExtractedSample, Extractor
from biocapil.intake.images import extract_images
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Modality


def extract_modalities(
    entries: Sequence[SampleEntry],
    extractors: Mapping[Modality, Extractor],
    *,
    resolution_ppi: float | None = None,
    store: Path | None = None,
    with_quality: bool = False,
    workers: int | None = None,
    on_progress: Callable[[int, int, int], None] | None = None,
) -> tuple[ExtractedSample, ...]:
    """Templates of image files of fingers, faces and irises, one sample an entry.

    Args:
        entries: Samples whose files are images.
        extractors: Makes the templates of each modality that occurs.
        resolution_ppi: True resolution of every file of a finger; None takes what its entry states, else its
            own tag.
        store: Encrypted file of finished outcomes, opened or made; None keeps nothing.
        with_quality: Measure the quality of the images too, where it can be measured.
        workers: Threads; None takes the process's budget.
        on_progress: Called with the entries done, their total, and how many of them came from the
            store, which is known, and not 0, in the last calls of a modality only.

    Returns:
        Samples in the order of the entries.

    Raises:
        ModelError: A modality has no extractor, or one of another modality.
        ResolutionUnknown: A file of a finger names no resolution, and `resolution_ppi` is None.
        StoreError: The store cannot be opened, read or written.
    """
    _require_extractors(entries, extractors)
    found: dict[int, ExtractedSample] = {}
    reused = 0
    for modality, extractor in extractors.items():
        rows = [row for row, entry in enumerate(entries) if entry.modality is modality]
        if not rows:
            continue

        def tell(done: int, _total: int, again: int, start: int = len(found), old: int = reused) -> None:
            if on_progress is not None:
                on_progress(start + done, len(entries), old + again)

        samples = extract_images(
            [entries[row] for row in rows],
            extractor,
            resolution_ppi=resolution_ppi if modality is Modality.FINGER else None,
            store=store,
            with_quality=with_quality,
            workers=workers,
            on_progress=tell,
        )
        reused += sum(sample.reused for sample in samples)
        found.update(zip(rows, samples, strict=True))
    return tuple(found[row] for row in range(len(entries)))


def _require_extractors(entries: Sequence[SampleEntry], extractors: Mapping[Modality, Extractor]) -> None:
    for modality in {entry.modality for entry in entries}:
        extractor = extractors.get(modality)
        if extractor is None:
            raise ModelError(
                f"the set holds {modality.value} samples, and no model was named that reads them"
            )
        if extractor.modality is not modality:
            raise ModelError(
                f"model {extractor.model_id} reads {extractor.modality.value} samples, "
                f"it was named for {modality.value}"
            )
