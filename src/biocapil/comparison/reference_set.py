"""`ReferenceSet`: one seam for fingers, irises and faces, by which galleries are searched and deduplicated.

    PackedTemplates  ─► FingerReferences ─┐
    PackedCodes      ─► IrisReferences ───┼─► scan, similarities ─► FoundPairs
    PackedEmbeddings ─► FaceReferences ───┘

Similarities of all of them are 0 for nothing in common and larger for more alike, so that a calibration can
read any: the score of fingers, `iris_similarity`, `face_similarity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import Modality, ModelId

GRAIN = 48
"""Scans begin and end at multiples of this row, or at the end: kernels read whole blocks."""

FULL_SIZE = 255
"""Size of codes and embeddings, which are all of one size, in the place of a number of minutiae."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundPairs:
    """Pairs of a probe and a reference that are alike, each once.

    Attributes:
        probes: Number of the probe, never falling. Shape (n,), int64.
        rows: Row of the reference, rising within a probe. Shape (n,), int64.
        similarities: Above 0. Shape (n,), float32.
    """

    probes: NDArray[np.int64]
    rows: NDArray[np.int64]
    similarities: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, chosen: NDArray[np.bool_]) -> FoundPairs:
        """Some of the pairs."""
        return FoundPairs(
            probes=self.probes[chosen], rows=self.rows[chosen], similarities=self.similarities[chosen]
        )

    def strongest(self, limit: int) -> FoundPairs:
        """At most so many pairs of each probe, the most alike; ties go to the smaller row."""
        order = np.lexsort((self.rows, -self.similarities, self.probes))
        ordered = self.probes[order]
        rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
        chosen = np.zeros(len(order), np.bool_)
        chosen[order[rank < limit]] = True
        return self.where(chosen)


class ProbeSet(Protocol):
    """Prepared probes of one modality."""

    @property
    def modality(self) -> Modality:
        """Modality."""
        ...

    @property
    def model_id(self) -> ModelId:
        """Model that made them."""
        ...

    def __len__(self) -> int:
        """Number of probes."""
        ...

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae of each; `FULL_SIZE` for codes and embeddings. Shape (P,), int16."""
        ...


class ReferenceSet(Protocol):
    """Packed templates of one modality and model, in memory or mapped."""

    @property
    def modality(self) -> Modality:
        """Modality."""
        ...

    @property
    def model_id(self) -> ModelId:
        """Model that made them."""
        ...

    @property
    def comparator(self) -> str:
        """Version of the comparison that gives the similarities."""
        ...

    def __len__(self) -> int:
        """Number of references."""
        ...

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae of each; `FULL_SIZE` for codes and embeddings. Shape (N,), int16."""
        ...

    def probes(self, first: int, last: int) -> ProbeSet:
        """References `first` to `last` as probes, for comparing a gallery with itself."""
        ...

    def scan(
        self,
        probes: ProbeSet,
        first: int,
        last: int,
        *,
        least: float = 0.0,
        limit: int | None = None,
        exact: bool = True,
    ) -> FoundPairs:
        """Compare all probes with a stretch of references, on the thread that calls.

        Args:
            probes: Of the same modality and model.
            first: First row, a multiple of `GRAIN`.
            last: One past the last row, a multiple of `GRAIN` or the end.
            least: Smallest similarity of a pair; one of 0 is never a pair.
            limit: Pairs of a probe at most, at least 1; None for all.
            exact: Compare every pair in full, in place of leaving out what a cheaper comparison rules out.

        Raises:
            IncompatibleTemplates: The probes are of another modality or model.
            ValueError: A number is outside its range.
        """
        ...

    def similarities(
        self, probes: ProbeSet, which: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Similarity of chosen pairs, the same that an exact scan gives; 0 where nothing is in common.

        Args:
            probes: Of the same modality and model.
            which: Probe of each pair. Shape (n,), int64.
            rows: Reference of each pair. Shape (n,), int64.

        Returns:
            Shape (n,), float32.
        """
        ...


def require_fitting(probes: ProbeSet, references: ReferenceSet) -> None:
    """Refuse probes that these references cannot be compared with.

    Raises:
        IncompatibleTemplates: They are of another modality or model.
    """
    if probes.modality is not references.modality or probes.model_id != references.model_id:
        raise IncompatibleTemplates(
            f"the probes are of {probes.modality.value} by {probes.model_id}, the references of "
            f"{references.modality.value} by {references.model_id}; templates of different models never "
            "compare: extract both with one model"
        )


def require_stretch(references: ReferenceSet, first: int, last: int, least: float, limit: int | None) -> None:
    """Check the numbers of a scan.

    Raises:
        ValueError: One is outside its range.
    """
    count = len(references)
    if not 0 <= first <= last <= count or first % GRAIN or (last % GRAIN and last != count):
        raise ValueError(
            f"a scan reads rows from a multiple of {GRAIN} to another or to the end within 0..{count}, "
            f"got {first}..{last}"
        )
    if not least >= 0:
        raise ValueError(f"least must be a similarity of at least 0, got {least!r}")
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
