from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from biocapil.calibration import Calibration
from biocapil.comparison import GRAIN, compare
from biocapil.errors import IncompatibleTemplates
from biocapil.gallery import (
    Gallery,
    PersonFilter,
    PersonRecord,
    PersonSearch,
    Sex,
    person_probe,
    scanning,
    search_person,
)
from biocapil.joint_policy import JointPolicy
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import Decision, FingerPosition, Modality, ModelId

Make = Callable[..., PersonRecord]
Finger = Callable[..., FingerprintTemplate]
Ask = Callable[..., PersonSearch]
THUMB, INDEX, MIDDLE = FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_MIDDLE


def found(answer: PersonSearch) -> list[str]:
    return [each.person_id for each in answer.candidates if each.decision.outcome is Decision.DUPLICATE]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of the fewest rows that kernels read."""
    monkeypatch.setattr(scanning, "COMPARISONS", dict.fromkeys(Modality, 1))
    monkeypatch.setattr(scanning, "FEWEST_ROWS", GRAIN)


@pytest.fixture
def filled(gallery: Gallery, person: Make) -> Gallery:
    """Twelve people with two fingers, half of them sealed."""
    gallery.add([person(number, THUMB, INDEX) for number in range(6)])
    gallery.compact()
    gallery.add([person(number, THUMB, INDEX) for number in range(6, 12)])
    return gallery


@pytest.mark.parametrize("number", [2, 9])
def test_a_person_is_found_by_other_impressions(
    filled: Gallery, finger: Finger, ask: Ask, number: int
) -> None:
    answer = ask(filled, finger(number, THUMB, impression=5), finger(number, INDEX, impression=5))
    assert found(answer) == [f"p{number}"]
    assert answer.outcome is Decision.DUPLICATE
    assert answer.complete
    assert (answer.persons, answer.comparable, answer.wanted, answer.searched) == (12, 12, 24, 24)
    best = answer.candidates[0]
    assert {each.instance for each in best.decision.instances} == {"left_thumb", "right_index"}
    assert best.only_probe == best.only_reference == ()


def test_evidence_is_what_full_comparison_gives(
    filled: Gallery, finger: Finger, ask: Ask, calibration: Calibration
) -> None:
    probe = finger(2, INDEX, impression=5)
    best = ask(filled, probe).candidates[0].decision.instances[0]
    assert best.similarity == pytest.approx(compare(probe, finger(2, INDEX)))
    wanted = calibration.evidence(np.array([best.similarity]), np.array([30]))[0]
    assert best.llr == pytest.approx(wanted)


def test_somebody_new_is_unique(filled: Gallery, finger: Finger, ask: Ask) -> None:
    answer = ask(filled, finger(99, THUMB), finger(99, INDEX))
    assert not found(answer)
    assert answer.outcome is Decision.UNIQUE


def test_like_is_compared_with_like_only(filled: Gallery, finger: Finger, ask: Ask) -> None:
    hidden = replace(finger(2, THUMB, impression=5), position=INDEX)
    answer = ask(filled, hidden)
    assert not found(answer)
    assert answer.wanted == 12


def test_fingers_on_one_side_only_say_nothing(filled: Gallery, finger: Finger, ask: Ask) -> None:
    best = ask(filled, finger(2, THUMB, impression=5), finger(2, MIDDLE)).candidates[0]
    assert best.person_id == "p2"
    assert [each.name for each in best.only_probe] == ["right_middle"]
    assert [each.name for each in best.only_reference] == ["right_index"]
    assert [each.instance for each in best.decision.instances] == ["left_thumb"]


def test_nobody_comparable_is_not_decidable(filled: Gallery, finger: Finger, ask: Ask) -> None:
    answer = ask(filled, finger(2, MIDDLE))
    assert (answer.comparable, answer.wanted, answer.complete) == (0, 0, True)
    assert answer.outcome is Decision.NOT_DECIDABLE


def test_an_empty_gallery_has_nobody_twice(gallery: Gallery, finger: Finger, ask: Ask) -> None:
    assert ask(gallery, finger(2)).outcome is Decision.UNIQUE


def test_the_best_of_several_impressions_pays_for_it(
    gallery: Gallery, person: Make, finger: Finger, ask: Ask, calibration: Calibration
) -> None:
    gallery.add([person(1, INDEX, impressions=3)])
    probes = [finger(1, INDEX, impression=each) for each in (7, 8)]
    only = ask(gallery, *probes).candidates[0].decision.instances[0]
    scores = [compare(probe, finger(1, INDEX, impression=each)) for probe in probes for each in range(3)]
    assert only.comparisons == 6
    assert only.similarity == pytest.approx(max(scores))
    alone = calibration.evidence(np.array([max(scores)]), np.array([30]))[0]
    assert only.llr == pytest.approx(alone - math.log(6))


def test_a_finger_without_minutiae_says_nothing(
    gallery: Gallery, person: Make, finger: Finger, ask: Ask
) -> None:
    gallery.add([person(1, THUMB, INDEX)])
    empty = finger(1, INDEX, minutiae=0)
    best = ask(gallery, finger(1, THUMB, impression=5), empty).candidates[0]
    assert [each.instance for each in best.decision.instances] == ["left_thumb"]


def test_the_list_ends_at_the_limit_and_at_the_least_evidence(
    gallery: Gallery, person: Make, finger: Finger, ask: Ask, policy: JointPolicy
) -> None:
    same = [replace(person(1, version=each), person_id=f"copy{each}") for each in range(5)]
    gallery.add(same)
    probe = finger(1, impression=50)
    assert len(ask(gallery, probe).candidates) == 5
    assert len(ask(gallery, probe, limit=2).candidates) == 2
    assert ask(gallery, probe, limit=2).weighed == 5
    assert ask(gallery, probe, limit=2).candidates == ask(gallery, probe).candidates[:2]
    everything = ask(gallery, probe, least_llr=policy.review_llr)
    assert all(each.decision.outcome is not Decision.UNIQUE for each in everything.candidates)
    assert not ask(gallery, probe, least_llr=1e9).candidates


def test_weak_candidates_are_listed_but_decided_as_unique(filled: Gallery, finger: Finger, ask: Ask) -> None:
    answer = ask(filled, finger(2, THUMB, impression=5), limit=12)
    outcomes = {each.person_id: each.decision.outcome for each in answer.candidates}
    assert outcomes.pop("p2") is Decision.DUPLICATE
    assert set(outcomes.values()) <= {Decision.UNIQUE}


@pytest.fixture
def known(gallery: Gallery, person: Make) -> Gallery:
    """Six people of whom different things are known."""
    gallery.add(
        [
            person(0, region="north", birth_year=1989, sex=Sex.FEMALE),
            person(1, region="north", birth_year=1990, sex=Sex.MALE),
            person(2, region="south", birth_year=1995, sex=Sex.NOT_KNOWN),
            person(3, region="south", birth_year=1996, sex=Sex.FEMALE),
            person(4, region="south", birth_year=1980, sex=Sex.MALE),
            person(5, sex=Sex.NOT_APPLICABLE),
        ]
    )
    gallery.compact()
    return gallery


@pytest.mark.parametrize(
    ("where", "passing"),
    [
        (PersonFilter(), {0, 1, 2, 3, 4, 5}),
        (PersonFilter(regions=frozenset({"north"})), {0, 1, 5}),
        (PersonFilter(birth_years=(1990, 1995)), {1, 2, 5}),
        (PersonFilter(sex=Sex.FEMALE), {0, 2, 3, 5}),
        (PersonFilter(regions=frozenset({"south"}), birth_years=(1980, 1994), sex=Sex.MALE), {4, 5}),
    ],
)
def test_a_filter_leaves_out_exactly_those_of_whom_the_opposite_is_known(
    known: Gallery, finger: Finger, ask: Ask, where: PersonFilter, passing: set[int]
) -> None:
    for sparse in (0.0, 2.0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scanning, "SPARSE", sparse)
            answers = [ask(known, finger(number, impression=5), where=where) for number in range(6)]
        assert {number for number, answer in enumerate(answers) if found(answer)} == passing
        assert {answer.persons for answer in answers} == {len(passing)}


def test_blocks_of_nobody_wanted_are_not_read(known: Gallery, finger: Finger, ask: Ask) -> None:
    answer = ask(known, finger(0), where=PersonFilter(birth_years=(1, 2)))
    assert (answer.persons, answer.wanted) == (1, 1)
    known.delete(["p5"])
    answer = ask(known, finger(0), where=PersonFilter(birth_years=(1, 2)))
    assert (answer.persons, answer.wanted, answer.outcome) == (0, 0, Decision.UNIQUE)


@pytest.mark.parametrize("sparse", [0.0, 2.0])
def test_blocks_with_holes_answer_the_same_either_way(
    filled: Gallery, finger: Finger, ask: Ask, monkeypatch: pytest.MonkeyPatch, sparse: float
) -> None:
    filled.delete(["p1", "p3", "p8"])
    wanted = ask(filled, finger(2, THUMB, impression=5), limit=20)
    monkeypatch.setattr(scanning, "SPARSE", sparse)
    answer = ask(filled, finger(2, THUMB, impression=5), limit=20, workers=3)
    assert answer.candidates == wanted.candidates
    assert answer.searched == wanted.searched == 9
    assert "p3" not in {each.person_id for each in ask(filled, finger(3, THUMB), limit=20).candidates}


@pytest.mark.usefixtures("small_blocks")
def test_a_deadline_ends_the_search_and_the_answer_says_so(
    gallery: Gallery, person: Make, finger: Finger, ask: Ask
) -> None:
    gallery.add([person(number, THUMB) for number in range(3 * GRAIN)])

    def ticks() -> Iterator[float]:
        yield from map(float, range(1000))

    clock = ticks()
    answer = ask(gallery, finger(99, THUMB), deadline_s=2.5, clock=lambda: next(clock))
    assert not answer.complete
    assert 0 < answer.searched < answer.wanted == 3 * GRAIN
    assert answer.outcome is Decision.NOT_DECIDABLE
    assert answer.times.total_s > 2.5


def test_progress_counts_blocks(filled: Gallery, finger: Finger, ask: Ask) -> None:
    seen: list[tuple[int, int]] = []
    ask(
        filled, finger(2, THUMB), finger(2, INDEX), on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_target_of_a_gallery_counts_its_people_fingers_and_impressions(
    gallery: Gallery, person: Make
) -> None:
    gallery.add([person(1, THUMB, INDEX, impressions=2), person(2, THUMB)])
    gallery.compact()
    target = gallery.snapshot().targets(fpir=0.01, review_fpir=0.1, impressions=3)[Modality.FINGER]
    assert (target.people, target.instances, target.comparisons) == (2, 2, 6)
    more = gallery.snapshot().targets(fpir=0.01, review_fpir=0.1, people=50)
    assert {each.people for each in more.values()} == {50}
    with pytest.raises(ValueError, match="at least the 2 persons"):
        gallery.snapshot().targets(fpir=0.01, review_fpir=0.1, people=1)


def test_the_target_of_an_empty_gallery_can_be_kept(gallery: Gallery) -> None:
    (target,) = gallery.snapshot().targets(fpir=0.01, review_fpir=0.1).values()
    assert (target.people, target.instances, target.comparisons) == (1, 1, 1)


@pytest.mark.parametrize(
    ("options", "fault"), [({"limit": 0}, "limit must be at least 1"), ({"least_llr": math.nan}, "nan")]
)
def test_numbers_out_of_range_are_refused(
    filled: Gallery, finger: Finger, ask: Ask, options: dict[str, float], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        ask(filled, finger(1), **options)


def test_a_probe_without_a_finger_is_refused(filled: Gallery, ask: Ask) -> None:
    with pytest.raises(ValueError, match="at least one finger, eye or face"):
        ask(filled)


def test_another_model_or_calibration_is_refused(
    filled: Gallery, finger: Finger, ask: Ask, calibration: Calibration, policy: JointPolicy
) -> None:
    with pytest.raises(IncompatibleTemplates, match="other@2"):
        ask(filled, finger(1, model=ModelId("other@2")))
    probe, snapshot = person_probe(fingers=[finger(1)]), filled.snapshot()
    other = {Modality.FINGER: replace(calibration, model_id=ModelId("other@2"))}
    with pytest.raises(IncompatibleTemplates, match="speaks of templates of other@2"):
        search_person(snapshot, probe, other, policy)
    with pytest.raises(ValueError, match="rests on calibration made@test"):
        search_person(snapshot, probe, {Modality.FINGER: replace(calibration, calibration_id="x")}, policy)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"birth_years": (2000, 1990)}, "must rise"),
        ({"birth_years": (0, 5)}, "1..9999"),
        ({"sex": Sex.NOT_KNOWN}, "MALE"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(wrong: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        PersonFilter(**wrong)  # type: ignore[arg-type] # what is wrong is the point
