from __future__ import annotations

from collections.abc import Callable

from biocapil import Decision, SampleEntry
from biocapil.deduplication import DuplicateReport


def test_two_fingers_in_the_review_band_make_a_duplicate_together(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", "thumb"), entry("a", "index"), entry("b", "thumb"), entry("b", "index")]

    report = search(entries, {(0, 2): 12.0, (1, 3): 11.0})

    (pair,) = report.person_pairs
    assert pair.similarity == 23.0
    assert pair.decision is Decision.DUPLICATE
    assert [finding.similarity for finding in pair.fingers] == [12.0, 11.0]


def test_several_impressions_of_one_finger_are_not_added_up(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", "thumb", "1"), entry("a", "thumb", "2"), entry("b", "thumb")]

    report = search(entries, {(0, 1): 50.0, (0, 2): 12.0, (1, 2): 14.0})

    (pair,) = report.person_pairs
    assert pair.similarity == 14.0
    assert pair.decision is Decision.REVIEW
    assert len(pair.fingers) == 1
    assert len(pair.pairs) == 2


def test_no_finger_is_counted_for_two_fingers_of_the_other_person(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", "thumb"), entry("b", "thumb"), entry("b", "index")]

    report = search(entries, {(0, 1): 15.0, (0, 2): 13.0, (1, 2): 40.0})

    (pair,) = report.person_pairs
    assert pair.similarity == 15.0


def test_faint_evidence_counts_only_between_fingers_of_one_name(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", "thumb"), entry("a", "index"), entry("b", "thumb"), entry("b", "index")]

    same_name = search(entries, {(0, 2): 9.0, (1, 3): 8.0})
    crossed = search(entries, {(0, 3): 9.0, (1, 2): 8.0})

    assert [pair.similarity for pair in same_name.person_pairs] == [17.0]
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
