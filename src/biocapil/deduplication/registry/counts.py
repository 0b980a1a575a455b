"""How many pairs of people a run can say something about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from biocapil.decision import PolicyTarget
from biocapil.deduplication.registry.people import Everybody
from biocapil.vocabulary import Instance, Modality


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


def registry_targets(
    everybody: Everybody,
    modalities: Iterable[Modality],
    *,
    fpir: float,
    review_fpir: float,
    people: int | None = None,
) -> dict[Modality, PolicyTarget]:
    """Targets for all against all, by modality: so many people, with the instances that two can share.

    Args:
        everybody: All people.
        modalities: What of them is weighed.
        fpir: Largest chance that a person who is registered once is called a duplicate.
        review_fpir: Largest chance that such a person has to be looked at.
        people: People of the registry that this gallery is a part of; by default those who are here.

    Raises:
        ValueError: `people` is fewer than are here, or a number is out of its range.
    """
    here = everybody.persons
    if people is not None and people < here:
        raise ValueError(
            f"people must be at least the {here:,} persons of the gallery, got {people:,}: all of them are "
            "compared with each other"
        )
    return {
        modality: PolicyTarget(
            fpir=fpir,
            review_fpir=review_fpir,
            people=people or max(here, 1),
            instances=most_instances(modality, everybody),
            comparisons=most_comparisons(modality, everybody),
        )
        for modality in modalities
    }


def most_instances(modality: Modality, everybody: Everybody) -> int:
    """Instances of a modality of the person who has most; at least 1."""
    most = 1
    for number, part in enumerate(everybody.parts):
        having = np.zeros(len(part.wanted), np.int64)
        for instance in _of(modality, everybody):
            having += _counts(number, instance, everybody) > 0
        most = max(most, int(having.max(initial=0)))
    return most


def most_comparisons(modality: Modality, everybody: Everybody) -> int:
    """Comparisons of one instance of a person with that of another, at most; at least 1."""
    most = 1
    for instance in _of(modality, everybody):
        templates = [1, 1]
        for number in range(len(everybody.parts)):
            templates += np.sort(_counts(number, instance, everybody))[-2:].tolist()
        first, second = sorted(templates)[:-3:-1]
        most = max(most, first * second)
    return most


def _of(modality: Modality, everybody: Everybody) -> list[Instance]:
    return [each for each in everybody.instances if each.modality is modality]


def _counts(part: int, instance: Instance, everybody: Everybody) -> NDArray[np.int64]:
    """Templates of each person who is there. Shape (P,)."""
    wanted = everybody.parts[part].wanted
    rows = everybody.rows.get((part, instance))
    if rows is None:
        return np.zeros(len(wanted), np.int64)
    return np.where(wanted, np.bincount(rows.owners, minlength=len(wanted)), 0)
