"""A sealed segment: one file, written once, mapped as it lies; see `segment_layout` for its columns."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import StoreError
from biocapil.gallery.block_checksums import BlockChecksums
from biocapil.gallery.columns import Columns
from biocapil.gallery.durable import write_new
from biocapil.gallery.manifest import SegmentEntry, ShelfEntry
from biocapil.gallery.merging import Merged
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.segment_layout import Place, file_bytes, places_of
from biocapil.gallery.shelf import Shelf
from biocapil.vocabulary import Modality


def open_segment(folder: Path, entry: SegmentEntry, models: GalleryModels) -> Columns:
    """Map a segment; its pages are read when a search comes to them.

    Raises:
        StoreError: The file has another length than the manifest says.
        OSError: It cannot be opened.
    """
    path = folder / entry.file
    with path.open("rb") as file:
        size, meant = file.seek(0, 2), file_bytes(entry, models)
        if size != meant:
            raise StoreError(
                f"{path.name} has {size:,} bytes, the manifest says {meant:,}: "
                "rebuild the gallery from the system of record"
            )
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    arrays: dict[Modality | None, dict[str, Any]] = {None: {}}
    for (modality, name), place in places_of(entry, models).items():
        arrays.setdefault(modality, {})[name] = _array(mapped, place)
    return Columns(
        **arrays[None],
        shelves={
            modality: Shelf(
                modality=modality,
                owners=arrays[modality].pop("owners"),
                positions=arrays[modality].pop("positions"),
                payload=arrays[modality],
                measures=shelf.measures,
            )
            for modality, shelf in zip(models.modalities, entry.shelves, strict=True)
        },
    )


def write_segment(folder: Path, number: int, merged: Merged, models: GalleryModels) -> SegmentEntry:
    """Write a segment; it counts once a manifest names it.

    Args:
        folder: Of the gallery.
        number: Names the file.
        merged: What to write.
        models: Models of the gallery.

    Raises:
        OSError: It cannot be written.
    """
    entry = SegmentEntry(
        number=number,
        persons=merged.persons.persons,
        id_bytes=len(merged.persons.ids),
        shelves=tuple(
            ShelfEntry(templates=len(shelf.owners), rows=shelf.rows, measures=shelf.measures)
            for shelf in merged.shelves.values()
        ),
        blocks=(),
    )
    checksums = BlockChecksums()
    write_new(folder / entry.file, (checksums.seen(part) for part in _parts(merged, entry, models)))
    return replace(entry, blocks=checksums.blocks())


def _parts(merged: Merged, entry: SegmentEntry, models: GalleryModels) -> Iterator[memoryview]:
    """Bytes of the file in order, zeros up to each page border."""
    written = 0
    for (modality, name), place in places_of(entry, models).items():
        yield memoryview(bytes(place.start - written))
        for array in _column(merged, modality, name):
            yield np.ascontiguousarray(array, place.dtype).reshape(-1).view(np.uint8).data
        written = place.end


def _column(merged: Merged, modality: Modality | None, name: str) -> Iterator[NDArray[Any]]:
    if modality is None:
        yield getattr(merged.persons, name)
    else:
        yield from merged.shelves[modality].parts(name)


def _array(mapped: mmap.mmap, place: Place) -> NDArray[Any]:
    if not place.size:
        return np.zeros(place.shape, place.dtype)
    return np.frombuffer(mapped, place.dtype, prod(place.shape), place.start).reshape(place.shape)
