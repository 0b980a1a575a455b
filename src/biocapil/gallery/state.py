"""What a gallery holds at one generation: sealed segments, who of them is deleted, and the log's persons.

    manifest ─► segments mapped ─┐
    log ─► frames ─► applied ────┴─► GalleryState, never changed: the next commit makes another

A writer's new state and a reader's are made by the same `applied`, from the same frames.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import FormatError, StoreError
from biocapil.gallery.columns import Columns, columns_of
from biocapil.gallery.log_frames import Buried, Enrolled, Frame, Withdrawn, decode_frames
from biocapil.gallery.manifest import Manifest, SegmentEntry, manifest_from_json, manifest_to_json
from biocapil.gallery.merging import Source
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.record_codec import content_hash
from biocapil.gallery.segment import open_segment
from biocapil.vocabulary import SubjectId

MANIFEST_FILE = "manifest.json"
ATTEMPTS = 20
"""How often a reader starts again because a file was unlinked between manifest and opening."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenSegment:
    """A sealed segment and who of it is still there.

    Attributes:
        entry: What the manifest says of it.
        columns: Mapped.
        alive: Whether each person is still there. Shape (P,), bool, read-only.
    """

    entry: SegmentEntry
    columns: Columns
    alive: NDArray[np.bool_]

    @property
    def source(self) -> Source:
        """Who of it is kept."""
        return Source(columns=self.columns, kept=self.alive)


@dataclass(frozen=True, kw_only=True, eq=False)
class GalleryState:
    """One generation of a gallery.

    Attributes:
        manifest: What is committed.
        segments: Sealed segments, in the manifest's order.
        recent: Persons of the log, by identifier.
    """

    manifest: Manifest
    segments: tuple[OpenSegment, ...]
    recent: Mapping[SubjectId, PersonRecord]

    @cached_property
    def manifest_bytes(self) -> bytes:
        """The manifest as it lies."""
        return manifest_to_json(self.manifest)

    @cached_property
    def recent_source(self) -> Source:
        """The log's persons in columns, made when they are first asked for."""
        regions = {name: number for number, name in enumerate(self.manifest.regions)}
        columns = columns_of(tuple(self.recent.values()), regions, self.manifest.models)
        return Source(columns=columns, kept=np.ones(columns.persons, np.bool_))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Everything that a search reads."""
        return (*(segment.source for segment in self.segments), self.recent_source)

    @property
    def persons(self) -> int:
        """Persons who are there."""
        return len(self.recent) + sum(int(segment.alive.sum()) for segment in self.segments)

    def find_sealed(self, person_id: str) -> tuple[OpenSegment, int] | None:
        """Segment and row of a person who is there and was sealed."""
        for segment in self.segments:
            row = segment.columns.row_of(person_id)
            if row is not None and segment.alive[row]:
                return segment, row
        return None

    def content_of(self, person_id: SubjectId) -> bytes | None:
        """Hash of what is kept of a person; None where the person is not there."""
        if person_id in self.recent:
            return content_hash(self.recent[person_id])
        found = self.find_sealed(person_id)
        return found[0].columns.contents[found[1]].tobytes() if found else None

    def removal_of(self, person_id: SubjectId) -> Frame | None:
        """Change that deletes a person; None where the person is not there."""
        if person_id in self.recent:
            return Withdrawn(person_id=person_id)
        found = self.find_sealed(person_id)
        if found is None:
            return None
        return Buried(segment=found[0].entry.number, rows=np.array([found[1]], np.uint32))


def applied(state: GalleryState, frames: Iterable[Frame], manifest: Manifest) -> GalleryState:
    """State after some changes.

    Args:
        state: Before.
        frames: The changes, in order.
        manifest: Of the new state; it names the same segments.

    Raises:
        FormatError: A change does not fit: it deletes somebody who is not there, or adds somebody twice.
    """
    recent = dict(state.recent)
    alive = {segment.entry.number: segment.alive for segment in state.segments}
    touched: set[int] = set()
    for frame in frames:
        if isinstance(frame, Enrolled):
            _enroll(recent, frame.record)
        elif isinstance(frame, Withdrawn):
            if recent.pop(frame.person_id, None) is None:
                raise FormatError("withdraws somebody who is not there", record="gallery log")
        else:
            if frame.segment not in touched and frame.segment in alive:
                alive[frame.segment] = alive[frame.segment].copy()
                touched.add(frame.segment)
            _bury(alive.get(frame.segment), frame)
    for number in touched:
        alive[number].flags.writeable = False
    segments = tuple(replace(segment, alive=alive[segment.entry.number]) for segment in state.segments)
    return GalleryState(manifest=manifest, segments=segments, recent=recent)


def load_state(folder: Path, previous: GalleryState | None = None) -> GalleryState:
    """Newest committed state of a gallery.

    Args:
        folder: Of the gallery.
        previous: A state of the same gallery, of which what did not change is taken over.

    Raises:
        StoreError: There is no gallery, or a file is missing, too short or damaged.
        FormatError: A file holds what no writer writes.
    """
    for attempt in range(ATTEMPTS):
        data = read_manifest_bytes(folder)
        if previous is not None and data == previous.manifest_bytes:
            return previous
        manifest = manifest_from_json(data)
        try:
            return _loaded(folder, manifest, previous)
        except FileNotFoundError as exc:
            if read_manifest_bytes(folder) == data or attempt == ATTEMPTS - 1:
                raise StoreError(
                    f"gallery {folder.name}: {Path(exc.filename).name} is missing: rebuild the gallery from "
                    "the system of record"
                ) from exc
    raise AssertionError("unreachable")  # pragma: no cover


def read_manifest_bytes(folder: Path) -> bytes:
    """Newest committed manifest as it lies; comparing it tells a reader for certain whether there is another.

    Raises:
        StoreError: There is no gallery.
    """
    try:
        return (folder / MANIFEST_FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise StoreError(f"no gallery lies in {folder}: make one with `biocapil gallery create`") from exc


def _loaded(folder: Path, manifest: Manifest, previous: GalleryState | None) -> GalleryState:
    known = previous if previous and previous.manifest.gallery_id == manifest.gallery_id else None
    grown = known is not None and known.manifest.log.number == manifest.log.number
    if known is not None and grown:
        start = known.manifest.log
        state = replace(known, manifest=manifest)
    else:
        start = replace(manifest.log, size=0, crc32=0)
        state = GalleryState(manifest=manifest, segments=_segments(folder, manifest, known), recent={})
    data = _log_bytes(folder, manifest, start.size)
    if zlib.crc32(data, start.crc32) != manifest.log.crc32:
        raise StoreError(
            f"gallery {folder.name}: {manifest.log.file} is damaged: rebuild the gallery from the system of "
            "record"
        )
    return applied(state, decode_frames(data, models=manifest.models), manifest)


def _segments(folder: Path, manifest: Manifest, known: GalleryState | None) -> tuple[OpenSegment, ...]:
    """Segments with everybody alive; those that are mapped already are not mapped again."""
    mapped = {segment.entry: segment.columns for segment in known.segments} if known else {}
    segments: list[OpenSegment] = []
    for entry in manifest.segments:
        alive = np.ones(entry.persons, np.bool_)
        alive.flags.writeable = False
        columns = mapped[entry] if entry in mapped else open_segment(folder, entry, manifest.models)
        segments.append(OpenSegment(entry=entry, columns=columns, alive=alive))
    return tuple(segments)


def _log_bytes(folder: Path, manifest: Manifest, start: int) -> bytes:
    """Committed bytes of the log from `start` on; what stands behind them does not count."""
    with (folder / manifest.log.file).open("rb") as file:
        file.seek(start)
        return file.read(max(manifest.log.size - start, 0))


def _enroll(recent: dict[SubjectId, PersonRecord], record: PersonRecord) -> None:
    if record.person_id in recent:
        raise FormatError("adds somebody who is there", record="gallery log")
    recent[record.person_id] = record


def _bury(alive: NDArray[np.bool_] | None, frame: Buried) -> None:
    if alive is None or (frame.rows >= len(alive)).any() or not alive[frame.rows].all():
        raise FormatError(f"buries somebody who is not in segment {frame.segment}", record="gallery log")
    alive[frame.rows] = False
