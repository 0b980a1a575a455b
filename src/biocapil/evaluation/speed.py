"""Comparisons a second and core, measured as a 1:N search over a gallery of real templates.

The templates of the set are repeated as separate copies and shuffled until the gallery is large enough
that it does not fit the first caches; one thread searches it for several probes of the set. The mates of
a probe are left out of its gallery: a registry holds almost none, while one finger in ten here would be
one. The clock counts processor time, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from biocapil.any_template import Template
from biocapil.comparison import FingerReferences, ReferenceSet, references_of, search

GALLERY_SIZE = 10_000
PROBES = 20
CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSpeed:
    """What gates do for a search.

    Attributes:
        per_s: Comparisons a second with gates, median over the probes.
        passed_first: Share of references that reach stage two, 0 to 1.
        passed_second: Share of references that reach stage three, 0 to 1.
    """

    per_s: float
    passed_first: float
    passed_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpeed:
    """Speed of one thread over one gallery.

    Attributes:
        gallery: Number of references searched for each probe.
        probes: Number of probes.
        exact_per_s: Comparisons a second without gates, median over the probes.
        gates: The same with gates; None for faces and irises, whose gates need a threshold.
    """

    gallery: int
    probes: int
    exact_per_s: float
    gates: GateSpeed | None


def measure_speed(
    templates: Sequence[Template],
    sources: Sequence[Hashable],
    *,
    gallery_size: int = GALLERY_SIZE,
    probes: int = PROBES,
    seed: int = 0,
    clock: Callable[[], float] = time.process_time,
) -> SearchSpeed | None:
    """Search a gallery made of the set's own templates, for fingers once with and once without gates.

    Args:
        templates: Templates of the set, of one model, at least one.
        sources: Body part that each template comes from.
        gallery_size: Smallest number of references; rounded up to whole repetitions of the set.
        probes: Number of probes, spread evenly over the set; at most one per template.
        seed: Seed of the shuffling.
        clock: Processor time in seconds.

    Returns:
        The speed, or None where all templates come from one source.
    """
    if len(set(sources)) < 2:
        return None
    references = references_of(templates)
    rng = np.random.default_rng(seed)
    chosen: list[int] = np.unique(np.linspace(0, len(templates) - 1, probes).astype(np.int64)).tolist()
    for run in (_search_in_full, _search_gated):  # compiles
        run(references, 0, references)
    exact: list[float] = []
    gated: list[tuple[float, tuple[int, int]]] = []
    searched = 0
    for probe in chosen:
        gallery = _gallery_without_mates(references, sources, probe, gallery_size, rng)
        searched += len(gallery)
        start = clock()
        _search_in_full(references, probe, gallery)
        exact.append(len(gallery) / max(clock() - start, 1e-9))
        start = clock()
        passed = _search_gated(references, probe, gallery)
        if passed is not None:
            gated.append((len(gallery) / max(clock() - start, 1e-9), passed))
    return SearchSpeed(
        gallery=searched // len(chosen),
        probes=len(chosen),
        exact_per_s=median(exact),
        gates=_gate_speed(gated, searched),
    )


def _gallery_without_mates(
    references: ReferenceSet, sources: Sequence[Hashable], probe: int, size: int, rng: np.random.Generator
) -> ReferenceSet:
    others = np.array([row for row, source in enumerate(sources) if source != sources[probe]])
    return references.take(rng.permutation(np.tile(others, -(-size // len(others)))))


def _search_in_full(references: ReferenceSet, probe: int, gallery: ReferenceSet) -> None:
    gallery.scan(references.probes(probe, probe + 1), 0, len(gallery), limit=CANDIDATES, exact=True)


def _search_gated(references: ReferenceSet, probe: int, gallery: ReferenceSet) -> tuple[int, int] | None:
    """References that reach stages two and three; None where there are no such gates."""
    if not isinstance(references, FingerReferences) or not isinstance(gallery, FingerReferences):
        return None
    one = references.probes(probe, probe + 1).one(0)
    return search(one, gallery.packed, limit=CANDIDATES, workers=1).passed_gates


def _gate_speed(gated: Sequence[tuple[float, tuple[int, int]]], searched: int) -> GateSpeed | None:
    if not gated:
        return None
    return GateSpeed(
        per_s=median(per_s for per_s, _ in gated),
        passed_first=sum(passed[0] for _, passed in gated) / searched,
        passed_second=sum(passed[1] for _, passed in gated) / searched,
    )
