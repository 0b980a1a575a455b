"""`gallery_info`: what a gallery holds and how many bytes that takes."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.comparison.layout import LAYOUT_VERSION, WORDS
from biocapil.gallery.gallery import Gallery
from biocapil.gallery.segment import file_bytes
from biocapil.vocabulary import ModelId

PROTECTION = (
    "not encrypted: files are readable by their owner alone (0600, folder 0700); keep the folder on an "
    "encrypted volume or in memory"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryInfo:
    """A gallery in numbers.

    Attributes:
        model_id: Model of all templates.
        layout_version: How minutiae are packed.
        generation: Commits so far.
        persons: People who are there.
        templates: Their templates.
        minutiae: Packed minutiae of those.
        awaiting_erasure: People who are deleted, and whose bytes a compaction takes out of the files.
        segments: Sealed segments.
        log_bytes: Length of the append segment.
        file_bytes: All files.
        bytes_per_template: Minutiae of a template, 64 bytes each, on average; 0 where there is none.
        overhead_per_template: Further bytes of the files for each template that stands in them.
        protection: What protects the files, and what does not.
    """

    model_id: ModelId
    layout_version: int
    generation: int
    persons: int
    templates: int
    minutiae: int
    awaiting_erasure: int
    segments: int
    log_bytes: int
    file_bytes: int
    bytes_per_template: float
    overhead_per_template: float
    protection: str


def gallery_info(gallery: Gallery) -> GalleryInfo:
    """Count what is there."""
    state = gallery.state()
    manifest = state.manifest
    sources = state.sources
    templates = sum(int(each.kept[each.columns.owners].sum()) for each in sources)
    minutiae = 0
    for each in sources:
        sizes = each.columns.offsets[1:] - each.columns.offsets[:-1]
        minutiae += int(sizes[each.kept[each.columns.owners]].sum())
    sealed = sum(file_bytes(entry) for entry in manifest.segments)
    stored = sum(entry.templates for entry in manifest.segments)
    stored_minutiae = sum(entry.minutiae for entry in manifest.segments)
    return GalleryInfo(
        model_id=manifest.model_id,
        layout_version=LAYOUT_VERSION,
        generation=manifest.generation,
        persons=state.persons,
        templates=templates,
        minutiae=minutiae,
        awaiting_erasure=sum(int((~segment.alive).sum()) for segment in state.segments),
        segments=len(manifest.segments),
        log_bytes=manifest.log.size,
        file_bytes=sealed + manifest.log.size + len(state.manifest_bytes),
        bytes_per_template=minutiae * WORDS * 8 / max(templates, 1),
        overhead_per_template=(sealed - stored_minutiae * WORDS * 8) / max(stored, 1),
        protection=PROTECTION,
    )
