"""`SetExtent`: how many persons, fingers and impressions a set holds, and so how often chance may strike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from biocapil.deduplication.findings import Person
from biocapil.subject import SampleEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class SetExtent:
    """What a set can ask of one comparison of two persons, at most.

    Attributes:
        persons: Claimed persons.
        fingers: Fingers of the person who has most; at least 1.
        common_fingers: Fingers that two persons can have in common; at least 1.
        comparisons: Comparisons of one finger of a person with one of another; at least 1.
    """

    persons: int
    fingers: int
    common_fingers: int
    comparisons: int


def set_extent(entries: Iterable[SampleEntry]) -> SetExtent:
    """Count the persons, fingers and impressions of a set.

    Args:
        entries: Samples.
    """
    impressions: dict[Person, Counter[str]] = {}
    for entry in entries:
        impressions.setdefault(Person.of(entry), Counter())[entry.instance] += 1
    fingers, common = _two_largest(len(counts) for counts in impressions.values())
    most, next_most = _two_largest(max(counts.values()) for counts in impressions.values())
    return SetExtent(
        persons=len(impressions),
        fingers=fingers,
        common_fingers=common,
        comparisons=most * next_most,
    )


def _two_largest(numbers: Iterable[int]) -> tuple[int, int]:
    """The largest and the next, 1 where there is none."""
    first, second = sorted((1, 1, *numbers))[:-3:-1]
    return first, second
