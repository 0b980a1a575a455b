from __future__ import annotations

import pytest
from tests.unit.deduplication.registry.made_people import EYE, FACE, THUMB, part_of

from biocapil.deduplication.registry.counts import (
    PeopleCounts,
    RegistryExtent,
    count_people,
    registry_extent,
    registry_target,
)
from biocapil.deduplication.registry.people import everybody_of, instances_named

PARTS = [
    part_of([{FACE: [1.0]}, {FACE: [1.0, 2.0], EYE: [1.0]}, {EYE: [1.0, 2.0, 3.0]}, {}], gone=[0]),
    part_of([{FACE: [1.0, 1.0, 1.0, 1.0], THUMB: [2.0]}, {}], first_id=9),
]


def test_people_are_comparable_where_they_have_something_scanned_in_common() -> None:
    everybody = everybody_of(PARTS)

    assert count_people([FACE], everybody) == PeopleCounts(people=5, scanned=2, comparable=1)
    assert count_people([FACE, EYE], everybody) == PeopleCounts(people=5, scanned=3, comparable=2)
    assert count_people([THUMB], everybody) == PeopleCounts(people=5, scanned=1, comparable=0)


def test_the_extent_is_of_those_who_have_most() -> None:
    assert registry_extent(everybody_of(PARTS)) == RegistryExtent(people=5, instances=2, comparisons=8)
    assert registry_extent(everybody_of([])) == RegistryExtent(people=0, instances=1, comparisons=1)


def test_a_target_is_for_everybody_unless_the_registry_is_larger() -> None:
    everybody = everybody_of(PARTS)

    assert registry_target(everybody, fpir=0.01, review_fpir=0.1).people == 5
    assert registry_target(everybody, fpir=0.01, review_fpir=0.1, people=70).people == 70
    assert registry_target(everybody_of([]), fpir=0.01, review_fpir=0.1).people == 1
    with pytest.raises(ValueError, match="at least the 5 persons"):
        registry_target(everybody, fpir=0.01, review_fpir=0.1, people=4)


def test_instances_are_named_by_name_or_modality() -> None:
    everybody = everybody_of(PARTS)

    assert everybody.instances == (THUMB, FACE, EYE)
    assert instances_named([], everybody) == ()
    assert instances_named(["iris", "face"], everybody) == (FACE, EYE)
    assert instances_named(["right_thumb", "finger"], everybody) == (THUMB,)
    with pytest.raises(ValueError, match="no template of 'nose'; it has right_thumb, face, right_eye"):
        instances_named(["nose"], everybody)
    with pytest.raises(ValueError, match="it has nothing"):
        instances_named(["face"], everybody_of([]))
