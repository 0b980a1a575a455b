from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from biocapil import (
    Decision,
    DecisionPolicy,
    ExtractionFailure,
    FailureToExtract,
    FingerprintTemplate,
    IncompatibleTemplates,
    SampleEntry,
)
from biocapil.deduplication import DuplicateReport, find_duplicates


def test_two_subjects_whose_prints_match_are_one_duplicate_identity(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a"), entry("b"), entry("c")], {(0, 1): 25.0})

    (pair,) = report.duplicate_pairs
    assert (pair.first.subject, pair.second.subject) == ("a", "b")
    assert pair.similarity == 25.0
    (cluster,) = report.clusters
    assert [person.subject for person in cluster.persons] == ["a", "b"]
    assert report.review_pairs == ()


def test_a_pair_between_the_thresholds_goes_to_a_person_and_joins_nobody(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a"), entry("b")], {(0, 1): 15.0})

    assert [pair.decision for pair in report.review_pairs] == [Decision.REVIEW]
    assert report.clusters == ()


def test_the_threshold_itself_belongs_to_the_upper_band(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a"), entry("b"), entry("c")], {(0, 1): 20.0, (1, 2): 10.0})

    assert len(report.duplicate_pairs) == 1
    assert len(report.review_pairs) == 1


def test_mated_samples_that_match_are_no_finding(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a", "thumb", "1"), entry("a", "thumb", "2")], {(0, 1): 50.0})

    assert report.person_pairs == ()
    assert report.fingers_filed_twice == ()
    assert report.unconfirmed == ()
    assert report.counts.mated.duplicate == 1


def test_one_finger_under_two_names_is_told_apart_from_a_duplicate_identity(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a", "thumb"), entry("a", "index")], {(0, 1): 50.0})

    assert report.person_pairs == ()
    (found,) = report.fingers_filed_twice
    assert found.person.subject == "a"
    assert found.best.similarity == 50.0


def test_equal_subject_numbers_in_two_datasets_are_two_persons(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("7", dataset="x"), entry("7", dataset="y")], {(0, 1): 50.0})

    assert report.persons == 2
    assert len(report.duplicate_pairs) == 1


def test_samples_without_a_template_are_listed_with_their_reason(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    failure = FailureToExtract(reason=ExtractionFailure.NO_CONTRAST, detail="flat")

    report = search(
        [entry("a"), entry("b"), entry("c"), entry("d")],
        {(0, 1): 30.0},
        failed={0: failure, 2: None},
    )

    assert [(f.entry.subject, f.failure) for f in report.failures] == [("a", failure), ("c", None)]
    (pair,) = report.duplicate_pairs
    assert (pair.first.subject, pair.second.subject) == ("b", "d")
    assert (report.samples, report.templates, report.persons) == (4, 2, 4)


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_templates_compare_with_nothing(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry], count: int
) -> None:
    report = search([entry("a"), entry("b")][:count], {})

    assert report.compared == 0
    assert report.histogram is None
    assert report.counts.persons.total == 0
    assert (report.model_id is None) == (count == 0)


def test_counts_and_histogram_cover_every_pair(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", "thumb", "1"), entry("a", "thumb", "2"), entry("a", "index"), entry("b")]

    report = search(entries, {(0, 1): 30.0, (0, 3): 12.0})

    assert report.compared == 6
    assert int(report.histogram.counts.sum()) == 6
    assert report.sources == 3
    counts = report.counts
    assert counts.mated.total + counts.same_subject.total + counts.different_subjects.total == 6


@pytest.mark.parametrize(("second_finger", "threshold"), [("thumb", 10.0), ("index", 5.0)])
def test_weaker_evidence_is_asked_for_where_it_can_add_up(
    entry: Callable[..., SampleEntry],
    template: Callable[..., FingerprintTemplate],
    policy: DecisionPolicy,
    table_comparison: Callable[..., Any],
    *,
    second_finger: str,
    threshold: float,
) -> None:
    room = table_comparison({})
    told: list[tuple[int, int]] = []
    entries = [
        entry("a", "thumb", "1"),
        entry("a", second_finger, "2"),
        entry("b", "thumb", "1"),
        entry("b", second_finger, "2"),
    ]

    find_duplicates(
        [template()] * 4,
        entries,
        policy,
        compare_all=room,
        fuse=sum,
        on_progress=lambda done, total: told.append((done, total)),
    )

    assert room.thresholds == [threshold]
    assert told == [(6, 6)]


def test_templates_of_two_models_are_refused(
    entry: Callable[..., SampleEntry],
    template: Callable[..., FingerprintTemplate],
    policy: DecisionPolicy,
    table_comparison: Callable[..., Any],
) -> None:
    with pytest.raises(IncompatibleTemplates, match=r"made@1.*made@2"):
        find_duplicates(
            [template(), template("made@2")],
            [entry("a"), entry("b")],
            policy,
            compare_all=table_comparison({}),
        )


def test_templates_that_are_not_aligned_with_entries_are_refused(
    entry: Callable[..., SampleEntry], template: Callable[..., FingerprintTemplate], policy: DecisionPolicy
) -> None:
    with pytest.raises(ValueError, match="got 1 templates for 2 entries"):
        find_duplicates([template()], [entry("a"), entry("b")], policy)


def test_two_entries_of_one_name_are_refused(
    entry: Callable[..., SampleEntry], template: Callable[..., FingerprintTemplate], policy: DecisionPolicy
) -> None:
    with pytest.raises(ValueError, match="names must be unique"):
        find_duplicates([template(), template()], [entry("a"), entry("a")], policy)
