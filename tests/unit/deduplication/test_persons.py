from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.deduplication.conftest import TableRoom, linear_calibration, policy_of

from biocapil import Decision, DecisionPolicy, FingerprintTemplate, Modality, ModelId, SampleEntry, SubjectId
from biocapil.calibration import Calibration
from biocapil.deduplication import DuplicateReport, PersonPair, find_duplicates
from biocapil.deduplication.person_rules import PersonRules
from biocapil.deduplication.persons import FAINTEST, OUT_OF_REACH, least_similarity

NAMES = ("thumb", "index", "middle", "ring", "little")


def fingers_of(
    entry: Callable[..., SampleEntry], who: str, names: Sequence[str], *, impressions: int = 1
) -> list[SampleEntry]:
    return [entry(who, name, str(number)) for name in names for number in range(impressions)]


def test_two_fingers_in_the_review_band_make_a_duplicate_together(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [*fingers_of(entry, "a", NAMES[:2]), *fingers_of(entry, "b", NAMES[:2])]

    report = search(entries, {(0, 2): 12.0, (1, 3): 11.0})

    (pair,) = report.person_pairs
    assert pair.decision.llr == 23.0
    assert pair.decision.outcome is Decision.DUPLICATE
    assert [finding.similarity for finding in pair.fingers] == [12.0, 11.0]


def test_dependent_fingers_say_less_together(
    search: Callable[..., DuplicateReport],
    entry: Callable[..., SampleEntry],
    make_policy: Callable[..., DecisionPolicy],
    calibration: Calibration,
) -> None:
    entries = [*fingers_of(entry, "a", NAMES[:2]), *fingers_of(entry, "b", NAMES[:2])]

    report = search(entries, {(0, 2): 12.0, (1, 3): 12.0}, using=make_policy(calibration, dependence=0.5))

    (pair,) = report.person_pairs
    assert pair.decision.llr == pytest.approx(24.0 / 1.5)
    assert pair.decision.outcome is Decision.REVIEW


def test_fingers_that_speak_against_lower_the_evidence(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [*fingers_of(entry, "a", NAMES[:3]), *fingers_of(entry, "b", NAMES[:3])]

    report = search(entries, {(0, 3): 21.0, (1, 4): 20.0, (2, 5): 1.0}, at_zero=-5.0)

    (pair,) = report.person_pairs
    assert pair.decision.llr == (21 - 5) + (20 - 5) + (1 - 5)
    assert [each.llr for each in pair.decision.instances] == [16.0, 15.0, -4.0]
    assert [finding.llr for finding in pair.fingers] == [16.0, 15.0]  # what speaks against is not drawn


def test_fingers_that_speak_against_can_clear_a_pair(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [*fingers_of(entry, "a", NAMES), *fingers_of(entry, "b", NAMES)]
    alone = search([entries[0], entries[5]], {(0, 1): 17.0}, at_zero=-5.0)

    report = search(entries, {(0, 5): 17.0}, at_zero=-5.0)

    assert [pair.decision.outcome for pair in alone.person_pairs] == [Decision.REVIEW]
    assert report.person_pairs == ()
    assert report.counts.persons.unique == 1


def test_one_finger_that_is_certainly_the_same_outweighs_nine_that_are_not(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    names = [f"finger {number}" for number in range(10)]
    entries = [*fingers_of(entry, "a", names), *fingers_of(entry, "b", names)]

    report = search(entries, {(0, 10): 60.0}, at_zero=-5.0)

    (pair,) = report.person_pairs
    assert pair.decision.llr == pytest.approx(55.0 - math.log(100))
    assert pair.decision.outcome is Decision.DUPLICATE
    assert len(pair.decision.instances) == 10
    assert len(pair.fingers) == 1


def test_prints_filed_under_crossed_names_are_found(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [*fingers_of(entry, "a", NAMES[:2]), *fingers_of(entry, "b", NAMES[:2])]

    report = search(entries, {(0, 3): 40.0, (1, 2): 30.0}, at_zero=-5.0)

    (pair,) = report.duplicate_pairs
    assert pair.decision.llr == pytest.approx(35.0 - math.log(4))
    assert [(each.instance, each.llr) for each in pair.decision.instances] == [
        ("thumb / index", 35.0),
        ("index / thumb", 25.0),
        ("index", -5.0),
        ("thumb", -5.0),
    ]
    assert [(f.first.instance, f.second.instance) for f in pair.fingers] == [
        ("thumb", "index"),
        ("index", "thumb"),
    ]


def test_crossed_names_stand_in_the_order_of_the_persons_whatever_the_manifest_s(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("b", "thumb"), entry("a", "index")], {(0, 1): 30.0})

    (pair,) = report.person_pairs
    assert (pair.first.subject, pair.second.subject) == ("a", "b")
    assert [each.instance for each in pair.decision.instances] == ["index / thumb"]


def test_a_finger_without_a_name_is_compared_with_all_and_said_to_have_none(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a", "thumb"), entry("b"), entry("b", "index")], {(0, 1): 30.0}, at_zero=-5.0)

    (pair,) = report.person_pairs
    assert pair.decision.llr == pytest.approx(25.0 - math.log(2))
    assert [each.instance for each in pair.decision.instances] == ["thumb / not named"]


def test_several_impressions_of_one_finger_are_not_added_up_and_the_best_pays_for_having_been_chosen(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", "thumb", "1"), entry("a", "thumb", "2"), entry("b", "thumb")]

    report = search(entries, {(0, 1): 50.0, (0, 2): 12.0, (1, 2): 14.0})

    (pair,) = report.person_pairs
    (evidence,) = pair.decision.instances
    assert pair.decision.llr == evidence.llr == pytest.approx(14.0 - math.log(2))
    assert (evidence.similarity, evidence.comparisons) == (14.0, 2)
    assert pair.decision.outcome is Decision.REVIEW
    assert len(pair.fingers) == 1
    assert len(pair.pairs) == 2


def test_each_finger_pays_for_its_own_number_of_impressions(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [
        *fingers_of(entry, "a", ["thumb"], impressions=3),
        *fingers_of(entry, "a", ["index"]),
        *fingers_of(entry, "b", ["thumb", "index"], impressions=2),
    ]

    report = search(entries, {(0, 5): 20.0, (3, 6): 15.0, (1, 6): 18.0})

    (pair,) = report.person_pairs
    assert {each.instance: each.comparisons for each in pair.decision.instances} == {
        "thumb": 6,
        "index": 2,
        "thumb / index": 6,
    }
    assert pair.decision.llr == pytest.approx(20.0 - math.log(6) + 15.0 - math.log(2))


def test_a_finger_that_gave_no_template_adds_nothing(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [*fingers_of(entry, "a", NAMES[:2]), *fingers_of(entry, "b", NAMES[:2])]

    report = search(entries, {(0, 1): 30.0}, failed={1: None}, at_zero=-5.0)

    (pair,) = report.person_pairs
    assert [each.instance for each in pair.decision.instances] == ["thumb"]
    assert pair.decision.llr == 25.0


def test_a_template_without_minutiae_says_nothing_against(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [*fingers_of(entry, "a", NAMES[:2]), *fingers_of(entry, "b", NAMES[:2])]

    report = search(entries, {(0, 2): 30.0}, empty=[1], at_zero=-5.0)

    (pair,) = report.person_pairs
    assert [each.instance for each in pair.decision.instances] == ["thumb"]
    assert pair.decision.llr == 25.0


def test_no_finger_is_counted_for_two_fingers_of_the_other_person(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", "thumb"), entry("b", "thumb"), entry("b", "index")]

    report = search(entries, {(0, 1): 15.0, (0, 2): 13.0, (1, 2): 40.0})

    (pair,) = report.person_pairs
    assert pair.decision.llr == 15.0
    assert len(pair.fingers) == 1


def test_faint_evidence_counts_only_between_fingers_of_one_name(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [*fingers_of(entry, "a", NAMES[:2]), *fingers_of(entry, "b", NAMES[:2])]

    same_name = search(entries, {(0, 2): 9.0, (1, 3): 8.0})
    crossed = search(entries, {(0, 3): 9.0, (1, 2): 8.0})

    assert [pair.decision.llr for pair in same_name.person_pairs] == [17.0]
    assert same_name.person_pairs[0].pairs == ()
    assert crossed.person_pairs == ()


def test_a_finger_under_a_wrong_name_still_betrays_the_duplicate(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a", "thumb"), entry("b", "index")], {(0, 1): 30.0})

    assert len(report.duplicate_pairs) == 1


def test_one_faint_finger_alone_is_no_finding(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a"), entry("b")], {(0, 1): 9.0})

    assert report.person_pairs == ()
    assert report.counts.persons.unique == 1


def test_pairs_stand_best_first_and_ties_in_order_of_persons(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("d"), entry("c"), entry("b"), entry("a")]

    report = search(entries, {(0, 1): 30.0, (2, 3): 30.0, (1, 2): 40.0})

    names = [(pair.first.subject, pair.second.subject) for pair in report.person_pairs]
    assert names == [("b", "c"), ("a", "b"), ("c", "d")]


def test_only_pairs_with_a_finding_are_compared_again(
    entry: Callable[..., SampleEntry],
    template: Callable[..., FingerprintTemplate],
    calibration: Calibration,
    policy: DecisionPolicy,
) -> None:
    entries = [entry(who, finger) for who in "abc" for finger in NAMES[:2]]
    room = TableRoom({(0, 2): 9.0})

    find_duplicates([template()] * 6, entries, calibration, policy, compare=room)

    assert room.looked_again == [(0, 2), (1, 3)]


def test_a_decision_says_how_often_chance_does_this_and_what_it_rests_on(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry], policy: DecisionPolicy
) -> None:
    (pair,) = search([entry("a"), entry("b")], {(0, 1): 12.0}).person_pairs

    decision = pair.decision
    assert (decision.people, decision.policy_id) == (1000, policy.policy_id)
    assert decision.calibration_id == "linear+0@test"
    assert decision.false_match.value == pytest.approx(math.exp(-12))
    assert decision.fpir.value == pytest.approx(1 - (1 - math.exp(-12)) ** 1000)
    assert decision.fpir.interval.high == pytest.approx(2 * decision.fpir.value, rel=0.01)
    assert not decision.fpir.extrapolated


def test_evidence_beyond_what_was_counted_says_so(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    (pair,) = search([entry("a"), entry("b")], {(0, 1): 25.0}).person_pairs

    assert pair.decision.fpir.extrapolated


@pytest.mark.parametrize(
    ("names", "dependence", "similarity"), [(1, 0.0, 9.0), (2, 0.0, 4.0), (2, 1.0, 9.0), (5, 0.25, 3.0)]
)
def test_the_more_fingers_can_add_up_the_fainter_the_evidence_that_matters(
    entry: Callable[..., SampleEntry],
    calibration: Calibration,
    make_policy: Callable[..., DecisionPolicy],
    *,
    names: int,
    dependence: float,
    similarity: float,
) -> None:
    entries = [*fingers_of(entry, "a", NAMES), *fingers_of(entry, "b", NAMES[:names])]

    found = least_similarity(
        entries,
        PersonRules.of(calibration, make_policy(calibration, dependence=dependence)),
        Modality.FINGER,
    )

    assert found.same_finger == pytest.approx(similarity)  # the place before the first that reaches its share
    assert found.across == pytest.approx(9.0)  # fingers of two names never add up


@pytest.mark.parametrize(("review", "similarity"), [(-4.0, FAINTEST), (1000.0, OUT_OF_REACH)])
def test_the_ends_of_what_can_matter(
    entry: Callable[..., SampleEntry],
    calibration: Calibration,
    make_policy: Callable[..., DecisionPolicy],
    *,
    review: float,
    similarity: float,
) -> None:
    policy = make_policy(calibration, review=review, duplicate=2000.0)

    found = least_similarity([entry("a"), entry("b")], PersonRules.of(calibration, policy), Modality.FINGER)

    assert (found.same_finger, found.across) == (similarity, similarity)


MEANING = linear_calibration(at_zero=-10.0)

Registry = tuple[list[SampleEntry], dict[tuple[int, int], float], DecisionPolicy]


def made_entry(who: str, name: str, number: int) -> SampleEntry:
    file = f"{who}_{name}_{number}.png"
    return SampleEntry(name=file, file=Path(file), subject=SubjectId(who), instance=name, sample=str(number))


def outcome(
    entries: Sequence[SampleEntry],
    table: dict[tuple[int, int], float],
    policy: DecisionPolicy,
    *,
    everything: bool,
) -> tuple[PersonPair, ...]:
    room = TableRoom(table, everything=everything)
    empty = np.zeros(0, np.uint8)
    template = FingerprintTemplate(
        positions_um=np.zeros((0, 2), np.float32),
        angles_rad=np.zeros(0, np.float32),
        kinds=empty,
        qualities=empty,
        extent_um=(1000.0, 1000.0),
        model_id=ModelId("made@1"),
    )
    return find_duplicates([template] * len(entries), entries, MEANING, policy, compare=room).person_pairs


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    """A few persons with one to three fingers, one or two impressions, and similarities of all pairs."""
    names = st.sampled_from(["", *NAMES[:3]])
    entries = [
        made_entry(who, name, number)
        for who in "abcd"
        for name in sorted(draw(st.sets(names, min_size=1, max_size=3)))
        for number in range(draw(st.integers(1, 2)))
    ]
    rows = [(a, b) for b in range(len(entries)) for a in range(b)]
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    alike = np.where(rng.random(len(rows)) < 0.3, rng.integers(1, 45, len(rows)), 0)
    table = {pair: float(similarity) for pair, similarity in zip(rows, alike.tolist(), strict=True)}
    review = draw(st.sampled_from([-3.0, 0.0, 2.0, 10.0]))
    dependence = draw(st.sampled_from([0.0, 0.1, 1.0]))
    policy = policy_of(MEANING, review=review, duplicate=20.0, dependence=dependence)
    return entries, table, policy


@settings(max_examples=200)
@given(registries())
def test_looking_only_at_what_can_matter_misses_nobody(
    registry: Registry,
) -> None:
    entries, table, policy = registry

    assert outcome(entries, table, policy, everything=False) == outcome(
        entries, table, policy, everything=True
    )


@settings(max_examples=60)
@given(registries(), st.randoms(use_true_random=False))
def test_the_order_of_the_manifest_decides_nothing(registry: Registry, random: Random) -> None:
    entries, table, policy = registry
    order = list(range(len(entries)))
    random.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    moved = {(place[a], place[b]): similarity for (a, b), similarity in table.items()}

    before = outcome(entries, table, policy, everything=False)
    after = outcome([entries[row] for row in order], moved, policy, everything=False)

    assert [(pair.first, pair.second, pair.decision) for pair in before] == [
        (pair.first, pair.second, pair.decision) for pair in after
    ]
