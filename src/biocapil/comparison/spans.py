"""A search among binary codes cut into calls of its kernel: some probes against some blocks of references."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from biocapil.threads import map_in_order

PROBES_AT_ONCE = 32
"""Probes that share one reading of the references."""

WORK = 10_000_000
"""Vectors of words that a thread compares at a time: about ten milliseconds."""

FEWEST_BLOCKS = 64
"""Blocks of a call at least, so that setting it up costs nothing."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Work of one call.

    Attributes:
        probes: Which probes.
        first: First block of references.
        last: One past the last block.
    """

    probes: slice
    first: int
    last: int


def spans(probes: int, blocks: int, *, work: int, at_once: int = PROBES_AT_ONCE) -> Iterator[Span]:
    """Cut a search into spans; they do not depend on the number of threads, so that nothing found does.

    Args:
        probes: How many.
        blocks: How many.
        work: Vectors of words that comparing one probe with one block takes.
        at_once: Probes of a span at most.
    """
    for start in range(0, probes, at_once):
        stop = min(start + at_once, probes)
        step = max(FEWEST_BLOCKS, WORK // (work * (stop - start)))
        for first in range(0, blocks, step):
            yield Span(probes=slice(start, stop), first=first, last=min(first + step, blocks))


def run_spans(
    run: Callable[[Span], Result], todo: Sequence[Span], *, workers: int | None
) -> Iterable[tuple[Span, Result]]:
    """Each span with its result, in their order; on threads where there are several of both."""
    if len(todo) <= 1 or workers == 1:
        return ((span, run(span)) for span in todo)
    return zip(todo, map_in_order(run, todo, workers=workers), strict=True)
