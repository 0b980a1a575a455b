"""Memory, cores and time of a search, from measured speeds."""

from __future__ import annotations

import math
from dataclasses import dataclass

SECONDS_A_DAY = 86_400.0
BUSY = 0.7
"""Share of the day that a core may be kept busy; the rest is for peaks, restarts and upkeep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFigures:
    """Measured figures of the comparison.

    Attributes:
        exact_per_s: Exact comparisons a second on one thread.
        gated_per_s: Comparisons a second on one thread with gates.
        gate_recall: Share of the exact scan's candidates that gates keep, 0 to 1.
        template_bytes: Bytes of a packed template, median.
        largest_gallery: References of the largest gallery that was searched when they were measured.
        threads_gain: How many times one thread's speed two threads gave.
        machine: What they were measured on.
    """

    exact_per_s: float
    gated_per_s: float
    gate_recall: float
    template_bytes: float
    largest_gallery: int
    threads_gain: float
    machine: str

    def __post_init__(self) -> None:
        for name in ("exact_per_s", "gated_per_s", "gate_recall", "template_bytes", "threads_gain"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)!r}")


MEASURED = SearchFigures(
    exact_per_s=38_000,
    gated_per_s=488_000,
    gate_recall=0.998,
    template_bytes=2_376,
    largest_gallery=65_600,
    threads_gain=1.76,
    machine="one thread of an AMD EPYC (Zen 3, AVX2), benchmarks/bench_fingerprint_search.py",
)
"""Figures of the committed benchmark; gallery and gain as stated in docs/figures.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What a registry needs.

    Attributes:
        references: Templates in the gallery.
        memory_bytes: Memory that they take, packed.
        exact_search_s: Time to search one person exactly, all cores together.
        gated_search_s: The same with gates.
        exact_cores: Cores that keep up with the searches of a day, exactly.
        gated_cores: The same with gates.
        all_pairs_days: Days to compare every person with every other once, gated, on all cores.
    """

    references: int
    memory_bytes: float
    exact_search_s: float
    gated_search_s: float
    exact_cores: int
    gated_cores: int
    all_pairs_days: float


def required_capacity(
    figures: SearchFigures,
    *,
    people: int,
    instances: int,
    comparisons: int = 1,
    cores: int,
    searches_per_day: float,
) -> Capacity:
    """Memory, cores and time.

    Args:
        figures: Measured figures.
        people: People of the registry.
        instances: Fingers of each that are compared, like with like.
        comparisons: Comparisons of one finger: impressions of the probe times those kept of each person.
        cores: Cores at hand.
        searches_per_day: Persons searched a day.

    Raises:
        ValueError: A number is out of range.
    """
    if min(people, instances, comparisons, cores) < 1 or searches_per_day < 0:
        raise ValueError(
            "people, instances, comparisons and cores must be at least 1 and searches_per_day not negative, "
            f"got {people!r}, {instances!r}, {comparisons!r}, {cores!r}, {searches_per_day!r}"
        )
    kept = math.ceil(math.sqrt(comparisons))
    a_search = people * instances * comparisons
    exact_s, gated_s = a_search / figures.exact_per_s, a_search / figures.gated_per_s
    return Capacity(
        references=people * instances * kept,
        memory_bytes=people * instances * kept * figures.template_bytes,
        exact_search_s=exact_s / cores,
        gated_search_s=gated_s / cores,
        exact_cores=_cores(exact_s, searches_per_day),
        gated_cores=_cores(gated_s, searches_per_day),
        all_pairs_days=gated_s * people / 2 / cores / SECONDS_A_DAY,
    )


def _cores(search_s: float, searches_per_day: float) -> int:
    return max(1, math.ceil(search_s * searches_per_day / (SECONDS_A_DAY * BUSY)))
