"""`rebuild_gallery`: everything anew from the system of record, in one commit; the fast way to fill one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from biocapil.errors import BiocapilError
from biocapil.gallery.columns import columns_of
from biocapil.gallery.manifest import ID_DIGITS, LogEntry, Manifest, SegmentEntry, manifest_from_json
from biocapil.gallery.merging import Source
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.state import read_manifest_bytes
from biocapil.gallery.writing import (
    commit_manifest,
    take_lock,
    with_new_log,
    write_segments,
)

PART_BYTES = 256 << 20
"""About how many bytes of templates are held in memory at a time; those of one segment."""


def rebuild_gallery(
    folder: str | os.PathLike[str],
    records: Iterable[PersonRecord],
    *,
    models: GalleryModels,
    segment_bytes: int = PART_BYTES,
) -> int:
    """Replace everything that a gallery holds; readers see the old or the new people, never some of each.

    What lies there may be damaged, or of another model. Only the identifiers and one segment's people are
    held in memory.

    Args:
        folder: Of a gallery.
        records: Everybody, from the system of record.
        models: Models of all templates.
        segment_bytes: About how many bytes of templates one segment holds.

    Returns:
        How many people there are.

    Raises:
        StoreError: No gallery lies there, or another process writes to it.
        IncompatibleTemplates: One is of another model; the old people stand.
        ValueError: Two of them have one identifier; the old people stand.
    """
    path = Path(folder)
    old = read_manifest_bytes(path)
    descriptor = take_lock(path)
    try:
        generation, number = _last_numbers(path, old)
        regions = {"": 0}
        seen: set[str] = set()
        entries: list[SegmentEntry] = []
        for part in _parts(_checked(records, models, seen), segment_bytes):
            for record in part:
                regions.setdefault(record.region, len(regions))
            columns = columns_of(part, regions, models)
            source = Source(columns=columns, kept=np.ones(columns.persons, np.bool_))
            entries += write_segments(path, [source], models, number + len(entries), segment_bytes=1 << 62)
        manifest = Manifest(
            gallery_id=secrets.token_hex(ID_DIGITS // 2),
            generation=generation + 1,
            next_number=number + len(entries),
            models=models,
            regions=tuple(regions),
            segments=tuple(entries),
            log=LogEntry(number=0),
        )
        commit_manifest(path, with_new_log(path, manifest, []))
        return len(seen)
    finally:
        os.close(descriptor)


def _checked(
    records: Iterable[PersonRecord], models: GalleryModels, seen: set[str]
) -> Iterator[PersonRecord]:
    for record in records:
        models.require(record)
        if record.person_id in seen:
            raise ValueError("two of the persons have one identifier: join them into one record")
        seen.add(record.person_id)
        yield record


def _parts(records: Iterable[PersonRecord], most_bytes: int) -> Iterator[list[PersonRecord]]:
    """People in parts of about so many bytes of templates."""
    part: list[PersonRecord] = []
    filled = 0
    for record in records:
        part.append(record)
        filled += record.payload_bytes
        if filled >= most_bytes:
            yield part
            part, filled = [], 0
    if part:
        yield part


def _last_numbers(folder: Path, data: bytes) -> tuple[int, int]:
    """Generation and first free number of what lies there, also where its manifest cannot be read."""
    used = [path.name.partition("-")[2] for path in folder.iterdir() if "-" in path.name]
    free = max((int(each) for each in used if each.isdecimal()), default=-1) + 1
    try:
        old = manifest_from_json(data)
    except BiocapilError:
        return 0, free
    return old.generation, max(free, old.next_number)
