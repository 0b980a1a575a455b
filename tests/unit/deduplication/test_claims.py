from __future__ import annotations

from collections.abc import Callable

from biocapil import SampleEntry
from biocapil.deduplication import DuplicateReport
from biocapil.deduplication.claims import unconfirmed_samples


def test_each_pair_of_finger_names_is_told_once_with_all_its_pairs(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [
        entry("a", "thumb", "1"),
        entry("a", "index", "1"),
        entry("a", "thumb", "2"),
        entry("a", "ring", "1"),
    ]

    report = search(entries, {(0, 1): 15.0, (1, 2): 30.0, (0, 2): 60.0, (1, 3): 9.0})

    (found,) = report.fingers_filed_twice
    assert found.best.similarity == 30.0
    assert [pair.similarity for pair in found.pairs] == [30.0, 15.0]
    assert report.counts.same_subject.duplicate == 1


def test_the_same_two_finger_names_of_two_persons_are_two_findings(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry(who, finger) for who in "ab" for finger in ("thumb", "index")]

    report = search(entries, {(0, 1): 30.0, (2, 3): 40.0})

    assert [found.person.subject for found in report.fingers_filed_twice] == ["b", "a"]


def test_a_sample_that_matches_none_of_its_mates_is_unconfirmed(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", sample=str(number)) for number in (1, 2, 3)]

    report = search(entries, {(0, 1): 30.0, (1, 2): 9.0})

    assert [(found.entry.sample, found.mates) for found in report.unconfirmed] == [("3", 2)]
    assert report.counts.mated.unique == 2


def test_a_sample_without_mates_is_not_unconfirmed(entry: Callable[..., SampleEntry]) -> None:
    assert unconfirmed_samples([entry("a", "thumb"), entry("a", "index"), entry("b")], ()) == ()
