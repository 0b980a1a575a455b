"""1:N search of one probe over an in-memory packed gallery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.candidates import Candidate, CandidateList
from biocapil.comparison.packed import PackedTemplates
from biocapil.comparison.parameters import GATE_CONSISTENCY, GATE_LOCAL
from biocapil.comparison.probe import Probe, prepare_probe
from biocapil.errors import IncompatibleTemplates
from biocapil.template import FingerprintTemplate
from biocapil.threads import map_in_order

BLOCK = 4096
"""References that one thread takes at a time: long enough that handing out costs nothing."""

OPEN = -1.0
"""Gates that are not run."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scan:
    """Similarities of one probe to a run of references.

    Attributes:
        similarities: 0 where a gate stopped the reference. Shape (N,), float32.
        passed_gates: References that reached stages two and three.
    """

    similarities: NDArray[np.float32]
    passed_gates: tuple[int, int]


def search(
    probe: Probe | FingerprintTemplate,
    gallery: PackedTemplates,
    *,
    limit: int = 10,
    threshold: float = 0.0,
    exact: bool = False,
    workers: int | None = None,
) -> CandidateList:
    """Find the references most like a probe.

    The answer does not depend on the number of threads.

    Args:
        probe: What to search for; a template is prepared first.
        gallery: References.
        limit: Longest candidate list, at least 1.
        threshold: Smallest similarity of a candidate; one of 0 is never a candidate.
        exact: Compare in full with every reference, in place of leaving out those that the gates
            of stages one and two stop.
        workers: Threads; by default the budget of the process.

    Returns:
        Candidates in order of falling similarity, ties in order of rising row.

    Raises:
        IncompatibleTemplates: Probe and gallery are of different models.
        ValueError: `limit` is smaller than 1 or `threshold` is no number of at least 0.
    """
    require_search(limit=limit, threshold=threshold)
    prepared = probe if isinstance(probe, Probe) else prepare_probe(probe)
    scanned = scan(prepared, gallery, exact=exact, workers=workers)
    return candidates_of(scanned, limit=limit, threshold=threshold)


def scan(
    probe: Probe, gallery: PackedTemplates, *, first: int = 0, exact: bool, workers: int | None = None
) -> Scan:
    """Similarities of a probe to all references from row `first` on.

    Raises:
        IncompatibleTemplates: Probe and gallery are of different models.
    """
    from biocapil.comparison.kernels.cascade import search_block

    if probe.model_id != gallery.model_id:
        raise IncompatibleTemplates(
            f"the probe was made by {probe.model_id}, the gallery by {gallery.model_id}; "
            f"templates of different models never compare: extract both with one model"
        )
    offsets = gallery.offsets[first:]
    similarities = np.zeros(len(offsets) - 1, np.float32)
    gates = (OPEN, OPEN) if exact else (GATE_LOCAL, GATE_CONSISTENCY)

    def run(start: int) -> tuple[int, int]:
        return search_block(
            probe.columns,
            probe.windows,
            probe.rows,
            gallery.words,
            offsets,
            similarities,
            start,
            min(start + BLOCK, len(similarities)),
            *gates,
        )

    starts = range(0, len(similarities), BLOCK)
    if len(starts) <= 1 or workers == 1:
        passed = [run(start) for start in starts]
    else:
        passed = list(map_in_order(run, starts, workers=workers))
    return Scan(
        similarities=similarities,
        passed_gates=(sum(one for one, _ in passed), sum(two for _, two in passed)),
    )


def require_search(*, limit: int, threshold: float) -> None:
    """Check what a search is asked for.

    Raises:
        ValueError: `limit` is smaller than 1 or `threshold` is no number of at least 0.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, got {limit}")
    if not threshold >= 0:
        raise ValueError(f"threshold must be a similarity of at least 0, got {threshold!r}")


def candidates_of(scanned: Scan, *, limit: int, threshold: float) -> CandidateList:
    """The strongest of a scan, in order of falling similarity, ties in order of rising row."""
    return CandidateList(
        candidates=tuple(_strongest(scanned.similarities, limit=limit, threshold=threshold)),
        searched=len(scanned.similarities),
        passed_gates=scanned.passed_gates,
    )


def _strongest(similarities: NDArray[np.float32], *, limit: int, threshold: float) -> Iterator[Candidate]:
    rows = np.flatnonzero((similarities > 0) & (similarities >= threshold))
    order = rows[np.argsort(-similarities[rows], kind="stable")][:limit]
    for row in order:
        yield Candidate(row=int(row), similarity=float(similarities[row]))
