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

from biocapil.candidates import CandidateList
from biocapil.comparison import PackedTemplates, pack, search
from biocapil.template import FingerprintTemplate

GALLERY_SIZE = 10_000
PROBES = 20
CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpeed:
    """Speed of one thread over one gallery.

    Attributes:
        gallery: Number of references searched for each probe.
        probes: Number of probes.
        gated_per_s: Comparisons a second with gates, median over the probes.
        exact_per_s: Comparisons a second without gates, median over the probes.
        passed_first_gate: Share of references that reach stage two, 0 to 1.
        passed_second_gate: Share of references that reach stage three, 0 to 1.
    """

    gallery: int
    probes: int
    gated_per_s: float
    exact_per_s: float
    passed_first_gate: float
    passed_second_gate: float


def measure_speed(
    templates: Sequence[FingerprintTemplate],
    sources: Sequence[Hashable],
    *,
    gallery_size: int = GALLERY_SIZE,
    probes: int = PROBES,
    seed: int = 0,
    clock: Callable[[], float] = time.process_time,
) -> SearchSpeed | None:
    """Search a gallery made of the set's own templates, once with and once without gates.

    Args:
        templates: Templates of the set, at least one.
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
    packed = pack(templates)
    rng = np.random.default_rng(seed)
    chosen: list[int] = np.unique(np.linspace(0, len(templates) - 1, probes).astype(np.int64)).tolist()
    rates: dict[bool, list[float]] = {False: [], True: []}
    gated: list[CandidateList] = []
    for exact in rates:  # compiles
        _timed(templates[0], packed, exact=exact, clock=clock)
    for probe in chosen:
        gallery = _gallery_without_mates(packed, sources, probe, gallery_size, rng)
        for exact, of_kind in rates.items():
            seconds, found = _timed(templates[probe], gallery, exact=exact, clock=clock)
            of_kind.append(found.searched / max(seconds, 1e-9))
            if not exact:
                gated.append(found)
    searched = sum(found.searched for found in gated)
    return SearchSpeed(
        gallery=searched // len(gated),
        probes=len(chosen),
        gated_per_s=median(rates[False]),
        exact_per_s=median(rates[True]),
        passed_first_gate=sum(found.passed_gates[0] for found in gated) / searched,
        passed_second_gate=sum(found.passed_gates[1] for found in gated) / searched,
    )


def _gallery_without_mates(
    packed: PackedTemplates, sources: Sequence[Hashable], probe: int, size: int, rng: np.random.Generator
) -> PackedTemplates:
    others = np.array([row for row, source in enumerate(sources) if source != sources[probe]])
    return packed.take(rng.permutation(np.tile(others, -(-size // len(others)))))


def _timed(
    probe: FingerprintTemplate, gallery: PackedTemplates, *, exact: bool, clock: Callable[[], float]
) -> tuple[float, CandidateList]:
    start = clock()
    found = search(probe, gallery, limit=CANDIDATES, exact=exact, workers=1)
    return clock() - start, found
