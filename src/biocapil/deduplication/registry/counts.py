"""How many pairs of people a run can say something about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from biocapil.decision import PolicyTarget
from biocapil.deduplication.registry.people import Everybody
from biocapil.vocabulary import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCounts:
    """People of a gallery.

    Attributes:
        people: Who is there.
        scanned: Those who have a template of a scanned instance; of the others nothing is known.
        comparable: Pairs of people who have a scanned instance in common.
    """

    people: int
    scanned: int
    comparable: int


def count_people(scanned: Sequence[Instance], everybody: Everybody) -> PeopleCounts:
    """Count people by what of them is scanned."""
    having: Counter[int] = Counter()
    for number, part in enumerate(everybody.parts):
        sets = np.zeros(len(part.wanted), np.int64)
        for bit, instance in enumerate(scanned):
            rows = everybody.rows.get((number, instance))
            if rows is not None:
                sets[rows.owners] |= 1 << bit
        values, counts = np.unique(sets[part.wanted], return_counts=True)
        having.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))
    comparable = sum(count * (count - 1) // 2 for which, count in having.items() if which)
    comparable += sum(having[one] * having[other] for one, other in combinations(having, 2) if one & other)
    return PeopleCounts(people=having.total(), scanned=having.total() - having[0], comparable=comparable)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryExtent:
    """What a gallery can ask of one comparison of two people, at most.

    Attributes:
        people: Who is there.
        instances: Instances of the person who has most; at least 1.
        comparisons: Comparisons of one instance of a person with that of another; at least 1.
    """

    people: int
    instances: int
    comparisons: int


def registry_extent(everybody: Everybody) -> RegistryExtent:
    """Count instances and templates of the people who have most."""
    instances = comparisons = 1
    templates: dict[Instance, list[int]] = {instance: [1, 1] for instance in everybody.instances}
    for number, part in enumerate(everybody.parts):
        having = np.zeros(len(part.wanted), np.int64)
        for instance in everybody.instances:
            counts = _counts(number, instance, everybody)
            having += counts > 0
            templates[instance] += np.sort(counts)[-2:].tolist()
        instances = max(instances, int(having.max(initial=0)))
    for most in templates.values():
        first, second = sorted(most)[:-3:-1]
        comparisons = max(comparisons, first * second)
    return RegistryExtent(people=everybody.persons, instances=instances, comparisons=comparisons)


def registry_target(
    everybody: Everybody, *, fpir: float, review_fpir: float, people: int | None = None
) -> PolicyTarget:
    """Target for all against all: so many people, with the instances that two of them can share.

    Args:
        everybody: All people.
        fpir: Largest chance that a person who is registered once is called a duplicate.
        review_fpir: Largest chance that such a person has to be looked at.
        people: People of the registry that this gallery is a part of; by default those who are here.

    Raises:
        ValueError: `people` is fewer than are here, or a number is out of its range.
    """
    extent = registry_extent(everybody)
    if people is not None and people < extent.people:
        raise ValueError(
            f"people must be at least the {extent.people:,} persons of the gallery, got {people:,}: all of "
            "them are compared with each other"
        )
    return PolicyTarget(
        fpir=fpir,
        review_fpir=review_fpir,
        people=people or max(extent.people, 1),
        instances=extent.instances,
        comparisons=extent.comparisons,
    )


def _counts(part: int, instance: Instance, everybody: Everybody) -> NDArray[np.int64]:
    """Templates of each person who is there. Shape (P,)."""
    wanted = everybody.parts[part].wanted
    rows = everybody.rows.get((part, instance))
    if rows is None:
        return np.zeros(len(wanted), np.int64)
    return np.where(wanted, np.bincount(rows.owners, minlength=len(wanted)), 0)
