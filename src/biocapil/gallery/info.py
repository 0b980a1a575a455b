"""`gallery_info`: what a gallery holds and how many bytes that takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biocapil.comparison.layout import LAYOUT_VERSION
from biocapil.gallery.gallery import Gallery
from biocapil.gallery.manifest import ShelfEntry
from biocapil.gallery.segment_layout import file_bytes, payload_bytes, shelf_payload_bytes
from biocapil.gallery.state import GalleryState
from biocapil.vocabulary import Modality, ModelId

PROTECTION = (
    "not encrypted: files are readable by their owner alone (0600, folder 0700); keep the folder on an "
    "encrypted volume or in memory"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModalityInfo:
    """Templates of one modality in numbers.

    Attributes:
        modality: Modality.
        model_id: Model of all of them.
        persons: People who have one.
        templates: Templates of people who are there.
        instances: Templates of each instance that there is.
        bytes_per_template: What kernels read of one, on average; 0 where there is none.
        overhead_per_template: Bytes of lanes that are left over, for each template in segments.
    """

    modality: str
    model_id: ModelId
    persons: int
    templates: int
    instances: dict[str, int]
    bytes_per_template: float
    overhead_per_template: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryInfo:
    """A gallery in numbers.

    Attributes:
        layout_version: How minutiae are packed.
        generation: Commits so far.
        persons: People who are there.
        templates: Their templates.
        modalities: Those of each modality.
        awaiting_erasure: People who are deleted, and whose bytes a compaction takes out of the files.
        segments: Sealed segments.
        log_bytes: Length of the append segment.
        file_bytes: All files.
        bytes_per_template: What kernels read of one template, on average; 0 where there is none.
        overhead_per_template: Further bytes of the files for each template that stands in them.
        protection: What protects the files, and what does not.
    """

    layout_version: int
    generation: int
    persons: int
    templates: int
    modalities: tuple[ModalityInfo, ...]
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
    modalities = tuple(_modality(modality, state) for modality in manifest.models.modalities)
    templates = sum(each.templates for each in modalities)
    size = sum(each.templates * each.bytes_per_template for each in modalities)
    sealed = sum(file_bytes(entry, manifest.models) for entry in manifest.segments)
    payload = sum(payload_bytes(entry, manifest.models) for entry in manifest.segments)
    stored = sum(shelf.templates for entry in manifest.segments for shelf in entry.shelves)
    return GalleryInfo(
        layout_version=LAYOUT_VERSION,
        generation=manifest.generation,
        persons=state.persons,
        templates=templates,
        modalities=modalities,
        awaiting_erasure=sum(int((~segment.alive).sum()) for segment in state.segments),
        segments=len(manifest.segments),
        log_bytes=manifest.log.size,
        file_bytes=sealed + manifest.log.size + len(state.manifest_bytes),
        bytes_per_template=size / max(templates, 1),
        overhead_per_template=(sealed - payload) / max(stored, 1),
        protection=PROTECTION,
    )


def _modality(modality: Modality, state: GalleryState) -> ModalityInfo:
    persons, sizes, instances = 0, 0, dict[str, int]()
    for source in state.sources:
        shelf = source.columns.shelves[modality]
        kept = source.kept[shelf.owners]
        persons += len(np.unique(shelf.owners[kept]))
        sizes += int(shelf.template_bytes()[kept].sum())
        for instance in shelf.instances:
            run = shelf.run_of(instance.position).templates
            count = int(kept[run.start : run.stop].sum())
            instances[instance.name] = instances.get(instance.name, 0) + count
    templates = sum(instances.values())
    return ModalityInfo(
        modality=modality.value,
        model_id=state.manifest.models.model_of(modality),
        persons=persons,
        templates=templates,
        instances={name: count for name, count in instances.items() if count},
        bytes_per_template=sizes / max(templates, 1),
        overhead_per_template=_left_over(modality, state),
    )


def _left_over(modality: Modality, state: GalleryState) -> float:
    """Bytes of lanes without a template, for each template in segments."""
    models = state.manifest.models
    at = models.modalities.index(modality)
    shelves: list[ShelfEntry] = [entry.shelves[at] for entry in state.manifest.segments]
    if modality is Modality.FINGER:
        return 0.0
    stored = sum(shelf.templates for shelf in shelves)
    empty = sum(
        shelf_payload_bytes(modality, shelf, models) * (shelf.rows - shelf.templates) / max(shelf.rows, 1)
        for shelf in shelves
    )
    return empty / max(stored, 1)
