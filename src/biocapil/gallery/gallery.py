"""`Gallery`: persons and their templates on disk, one writer, any number of readers.

    create, add, update, delete, compact ─► one commit each ─► GalleryState
    snapshot ─► GallerySnapshot ─► search, info, verify

What is guaranteed, and what is not, stands in `docs/decisions/0006-gallery.md`.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from biocapil.errors import StoreError
from biocapil.gallery.durable import TEMPORARY_SUFFIX, make_folder, remove_files
from biocapil.gallery.log_frames import Enrolled, Frame
from biocapil.gallery.manifest import ID_DIGITS, LogEntry, Manifest
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.person_record import PersonRecord
from biocapil.gallery.record_codec import content_hash
from biocapil.gallery.snapshot import GallerySnapshot
from biocapil.gallery.state import MANIFEST_FILE, GalleryState, load_state
from biocapil.gallery.writing import (
    LOCK_FILE,
    SEGMENT_BYTES,
    commit_frames,
    commit_manifest,
    commit_segments,
    needs_sealing,
    stray_files,
    take_lock,
    to_be_merged,
    with_new_log,
)
from biocapil.vocabulary import SubjectId


class Gallery:
    """A gallery that was opened; may be used from many threads."""

    def __init__(self, folder: str | os.PathLike[str], *, writable: bool = False) -> None:
        """Open a gallery.

        Args:
            folder: Of the gallery.
            writable: Whether to become its one writer.

        Raises:
            StoreError: There is none, a file is missing or damaged, or another process writes to it.
            FormatError: A file holds what no writer writes.
            UnsupportedVersion: It is of another version of BioCapil.
        """
        self._folder = Path(folder)
        self._guard = threading.RLock()
        self._descriptor: int | None = None
        self._seen: GallerySnapshot | None = None
        self._state = load_state(self._folder)
        if writable:
            self._descriptor = take_lock(self._folder)
            try:
                self._state = load_state(self._folder, self._state)
                remove_files(stray_files(self._folder, self._state.manifest))
            except BaseException:
                self.close()
                raise

    @classmethod
    def create(cls, folder: str | os.PathLike[str], *, models: GalleryModels) -> Self:
        """Make an empty gallery and become its writer.

        Args:
            folder: Where: a new or an empty folder, whose mode becomes 0700.
            models: Models of all templates.

        Raises:
            StoreError: Something lies there already.
            OSError: The folder cannot be written.
        """
        path = Path(folder)
        _require_unused(path)
        make_folder(path)
        descriptor = take_lock(path)
        try:
            _require_unused(path)
            manifest = Manifest(
                gallery_id=secrets.token_hex(ID_DIGITS // 2),
                generation=0,
                next_number=0,
                models=models,
                regions=("",),
                segments=(),
                log=LogEntry(number=0),
            )
            commit_manifest(path, with_new_log(path, manifest, []))
        finally:
            os.close(descriptor)
        return cls(path, writable=True)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._folder

    def state(self) -> GalleryState:
        """Newest committed state: the manifest is looked at, and read where it was replaced.

        Raises:
            StoreError: A file is missing or damaged.
        """
        with self._guard:
            if self._descriptor is None:
                self._state = load_state(self._folder, self._state)
            return self._state

    def snapshot(self) -> GallerySnapshot:
        """The newest committed generation, for searches: it shows nobody whose deletion has returned.

        Raises:
            StoreError: A file is missing or damaged.
        """
        with self._guard:
            state = self.state()
            if self._seen is None or self._seen.state is not state:
                self._seen = GallerySnapshot(state)
            return self._seen

    def add(self, records: Sequence[PersonRecord]) -> int:
        """Add persons in one commit; who is there already with the same content is left as it is.

        Returns:
            How many were added.

        Raises:
            StoreError: One of them is there with other content, or another process writes.
            IncompatibleTemplates: One is of another model.
            ValueError: Two of them have one identifier.
        """
        with self._guard:
            _require_distinct(each.person_id for each in records)
            new = [each for each in records if not self._is_there(each)]
            self._commit([Enrolled(record=each) for each in new])
            return len(new)

    def update(self, records: Sequence[PersonRecord]) -> int:
        """Replace persons by what is known now, in one commit; who is not there is added.

        Returns:
            How many changed.

        Raises:
            StoreError: Another process writes.
            IncompatibleTemplates: One is of another model.
            ValueError: Two of them have one identifier.
        """
        with self._guard:
            _require_distinct(each.person_id for each in records)
            frames: list[Frame] = []
            changed = 0
            for record in records:
                self._state.manifest.models.require(record)
                if self._state.content_of(record.person_id) == content_hash(record):
                    continue
                removal = self._state.removal_of(record.person_id)
                frames += [removal] if removal else []
                frames.append(Enrolled(record=record))
                changed += 1
            self._commit(frames)
            return changed

    def delete(self, person_ids: Iterable[str]) -> int:
        """Delete persons in one commit: once this returns, no search that begins returns them.

        Returns:
            How many were there.

        Raises:
            StoreError: Another process writes.
        """
        with self._guard:
            wanted = dict.fromkeys(SubjectId(each) for each in person_ids)
            frames = [frame for each in wanted if (frame := self._state.removal_of(each))]
            self._commit(frames)
            return len(frames)

    def compact(self, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        """Write everybody who is there into new segments and unlink the old: what was deleted is in no file.

        Args:
            segment_bytes: About how many bytes of templates one segment holds, at least 1.

        Raises:
            StoreError: Another process writes.
            OSError: The new files could not be written; the old state stands.
        """
        if segment_bytes < 1:
            raise ValueError(f"segment_bytes must be at least 1, got {segment_bytes}")
        with self._guard:
            self._require_writer()
            self._guarded(
                lambda state: commit_segments(
                    self._folder, state, state.segments, segment_bytes=segment_bytes
                )
            )

    def close(self) -> None:
        """Give the writer's lock back; closing twice is allowed."""
        with self._guard:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def __len__(self) -> int:
        return self.state().persons

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Gallery({self._folder.name!r}, {self._state.manifest.models.names})"

    def _is_there(self, record: PersonRecord) -> bool:
        self._state.manifest.models.require(record)
        content = self._state.content_of(record.person_id)
        if content is not None and content != content_hash(record):
            raise StoreError("a person is in the gallery with other content: use update to replace it")
        return content is not None

    def _require_writer(self) -> None:
        if self._descriptor is None:
            raise StoreError(f"gallery {self._folder.name} was not opened for writing")

    def _commit(self, frames: Sequence[Frame]) -> None:
        self._require_writer()
        if frames:
            self._guarded(lambda state: commit_frames(self._folder, state, frames))
        if needs_sealing(self._state):
            self._guarded(lambda state: commit_segments(self._folder, state, to_be_merged(state)))

    def _guarded(self, commit: Callable[[GalleryState], GalleryState]) -> None:
        """Take over a commit's state; where it failed, what is on the disk counts."""
        try:
            self._state = commit(self._state)
        except BaseException:
            self._state = load_state(self._folder, self._state)
            raise


def _require_unused(folder: Path) -> None:
    """Refuse a folder with anything in it but what a creation that was killed left there."""
    begun = {"log-0", LOCK_FILE, f"{MANIFEST_FILE}{TEMPORARY_SUFFIX}"}
    if folder.exists() and any(each.name not in begun for each in folder.iterdir()):
        raise StoreError(f"{folder} is not empty: a gallery needs a folder of its own")


def _require_distinct(person_ids: Iterable[SubjectId]) -> None:
    if any(count > 1 for count in Counter(person_ids).values()):
        raise ValueError("two of the persons have one identifier: join them into one record")
