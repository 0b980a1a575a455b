"""The seam to the comparison room: all templates against all others, and chosen pairs of them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.any_template import Template

if TYPE_CHECKING:
    from biocapil.comparison import AllAgainstAll, ReferenceSet

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


class ComparedSet(Protocol):
    """Templates that can be compared with each other."""

    @property
    def comparator(self) -> str:
        """Version of the comparison that gives the scores."""
        ...

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae that each template brings into a comparison, `FULL_SIZE` of others. Shape (N,)."""
        ...

    def above(
        self,
        threshold: float,
        on_progress: Progress | None,
        *,
        fingers: NDArray[np.int64],
        across: float,
    ) -> AllPairs:
        """All pairs of one instance name from `threshold` on, and of two names from `across` on.

        Args:
            threshold: Smallest similarity of samples of one instance name.
            on_progress: Called with the comparisons done and their total.
            fingers: Number of each template's instance name. Shape (N,).
            across: Smallest similarity of samples of two names.
        """
        ...

    def similarities(self, pairs: NDArray[np.int32]) -> NDArray[np.float32]:
        """Similarity of chosen pairs of rows. Shape (P, 2) to (P,)."""
        ...


class ComparisonRoom:
    """This library's own comparison, on all threads of the budget."""

    def __init__(self, templates: Sequence[Template]) -> None:
        from biocapil.comparison import references_of  # noqa: PLC0415  # a drawing needs no comparison

        self._references: ReferenceSet = references_of(templates)

    @property
    def comparator(self) -> str:
        """Version of the comparison that gives the scores."""
        return self._references.comparator

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae that each template brings into a comparison. Shape (N,)."""
        return self._references.sizes()

    def above(
        self,
        threshold: float,
        on_progress: Progress | None,
        *,
        fingers: NDArray[np.int64],
        across: float,
    ) -> AllAgainstAll:
        """All pairs of one instance name from `threshold` on, of two from `across` on, compared in full."""
        from biocapil.comparison import reference_pairs_above  # noqa: PLC0415  # a drawing needs no comparison

        return reference_pairs_above(
            self._references,
            threshold=threshold,
            kinds=fingers,
            threshold_across=across,
            on_progress=on_progress,
        )

    def similarities(self, pairs: NDArray[np.int32]) -> NDArray[np.float32]:
        """Similarity of chosen pairs of rows. Shape (P, 2) to (P,)."""
        from biocapil.comparison import pair_similarities  # noqa: PLC0415  # a drawing needs no comparison

        return pair_similarities(self._references, pairs)
