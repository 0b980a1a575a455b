from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.deduplication.registry.made_people import (
    EYE,
    FACE,
    INDEX,
    THUMB,
    MadePart,
    Numbers,
    part_of,
)

from biocapil.deduplication.registry.counts import (
    PeopleCounts,
    count_people,
    most_comparisons,
    most_instances,
    registry_targets,
)
from biocapil.deduplication.registry.people import everybody_of, instances_named
from biocapil.deduplication.registry.run_terms import compared_modalities
from biocapil.errors import IncompatibleTemplates
from biocapil.vocabulary import Instance, Modality, ModelId

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
    everybody = everybody_of(PARTS)

    assert [most_instances(each, everybody) for each in Modality] == [1, 1, 1]
    assert [most_comparisons(each, everybody) for each in Modality] == [1, 8, 3]
    hands = everybody_of([part_of([{THUMB: [1.0], INDEX: [2.0, 3.0]}, {INDEX: [1.0]}])])
    assert most_instances(Modality.FINGER, hands) == 2
    assert most_comparisons(Modality.FINGER, hands) == 2


def test_targets_are_for_everybody_unless_the_registry_is_larger() -> None:
    everybody = everybody_of(PARTS)
    targets = registry_targets(everybody, Modality, fpir=0.01, review_fpir=0.1)

    assert targets.keys() == set(Modality)
    assert {each.people for each in targets.values()} == {5}
    assert targets[Modality.FACE].comparisons == 8
    larger = registry_targets(everybody, Modality, fpir=0.01, review_fpir=0.1, people=70)
    assert {each.people for each in larger.values()} == {70}
    (nobody,) = registry_targets(everybody_of([]), [Modality.FACE], fpir=0.01, review_fpir=0.1).values()
    assert (nobody.people, nobody.instances, nobody.comparisons) == (1, 1, 1)
    with pytest.raises(ValueError, match="at least the 5 persons"):
        registry_targets(everybody, Modality, fpir=0.01, review_fpir=0.1, people=4)


def test_only_some_modalities_are_looked_at() -> None:
    assert everybody_of(PARTS, modalities=[Modality.IRIS]).instances == (EYE,)


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


def test_one_modality_of_two_models_is_refused() -> None:
    class Elsewhere(MadePart):
        def references(self, instance: Instance) -> Numbers:
            return replace(super().references(instance), model_id=ModelId("other@1"))

    other = Elsewhere(people=PARTS[1].people, columns=PARTS[1].columns, wanted=PARTS[1].wanted)
    with pytest.raises(IncompatibleTemplates, match="rebuild the gallery with one model"):
        compared_modalities(everybody_of([PARTS[0], other]))
    assert compared_modalities(everybody_of(PARTS)).keys() == set(Modality)
