"""`verify_gallery`: reads every byte that counts and says what is not as it was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil.errors import FormatError
from biocapil.gallery.block_checksums import damaged_blocks
from biocapil.gallery.column_checks import check_columns
from biocapil.gallery.gallery import Gallery
from biocapil.gallery.state import GalleryState, OpenSegment


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One thing that is wrong.

    Attributes:
        file: File of the gallery.
        fault: What is wrong with it.
    """

    file: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What a verification found.

    Attributes:
        generation: Generation that was read.
        persons: Persons who are there.
        blocks: Blocks whose checksum was computed.
        damages: What is wrong; empty where nothing is.
    """

    generation: int
    persons: int
    blocks: int
    damages: tuple[Damage, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damages


def verify_gallery(
    gallery: Gallery, *, on_progress: Callable[[int, int], None] | None = None
) -> VerifyReport:
    """Read all segments: checksums of every block, and the order that searches rely on.

    Manifest and log were verified when the gallery was opened.

    Args:
        gallery: Gallery; a rebuild mends what is found.
        on_progress: Called with the segments read and their number.
    """
    state = gallery.state()
    damages: list[Damage] = []
    for done, segment in enumerate(state.segments, start=1):
        damages += _damages(gallery, segment, state)
        if on_progress is not None:
            on_progress(done, len(state.segments))
    damages += _filed_twice(state)
    return VerifyReport(
        generation=state.manifest.generation,
        persons=state.persons,
        blocks=sum(len(segment.entry.blocks) for segment in state.segments),
        damages=tuple(damages),
    )


def _damages(gallery: Gallery, segment: OpenSegment, state: GalleryState) -> list[Damage]:
    entry = segment.entry
    try:
        wrong = damaged_blocks(gallery.folder, entry)
    except FileNotFoundError:  # a compaction took it away, or somebody else did
        named = entry in gallery.state().manifest.segments
        return [Damage(file=entry.file, fault="is missing")] if named else []
    if wrong:
        return [Damage(file=entry.file, fault=f"block {block} is not as it was written") for block in wrong]
    try:
        check_columns(segment.columns, regions=len(state.manifest.regions))
    except FormatError as exc:
        return [Damage(file=entry.file, fault=str(exc))]
    return []


def _filed_twice(state: GalleryState) -> list[Damage]:
    """People of the log who are alive in a segment too."""
    return [
        Damage(file=state.manifest.log.file, fault="adds somebody who is in a segment")
        for person_id in state.recent
        if state.find_sealed(person_id)
    ]
