"""`CompactReferences`: compact fingerprint templates behind the seam that galleries and deduplication search.

A block of references is expanded, scanned with the kernels for packed minutiae, and forgotten. Probes are
brought to the same three layers first, so that both sides say equally much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.candidates import CandidateList
from biocapil.comparison.compact import COMPACT_COMPARATOR, CompactTemplates, coarse
from biocapil.comparison.finger_references import FingerProbes, FingerReferences
from biocapil.comparison.packed import PackedTemplates, pack
from biocapil.comparison.probe import Probe, probe_from_rows
from biocapil.comparison.reference_set import GRAIN, FoundPairs, ProbeSet, require_fitting, require_stretch
from biocapil.comparison.search import Scan, candidates_of, require_search, scan
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate
from biocapil.threads import map_in_order
from biocapil.vocabulary import Modality, ModelId

EXPANDED_AT_ONCE = GRAIN * 21
"""References that are expanded at a time: about 2.4 MB, which a core's cache can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactReferences:
    """Compact fingerprint templates that are searched.

    Attributes:
        compact: The templates.
    """

    compact: CompactTemplates
    modality = Modality.FINGER
    comparator = COMPACT_COMPARATOR

    @property
    def model_id(self) -> ModelId:
        """Model that made them."""
        return self.compact.model_id

    def __len__(self) -> int:
        return len(self.compact)

    def sizes(self) -> NDArray[np.int16]:
        """Minutiae of each. Shape (N,), int16."""
        return self.compact.sizes()

    def probes(self, first: int, last: int) -> FingerProbes:
        """References `first` to `last` as probes."""
        return FingerProbes(packed=self.compact.expanded(first, last))

    def take(self, rows: NDArray[np.int64]) -> CompactReferences:
        """Copies of some references."""
        return CompactReferences(compact=self.compact.take(rows))

    def chosen(self, rows: NDArray[np.int64]) -> FingerProbes:
        """References at some rows as probes."""
        return FingerProbes(packed=self.compact.take(rows).expanded())

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
        parts: list[FoundPairs] = []
        for start in range(first, last, EXPANDED_AT_ONCE):
            references = FingerReferences(
                packed=self.compact.expanded(start, min(start + EXPANDED_AT_ONCE, last))
            )
            found = references.scan(ready, 0, len(references), least=least, limit=limit, exact=exact)
            parts.append(
                FoundPairs(probes=found.probes, rows=found.rows + start, similarities=found.similarities)
            )
        pairs = _joined(parts)
        return pairs if limit is None else pairs.strongest(limit)

    def similarities(
        self, probes: ProbeSet, which: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `ReferenceSet.similarities`."""
        ready = self._fitting(probes)
        chosen, places = np.unique(rows, return_inverse=True)
        references = FingerReferences(packed=self.compact.take(chosen).expanded())
        return references.similarities(ready, which, places.astype(np.int64))

    def _fitting(self, probes: ProbeSet) -> FingerProbes:
        require_fitting(probes, self)
        assert isinstance(probes, FingerProbes)  # noqa: S101  # follows from the modality
        return FingerProbes(packed=coarse(probes.packed))


def search_compact(
    probe: FingerprintTemplate | PackedTemplates,
    gallery: CompactTemplates,
    *,
    limit: int = 10,
    threshold: float = 0.0,
    exact: bool = False,
    workers: int | None = None,
) -> CandidateList:
    """Find the references most like a probe; as `search`, in a gallery of half the size.

    Args:
        probe: What to search for, one template.
        gallery: References.
        limit: Longest candidate list, at least 1.
        threshold: Smallest similarity of a candidate, of `COMPACT_COMPARATOR`; one of 0 is never a candidate.
        exact: Compare in full with every reference.
        workers: Threads; by default the budget of the process.

    Returns:
        Candidates in order of falling similarity, ties in order of rising row.

    Raises:
        IncompatibleTemplates: Probe and gallery are of different models.
        ValueError: `limit` is smaller than 1, `threshold` is no number of at least 0, or the probe is
            not one template.
    """
    require_search(limit=limit, threshold=threshold)
    packed = pack([probe]) if isinstance(probe, FingerprintTemplate) else probe
    if len(packed) != 1:
        raise ValueError(f"the probe must be one template, got {len(packed)}")
    if packed.model_id != gallery.model_id:
        raise IncompatibleTemplates(
            f"the probe was made by {packed.model_id}, the gallery by {gallery.model_id}; "
            "templates of different models never compare: extract both with one model"
        )
    prepared = probe_from_rows(coarse(packed).rows(0), packed.model_id)
    scanned = _scan(prepared, gallery, exact=exact, workers=workers)
    return candidates_of(scanned, limit=limit, threshold=threshold)


def _scan(probe: Probe, gallery: CompactTemplates, *, exact: bool, workers: int | None) -> Scan:
    def run(start: int) -> Scan:
        block = gallery.expanded(start, min(start + EXPANDED_AT_ONCE, len(gallery)))
        return scan(probe, block, exact=exact, workers=1)

    starts = range(0, len(gallery), EXPANDED_AT_ONCE)
    if len(starts) <= 1 or workers == 1:
        parts = [run(start) for start in starts]
    else:
        parts = list(map_in_order(run, starts, workers=workers))
    return Scan(
        similarities=np.concatenate([np.empty(0, np.float32), *(part.similarities for part in parts)]),
        passed_gates=(
            sum(part.passed_gates[0] for part in parts),
            sum(part.passed_gates[1] for part in parts),
        ),
    )


def _joined(parts: list[FoundPairs]) -> FoundPairs:
    """Pairs of rising stretches, in order of probe and row again."""
    probes = np.concatenate([np.empty(0, np.int64), *(part.probes for part in parts)])
    rows = np.concatenate([np.empty(0, np.int64), *(part.rows for part in parts)])
    similarities = np.concatenate([np.empty(0, np.float32), *(part.similarities for part in parts)])
    order = np.argsort(probes, kind="stable")
    return FoundPairs(probes=probes[order], rows=rows[order], similarities=similarities[order])
