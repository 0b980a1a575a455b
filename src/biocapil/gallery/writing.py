"""The writer's side of a gallery: its lock, and the commits of `docs/decisions/0006-gallery.md`.

    frames ─► append to the log ─► manifest                                    commit_frames
    everything or the small ones ─► new segments, a new log ─► manifest        commit_segments

Each ends with the replacement of the manifest, which is the commit.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from biocapil.errors import StoreError
from biocapil.gallery.durable import (
    PRIVATE_FILE,
    TEMPORARY_SUFFIX,
    append_at,
    remove_files,
    replace_file,
    sync_folder,
    write_new,
)
from biocapil.gallery.log_frames import Buried, Enrolled, Frame, encode_frame
from biocapil.gallery.manifest import LogEntry, Manifest, SegmentEntry, manifest_to_json
from biocapil.gallery.merging import Source, merge
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.segment import write_segment
from biocapil.gallery.segment_layout import payload_bytes
from biocapil.gallery.state import MANIFEST_FILE, GalleryState, OpenSegment, applied, load_state

LOCK_FILE = "writer.lock"
TEMPORARY = MANIFEST_FILE + TEMPORARY_SUFFIX
LOG_BYTES = 8 << 20
"""Length from which the log is sealed: what an opening gallery reads."""

SMALL_BYTES = 64 << 20
"""Bytes of templates below which a segment counts as small."""

SMALL_SEGMENTS = 16
"""So many small segments are merged into one."""

SEGMENT_BYTES = 1 << 30
"""About how many bytes of templates one segment holds."""


def take_lock(folder: Path) -> int:
    """Become the one writer.

    Returns:
        Descriptor that holds the lock until it is closed.

    Raises:
        StoreError: Another process, or another object of this one, writes.
    """
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        os.close(descriptor)
        raise StoreError(f"gallery {folder.name} is being written to by another process; try again") from exc
    return descriptor


def commit_manifest(folder: Path, manifest: Manifest) -> None:
    """Make a manifest the one that counts, and take away what it does not name.

    Raises:
        OSError: It could not be written.
    """
    replace_file(folder / MANIFEST_FILE, manifest_to_json(manifest))
    remove_files(stray_files(folder, manifest))


def stray_files(folder: Path, manifest: Manifest) -> Sequence[Path]:
    """Files of a gallery that no manifest names: left by a writer that was killed."""
    kept = {*manifest.files, MANIFEST_FILE, LOCK_FILE}
    return sorted(
        path
        for path in folder.iterdir()
        if path.name not in kept and path.name.partition("-")[0] in {"segment", "log", TEMPORARY}
    )


def commit_frames(folder: Path, state: GalleryState, frames: Sequence[Frame]) -> GalleryState:
    """Append changes to the log.

    Returns:
        The new state.

    Raises:
        OSError: They could not be written.
    """
    data = b"".join(map(encode_frame, frames))
    log = state.manifest.log
    manifest = replace(
        state.manifest,
        generation=state.manifest.generation + 1,
        regions=_with_regions(state.manifest.regions, frames),
        log=replace(log, size=log.size + len(data), crc32=zlib.crc32(data, log.crc32)),
    )
    changed = applied(state, frames, manifest)
    append_at(folder / log.file, log.size, data)
    commit_manifest(folder, manifest)
    return changed


def commit_segments(
    folder: Path, state: GalleryState, chosen: Sequence[OpenSegment], *, segment_bytes: int = SEGMENT_BYTES
) -> GalleryState:
    """Write the log's persons and those of chosen segments into new segments, and begin a new log.

    The new log begins with the deleted persons of the segments that stay.

    Args:
        folder: Of the gallery.
        state: Committed state.
        chosen: Segments that the new ones replace.
        segment_bytes: About how many bytes of templates one segment holds.

    Returns:
        The new state.

    Raises:
        OSError: They could not be written.
    """
    numbers = {segment.entry.number for segment in chosen}
    stay = [segment for segment in state.segments if segment.entry.number not in numbers]
    sources = [*(segment.source for segment in chosen), state.recent_source]
    manifest = replace(state.manifest, generation=state.manifest.generation + 1)
    written = write_segments(
        folder, sources, manifest.models, manifest.next_number, segment_bytes=segment_bytes
    )
    frames = [_burial(segment) for segment in stay if not segment.alive.all()]
    manifest = replace(
        manifest,
        segments=(*(segment.entry for segment in stay), *written),
        next_number=manifest.next_number + len(written),
    )
    commit_manifest(folder, with_new_log(folder, manifest, frames))
    return load_state(folder, state)


def write_segments(
    folder: Path,
    sources: Sequence[Source],
    models: GalleryModels,
    first_number: int,
    *,
    segment_bytes: int = SEGMENT_BYTES,
) -> tuple[SegmentEntry, ...]:
    """Write kept persons of some sources into new segments; none where nobody is kept."""
    return tuple(
        write_segment(folder, number, merged, models)
        for number, merged in enumerate(merge(sources, models, most_bytes=segment_bytes), start=first_number)
    )


def with_new_log(folder: Path, manifest: Manifest, frames: Sequence[Frame]) -> Manifest:
    """The manifest with a new log that holds some changes; all new files and names are on the disk."""
    data = b"".join(map(encode_frame, frames))
    log = LogEntry(number=manifest.next_number, size=len(data), crc32=zlib.crc32(data))
    write_new(folder / log.file, [data])
    sync_folder(folder)
    return replace(manifest, log=log, next_number=manifest.next_number + 1)


def needs_sealing(state: GalleryState) -> bool:
    """Whether the log is as long as it may become."""
    return state.manifest.log.size >= LOG_BYTES


def to_be_merged(state: GalleryState) -> Sequence[OpenSegment]:
    """Small segments, where there are so many of them that they are to be merged."""
    models = state.manifest.models
    small = [each for each in state.segments if payload_bytes(each.entry, models) < SMALL_BYTES]
    return small if len(small) >= SMALL_SEGMENTS else ()


def _burial(segment: OpenSegment) -> Buried:
    rows = np.flatnonzero(~segment.alive).astype(np.uint32)
    return Buried(segment=segment.entry.number, rows=rows)


def _with_regions(regions: tuple[str, ...], frames: Iterable[Frame]) -> tuple[str, ...]:
    named = [frame.record.region for frame in frames if isinstance(frame, Enrolled)]
    return tuple(dict.fromkeys((*regions, *named)))
