"""Who is registered in a synthetic population, and whose fingers they have: decided before any is made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biocapil.synthesis.truth import PlantedKind, PlantedPair
from biocapil.vocabulary import FingerPosition, SubjectId

FINGER_ORDER = (
    FingerPosition.RIGHT_INDEX,
    FingerPosition.LEFT_INDEX,
    FingerPosition.RIGHT_THUMB,
    FingerPosition.LEFT_THUMB,
    FingerPosition.RIGHT_MIDDLE,
    FingerPosition.LEFT_MIDDLE,
    FingerPosition.RIGHT_RING,
    FingerPosition.LEFT_RING,
    FingerPosition.RIGHT_LITTLE,
    FingerPosition.LEFT_LITTLE,
)
"""Fingers in the order in which a registry asks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One enrollment of one person.

    Attributes:
        subject: Identifier it was filed under.
        number: Place among all registrations, from 0; seeds the impressions.
        person: Whose fingers are shown, from 0; seeds the fingers.
        flow_of: Person whose ridge flow these fingers copy, or None for fingers of their own.
    """

    subject: SubjectId
    number: int
    person: int
    flow_of: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationPlan:
    """All registrations and the pairs planted among them.

    Attributes:
        registrations: In order of their subjects.
        pairs: Planted pairs.
    """

    registrations: tuple[Registration, ...]
    pairs: tuple[PlantedPair, ...]


def plan_population(
    rng: np.random.Generator, *, people: int, duplicates: int, lookalikes: int
) -> PopulationPlan:
    """Choose who is registered twice and who looks like whom.

    Args:
        rng: Source of randomness.
        people: Different persons, at least 1.
        duplicates: How many of them are registered a second time, under another subject.
        lookalikes: How many pairs of other persons share ridge flow.

    Returns:
        The plan: people + duplicates registrations, subjects in random order.

    Raises:
        ValueError: There are too few people for the wanted pairs.
    """
    if people < 1 or duplicates < 0 or lookalikes < 0 or duplicates + 2 * lookalikes > people:
        raise ValueError(
            "a population needs people >= 1 and no fewer than duplicates + 2 * lookalikes, both >= 0; "
            f"got people={people}, duplicates={duplicates}, lookalikes={lookalikes}"
        )
    shuffled = rng.permutation(people).tolist()
    firsts, seconds = shuffled[:lookalikes], shuffled[lookalikes : 2 * lookalikes]
    flow_of = dict(zip(seconds, firsts, strict=True))
    twice = shuffled[2 * lookalikes : 2 * lookalikes + duplicates]
    persons = [*range(people), *twice]
    order = rng.permutation(len(persons)).tolist()
    registrations = tuple(
        Registration(subject=_subject(number), number=number, person=persons[place],
                     flow_of=flow_of.get(persons[place]))
        for number, place in enumerate(order)
    )  # fmt: skip
    return PopulationPlan(registrations=registrations, pairs=_pairs(registrations))


def _pairs(registrations: tuple[Registration, ...]) -> tuple[PlantedPair, ...]:
    """Pairs of registrations of one person, and of persons who share ridge flow."""
    return tuple(
        PlantedPair(kind=kind, first=first.subject, second=second.subject)
        for place, first in enumerate(registrations)
        for second in registrations[place + 1 :]
        if (kind := _kind(first, second)) is not None
    )


def _kind(first: Registration, second: Registration) -> PlantedKind | None:
    if first.person == second.person:
        return PlantedKind.DUPLICATE
    if first.person == second.flow_of or second.person == first.flow_of:
        return PlantedKind.LOOKALIKE
    return None


def _subject(number: int) -> SubjectId:
    return SubjectId(f"S{number + 1:04d}")
