from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biocapil.synthesis.plan import FINGER_ORDER, PopulationPlan, plan_population
from biocapil.synthesis.truth import PlantedKind
from biocapil.vocabulary import FingerPosition


def plan(people: int = 20, duplicates: int = 4, lookalikes: int = 5, seed: int = 1) -> PopulationPlan:
    rng = np.random.default_rng(seed)
    return plan_population(rng, people=people, duplicates=duplicates, lookalikes=lookalikes)


@settings(max_examples=40)
@given(data=st.data(), people=st.integers(1, 40), seed=st.integers(0, 1000))
def test_the_wanted_pairs_are_planted_and_no_others(data: st.DataObject, people: int, seed: int) -> None:
    lookalikes = data.draw(st.integers(0, people // 2))
    duplicates = data.draw(st.integers(0, people - 2 * lookalikes))
    made = plan(people, duplicates, lookalikes, seed)
    kinds = Counter(pair.kind for pair in made.pairs)
    assert kinds[PlantedKind.DUPLICATE] == duplicates
    assert kinds[PlantedKind.LOOKALIKE] == lookalikes
    assert len(made.registrations) == people + duplicates
    assert {registration.person for registration in made.registrations} == set(range(people))


def test_pairs_say_what_the_registrations_hold() -> None:
    made = plan()
    by_subject = {registration.subject: registration for registration in made.registrations}
    for pair in made.pairs:
        first, second = by_subject[pair.first], by_subject[pair.second]
        assert pair.first < pair.second
        same = first.person == second.person
        assert same is (pair.kind is PlantedKind.DUPLICATE)
        assert same or first.person == second.flow_of or second.person == first.flow_of


def test_nobody_is_planted_twice() -> None:
    subjects = [subject for pair in plan().pairs for subject in (pair.first, pair.second)]
    assert len(subjects) == len(set(subjects))


def test_subjects_are_unique_and_do_not_tell_who_is_registered_twice() -> None:
    made = plan()
    subjects = [registration.subject for registration in made.registrations]
    assert subjects == sorted(set(subjects))
    late = {registration.number for registration in made.registrations if registration.number >= 20}
    twice = {pair.second for pair in made.pairs if pair.kind is PlantedKind.DUPLICATE}
    assert twice != {f"S{number + 1:04d}" for number in late}


def test_the_seed_decides() -> None:
    assert plan(seed=3) == plan(seed=3) != plan(seed=4)


@pytest.mark.parametrize("numbers", [(0, 0, 0), (5, -1, 0), (5, 0, -1), (5, 6, 0), (5, 2, 2)])
def test_too_few_people_are_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="a population needs people"):
        plan(*numbers)


def test_all_ten_fingers_have_their_turn() -> None:
    assert set(FINGER_ORDER) == set(FingerPosition) - {FingerPosition.UNKNOWN}
