"""`Shelf`: all templates of one modality in a segment, each instance one contiguous run of them.

    templates, by position, then by owner        owners, positions
    payload in the kernels' own layout           fingers  offsets ─► words (minutiae)
                                                 irises   codes, valid_bits     lanes of blocks of 8
                                                 faces    signs, octets, values     lanes of groups of 48

Row r of an instance's reference set is template r of its run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import embedding_layout, packed_codes
from biocapil.comparison.sign_spread import SignSpreads
from biocapil.vocabulary import Instance, Modality

GRAIN = {
    Modality.FINGER: 1,
    Modality.IRIS: packed_codes.LANES,
    Modality.FACE: embedding_layout.LANES * embedding_layout.GROUP,
}
"""Lanes at whose multiples a run begins."""

MOST_POSITIONS = 16
"""Above the largest position of any modality."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceMeasures:
    """What a search by cascade has to know of the embeddings of a shelf.

    Attributes:
        rounding: No embedding is further from its quantised form.
        spreads: How far their signs tell a similarity.
    """

    rounding: float
    spreads: SignSpreads


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Templates of one instance.

    Attributes:
        templates: Which of the shelf.
        slots: Their lanes in the payload, or templates again where it has none.
    """

    templates: range
    slots: range


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Shelf:
    """T templates of one modality.

    Attributes:
        modality: Modality.
        owners: Row of the person of each template, never falling within a position. Shape (T,), int32.
        positions: Position of each template, never falling. Shape (T,), uint8.
        payload: What the kernels read, by name of the column.
        measures: Of faces; None for others and where there is none.
    """

    modality: Modality
    owners: NDArray[np.int32]
    positions: NDArray[np.uint8]
    payload: Mapping[str, NDArray[Any]]
    measures: FaceMeasures | None = None

    @property
    def templates(self) -> int:
        """Number of templates, T."""
        return len(self.owners)

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Instances of which there is a template."""
        return tuple(Instance(modality=self.modality, position=position) for position in self.runs())

    def runs(self) -> dict[int, Run]:
        """Run of each position that there is, in order."""
        return dict(runs_of(self.positions, self.modality))

    def run_of(self, position: int) -> Run:
        """Run of one position; empty where there is none."""
        return self.runs().get(position, Run(templates=range(0), slots=range(0)))

    def slots(self) -> NDArray[np.int64]:
        """Lane of each template. Shape (T,), int64."""
        lanes = [np.arange(run.slots.start, run.slots.stop, dtype=np.int64) for run in self.runs().values()]
        return np.concatenate([np.zeros(0, np.int64), *lanes])

    def template_bytes(self) -> NDArray[np.int64]:
        """Bytes of payload that belong to each template alone. Shape (T,), int64."""
        if self.modality is Modality.FINGER:
            words = self.payload["words"]
            sizes: NDArray[np.int64] = np.diff(self.payload["offsets"]) * (words.shape[1] * words.itemsize)
            return sizes
        size = sum(column.nbytes for column in self.payload.values()) // max(self.lanes, 1)
        return np.full(self.templates, size, np.int64)

    @property
    def lanes(self) -> int:
        """Lanes of the payload, those that are left over included; templates where there are none."""
        return lanes_of(self.positions, self.modality)

    def __repr__(self) -> str:
        return f"Shelf({self.templates} templates of {self.modality.value})"


def runs_of(positions: NDArray[np.uint8], modality: Modality) -> Iterator[tuple[int, Run]]:
    """Runs of sorted positions.

    Args:
        positions: Never falling. Shape (T,), uint8.
        modality: Modality.
    """
    edges: list[int] = np.searchsorted(positions, np.arange(MOST_POSITIONS + 1)).tolist()
    slot = 0
    for position in range(MOST_POSITIONS):
        templates = range(edges[position], edges[position + 1])
        if templates:
            yield position, Run(templates=templates, slots=range(slot, slot + len(templates)))
            slot += whole(len(templates), modality)


def lanes_of(positions: NDArray[np.uint8], modality: Modality) -> int:
    """Lanes that templates of these positions take."""
    return sum(whole(len(run.templates), modality) for _, run in runs_of(positions, modality))


def whole(templates: int, modality: Modality) -> int:
    """Lanes that so many templates of one instance take."""
    grain = GRAIN[modality]
    return -(-templates // grain) * grain
