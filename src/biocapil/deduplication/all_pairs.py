"""The seam to the comparison room: all templates against all others, once each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.template import FingerprintTemplate

Progress = Callable[[int, int], None]
"""Called with the comparisons done so far and their total."""


class RowPair(Protocol):
    """Two rows and their similarity."""

    @property
    def first_row(self) -> int:
        """Row of the first template."""
        ...

    @property
    def second_row(self) -> int:
        """Row of the second template."""
        ...

    @property
    def similarity(self) -> float:
        """Similarity score of the two."""
        ...


class AllPairs(Protocol):
    """What comparing everything with everything gives."""

    @property
    def pairs(self) -> Sequence[RowPair]:
        """Unordered pairs of different rows from the threshold on, each once."""
        ...

    @property
    def compared(self) -> int:
        """How many pairs were compared."""
        ...

    @property
    def histogram(self) -> NDArray[np.int64]:
        """Pairs in each bin of similarity. Shape (B,)."""
        ...

    @property
    def bin_edges(self) -> NDArray[np.float64]:
        """Borders of the bins; the last may be infinite. Shape (B + 1,)."""
        ...


class CompareAll(Protocol):
    """Compares each template with every other."""

    def __call__(
        self,
        templates: Sequence[FingerprintTemplate],
        *,
        threshold: float,
        on_progress: Progress | None,
    ) -> AllPairs:
        """Pairs whose similarity is at least `threshold`."""
        ...


def compare_all_templates(
    templates: Sequence[FingerprintTemplate], *, threshold: float, on_progress: Progress | None
) -> AllPairs:
    """Compare with this library's own comparison, on all threads of the budget."""
    from biocapil.comparison import pack, pairs_above  # noqa: PLC0415  # a drawing needs no comparison

    return pairs_above(pack(templates), threshold=threshold, on_progress=on_progress)


def fuse_fingers(similarities: Sequence[float]) -> float:
    """Fuse the similarities of distinct fingers as this library's comparison does."""
    from biocapil.comparison import fuse  # noqa: PLC0415  # a drawing needs no comparison

    return fuse(similarities)
