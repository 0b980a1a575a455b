"""Shelves of several sources to one shelf of a new segment, in parts that are held in memory one at a time.

template of the new shelf ─► its source, its template there ─► rows of that payload ─► part of the new payload
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.layout import WORDS
from biocapil.comparison.sign_spread import MOST_PAIRS, measure_sign_spreads
from biocapil.gallery.kept_faces import embedding_rows
from biocapil.gallery.lanes import LaneColumn, lane_columns
from biocapil.gallery.models import GalleryModels
from biocapil.gallery.shelf import GRAIN, FaceMeasures, Shelf, lanes_of, runs_of, whole
from biocapil.gallery.spans import ends_of, run_rows
from biocapil.vocabulary import Modality

CHUNK = 170 * GRAIN[Modality.FACE]
"""Templates that are gathered at a time: 20 MB of minutiae."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MergedShelf:
    """A shelf whose payload still lies in the sources.

    Attributes:
        modality: Modality.
        owners: New row of the person of each template. Shape (T,), int32.
        positions: Position of each, never falling. Shape (T,), uint8.
        sources: Where the payload lies.
        source: Source of each template. Shape (T,).
        template: Template in that source. Shape (T,).
        models: Models of the gallery.
    """

    modality: Modality
    owners: NDArray[np.int32]
    positions: NDArray[np.uint8]
    sources: tuple[Shelf, ...]
    source: NDArray[np.int64]
    template: NDArray[np.int64]
    models: GalleryModels

    @property
    def rows(self) -> int:
        """Minutiae of fingers; lanes of others."""
        if self.modality is Modality.FINGER:
            return int(self._offsets[-1])
        return lanes_of(self.positions, self.modality)

    @cached_property
    def measures(self) -> FaceMeasures | None:
        """Of faces: the sources' largest rounding, and the spread of the new shelf's signs."""
        if self.modality is not Modality.FACE or self.models.face is None or not len(self.owners):
            return None
        numbers: list[int] = np.unique(self.source).tolist()
        used = [self.sources[number].measures for number in numbers]
        some = np.unique(np.linspace(0, len(self.owners) - 1, min(len(self.owners), MOST_PAIRS)).astype(int))
        rows = {name: self._rows(name, column, some) for name, column in self._lanes.items()}
        return FaceMeasures(
            rounding=max((each.rounding for each in used if each), default=0.0),
            spreads=measure_sign_spreads(embedding_rows(rows, self.models.face)),
        )

    def parts(self, name: str) -> Iterator[NDArray[Any]]:
        """A column in the order of the file, in parts."""
        if name in {"owners", "positions"}:
            yield getattr(self, name)
        elif name == "offsets":
            yield self._offsets
        elif name == "words":
            for start in range(0, len(self.source), CHUNK):
                yield self._words(slice(start, start + CHUNK))
        else:
            yield from self._blocks(name, self._lanes[name])

    @cached_property
    def _lanes(self) -> Mapping[str, LaneColumn]:
        return lane_columns(self.modality, self.models)

    @cached_property
    def _slots(self) -> tuple[NDArray[np.int64], ...]:
        """Lane of each template of each source."""
        return tuple(shelf.slots() for shelf in self.sources)

    @cached_property
    def _offsets(self) -> NDArray[np.int64]:
        sizes = np.zeros(len(self.source), np.int64)
        for number, here in _by_source(self.source):
            sizes[here] = np.diff(self.sources[number].payload["offsets"])[self.template[here]]
        return ends_of(sizes)

    def _words(self, templates: slice) -> NDArray[np.uint64]:
        source, template = self.source[templates], self.template[templates]
        offsets = self._offsets[templates.start : templates.start + len(source) + 1]
        starts, sizes = offsets[:-1] - offsets[0], np.diff(offsets)
        words = np.empty((int(sizes.sum()), WORDS), np.uint64)
        for number, here in _by_source(source):
            payload = self.sources[number].payload
            rows = run_rows(payload["offsets"][template[here]], sizes[here])
            words[run_rows(starts[here], sizes[here])] = payload["words"][rows]
        return words

    def _blocks(self, name: str, column: LaneColumn) -> Iterator[NDArray[Any]]:
        for _, run in runs_of(self.positions, self.modality):
            for start in range(run.templates.start, run.templates.stop, CHUNK):
                templates = np.arange(start, min(start + CHUNK, run.templates.stop))
                rows = self._rows(name, column, templates)
                yield column.blocks(rows, whole(len(rows), self.modality))

    def _rows(self, name: str, column: LaneColumn, templates: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Rows of some templates of one column in lanes."""
        source, template = self.source[templates], self.template[templates]
        rows = np.empty((len(templates), *column.row_shape), column.dtype)
        for number, here in _by_source(source):
            slots = self._slots[number][template[here]]
            rows[here] = column.rows(self.sources[number].payload[name], slots)
        return rows


def merge_shelves(
    modality: Modality,
    shelves: Sequence[Shelf],
    new_rows: Sequence[NDArray[np.int64]],
    models: GalleryModels,
) -> MergedShelf:
    """Merge the shelves of one modality.

    Args:
        modality: Modality.
        shelves: One a source.
        new_rows: New row of each person of each source; -1 where the person is left out.
        models: Models of the gallery.
    """
    owners = [rows[shelf.owners] for shelf, rows in zip(shelves, new_rows, strict=True)]
    taken = [np.flatnonzero(each >= 0) for each in owners]
    new_owners = np.concatenate([each[some] for each, some in zip(owners, taken, strict=True)])
    positions = np.concatenate([each.positions[some] for each, some in zip(shelves, taken, strict=True)])
    source = np.repeat(np.arange(len(shelves)), [len(some) for some in taken])
    order = np.lexsort((new_owners, positions))
    return MergedShelf(
        modality=modality,
        owners=new_owners[order].astype(np.int32),
        positions=positions[order],
        sources=tuple(shelves),
        source=source[order],
        template=np.concatenate(taken)[order],
        models=models,
    )


def _by_source(source: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each source that occurs, and where."""
    numbers: list[int] = np.unique(source).tolist()
    for number in numbers:
        yield number, np.flatnonzero(source == number)
