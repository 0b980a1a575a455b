from itertools import combinations

import numpy as np
import pytest

from biocapil.synthesis import Pattern, draw_ten_fingers
from biocapil.synthesis.period import FINGER_PERIOD_PX
from biocapil.synthesis.ten_fingers import FREQUENCIES_BY_POSITION
from biocapil.vocabulary import FingerPosition

PEOPLE = 4000
ARCHES = {Pattern.ARCH, Pattern.TENTED_ARCH}
WHORLS = {Pattern.WHORL, Pattern.DOUBLE_LOOP}
RIGHT, LEFT = list(FingerPosition)[1:6], list(FingerPosition)[6:11]


def class_of(pattern: Pattern) -> str:
    return "arch" if pattern in ARCHES else "whorl" if pattern in WHORLS else "loop"


@pytest.fixture(scope="module")
def people() -> list[dict[FingerPosition, Pattern]]:
    return [
        {position: traits.pattern for position, traits in draw_ten_fingers((1, number)).items()}
        for number in range(PEOPLE)
    ]


def test_everybody_has_ten_fingers_in_the_order_of_their_codes() -> None:
    assert list(draw_ten_fingers(1)) == [position for position in FingerPosition if position]


def test_the_seed_decides() -> None:
    assert draw_ten_fingers(3) == draw_ten_fingers(3) != draw_ten_fingers(4)


@pytest.mark.parametrize("position", [position for position in FingerPosition if position])
def test_patterns_come_at_the_frequencies_of_their_finger(
    people: list[dict[FingerPosition, Pattern]], position: FingerPosition
) -> None:
    wanted = FREQUENCIES_BY_POSITION[position]
    radial = Pattern.LEFT_LOOP if position in RIGHT else Pattern.RIGHT_LOOP
    found = {
        "arch": np.mean([person[position] in ARCHES for person in people]),
        "whorl": np.mean([person[position] in WHORLS for person in people]),
        "radial": np.mean([person[position] is radial for person in people]),
    }
    for name, share in found.items():
        assert share == pytest.approx(getattr(wanted, name), abs=0.03)


def test_all_fingers_together_have_the_published_shares(people: list[dict[FingerPosition, Pattern]]) -> None:
    patterns = [pattern for person in people for pattern in person.values()]
    for name, share in {"arch": 0.065, "loop": 0.675, "whorl": 0.26}.items():
        assert np.mean([class_of(pattern) == name for pattern in patterns]) == pytest.approx(share, abs=0.015)
    radial = np.mean(
        [
            person[position] is (Pattern.LEFT_LOOP if position in RIGHT else Pattern.RIGHT_LOOP)
            for person in people
            for position in person
        ]
    )
    assert radial == pytest.approx(0.054, abs=0.01)


def test_fingers_of_a_person_agree_as_often_as_published(people: list[dict[FingerPosition, Pattern]]) -> None:
    same_name = np.mean(
        [
            class_of(person[right]) == class_of(person[left])
            for person in people
            for right, left in zip(RIGHT, LEFT, strict=True)
        ]
    )
    other_name = np.mean(
        [
            class_of(person[first]) == class_of(person[second])
            for person in people
            for first, second in combinations(person, 2)
            if (first - second) % 5
        ]
    )
    assert same_name == pytest.approx(0.72, abs=0.02)
    assert other_name == pytest.approx(0.58, abs=0.02)


def test_whorls_on_both_ring_fingers_are_as_frequent_as_published(
    people: list[dict[FingerPosition, Pattern]],
) -> None:
    both = [
        person[FingerPosition.RIGHT_RING] in WHORLS and person[FingerPosition.LEFT_RING] in WHORLS
        for person in people
    ]
    assert np.mean(both) == pytest.approx(0.26, abs=0.03)


def test_ridge_periods_fill_their_range_and_go_together_within_a_person() -> None:
    periods = np.array(
        [[traits.period_px for traits in draw_ten_fingers((2, number)).values()] for number in range(1500)]
    )
    low, high = FINGER_PERIOD_PX
    assert low <= periods.min() < low + 0.1
    assert high - 0.1 < periods.max() <= high
    assert np.quantile(periods, (0.25, 0.5, 0.75)) == pytest.approx(np.linspace(low, high, 5)[1:4], abs=0.15)
    assert np.corrcoef(periods[:, 0], periods[:, 7])[0, 1] == pytest.approx(0.68, abs=0.06)
