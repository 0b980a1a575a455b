"""Fingerprint templates as a `ReferenceSet`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.packed import PackedTemplates, pack
from biocapil.comparison.parameters import COMPARATOR
from biocapil.comparison.probe import Probe, probe_from_rows
from biocapil.comparison.reference_set import FoundPairs, ProbeSet, require_fitting, require_stretch
from biocapil.comparison.search import scan
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Modality, ModelId

KEPT_READY = 256
"""Probes up to which they are prepared once and kept; those of larger sets are prepared for each scan."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FingerProbes:
    """Prepared fingerprint templates.

    Attributes:
        packed: The templates.
    """

    packed: PackedTemplates
    modality = Modality.FINGER

    @property
    def model_id(self) -> ModelId:
        """Model that made them."""
        return self.packed.model_id

    def __len__(self) -> int:
        return len(self.packed)

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae of each. Shape (P,), int16."""
        return self.packed.sizes()

    def ready(self) -> Iterator[Probe] | tuple[Probe, ...]:
        """Each of them, laid out for the kernels."""
        return self._kept if len(self) <= KEPT_READY else self._made()

    def one(self, index: int) -> Probe:
        """One of them, laid out for the kernels."""
        if len(self) <= KEPT_READY:
            return self._kept[index]
        return probe_from_rows(self.packed.rows(index), self.model_id)

    @cached_property
    def _kept(self) -> tuple[Probe, ...]:
        return tuple(self._made())

    def _made(self) -> Iterator[Probe]:
        for index in range(len(self)):
            yield probe_from_rows(self.packed.rows(index), self.model_id)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FingerReferences:
    """Packed fingerprint templates that are searched.

    Attributes:
        packed: The templates.
    """

    packed: PackedTemplates
    modality = Modality.FINGER
    comparator = COMPARATOR

    @property
    def model_id(self) -> ModelId:
        """Model that made them."""
        return self.packed.model_id

    def __len__(self) -> int:
        return len(self.packed)

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae of each. Shape (N,), int16."""
        return self.packed.sizes()

    def probes(self, first: int, last: int) -> FingerProbes:
        """References `first` to `last` as probes."""
        return FingerProbes(packed=self.packed.stretch(first, last))

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
        """See `ReferenceSet.scan`."""
        ready = self._fitting(probes)
        require_stretch(self, first, last, least, limit)
        stretch = self.packed.stretch(first, last)
        numbers: list[NDArray[np.int64]] = []
        rows: list[NDArray[np.int64]] = []
        similarities: list[NDArray[np.float32]] = []
        for number, probe in enumerate(ready.ready()):
            alike = scan(probe, stretch, exact=exact, workers=1).similarities
            found = np.flatnonzero((alike > 0) & (alike >= least))
            numbers.append(np.full(len(found), number, np.int64))
            rows.append(first + found)
            similarities.append(alike[found])
        pairs = FoundPairs(
            probes=np.concatenate([*numbers, np.empty(0, np.int64)]),
            rows=np.concatenate([*rows, np.empty(0, np.int64)]),
            similarities=np.concatenate([*similarities, np.empty(0, np.float32)]),
        )
        return pairs if limit is None else pairs.strongest(limit)

    def similarities(
        self, probes: ProbeSet, which: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `ReferenceSet.similarities`."""
        ready = self._fitting(probes)
        found = np.zeros(len(rows), np.float32)
        numbers: list[int] = np.unique(which).tolist()
        for number in numbers:
            here = np.flatnonzero(which == number)
            chosen = self.packed.take(rows[here])
            found[here] = scan(ready.one(number), chosen, exact=True, workers=1).similarities
        return found

    def _fitting(self, probes: ProbeSet) -> FingerProbes:
        require_fitting(probes, self)
        assert isinstance(probes, FingerProbes)  # noqa: S101  # follows from the modality
        return probes


def finger_probes(templates: Sequence[FingerprintTemplate]) -> FingerProbes:
    """Prepare fingerprint templates of one model, at least one.

    Raises:
        IncompatibleTemplates: They are of different models.
        ValueError: There is none.
    """
    return FingerProbes(packed=pack(templates))
