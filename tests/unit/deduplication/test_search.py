from __future__ import annotations

import math
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
from biocapil.calibration import Calibration
from biocapil.deduplication import DuplicateReport, find_duplicates


def test_two_subjects_whose_prints_match_are_one_duplicate_identity(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a"), entry("b"), entry("c")], {(0, 1): 25.0})

    (pair,) = report.duplicate_pairs
    assert (pair.first.subject, pair.second.subject) == ("a", "b")
    assert pair.decision.llr == 25.0
    (cluster,) = report.clusters
    assert [person.subject for person in cluster.persons] == ["a", "b"]
    assert report.review_pairs == ()


def test_a_pair_between_the_thresholds_goes_to_a_person_and_joins_nobody(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a"), entry("b")], {(0, 1): 15.0})

    assert [pair.decision.outcome for pair in report.review_pairs] == [Decision.REVIEW]
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
    assert report.modalities[0].histogram is None
    assert report.counts.persons.total == 0
    assert (report.modalities[0].model_id is None) == (count == 0)


def test_counts_and_histogram_cover_every_pair(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    entries = [entry("a", "thumb", "1"), entry("a", "thumb", "2"), entry("a", "index"), entry("b")]

    report = search(entries, {(0, 1): 30.0, (0, 3): 12.0})

    assert report.compared == 6
    assert int(report.modalities[0].histogram.counts.sum()) == 6
    assert report.sources == 3
    counts = report.counts
    assert counts.mated.total + counts.same_subject.total + counts.different_subjects.total == 6


@pytest.mark.parametrize(("second_finger", "threshold"), [("thumb", 9.0), ("index", 4.0)])
def test_weaker_evidence_is_asked_for_where_it_can_add_up(
    entry: Callable[..., SampleEntry],
    template: Callable[..., FingerprintTemplate],
    calibration: Calibration,
    policy: DecisionPolicy,
    table_room: Callable[..., Any],
    *,
    second_finger: str,
    threshold: float,
) -> None:
    room = table_room({})
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
        calibration,
        policy,
        compare=room,
        on_progress=lambda done, total: told.append((done, total)),
    )

    assert room.thresholds == [pytest.approx(threshold)]
    assert told == [(6, 6)]


def test_a_target_that_cannot_be_kept_calls_nobody_a_duplicate(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry], hopeless: DecisionPolicy
) -> None:
    report = search([entry("a"), entry("b"), entry("c")], {(0, 1): 399.0, (1, 2): 5.0}, using=hopeless)

    assert report.duplicate_pairs == report.clusters == ()
    assert [pair.decision.outcome for pair in report.review_pairs] == [Decision.REVIEW]
    assert report.modalities[0].alone == (pytest.approx(10.0), math.inf)
    assert report.policy.shortfall == "ten instances would"


def test_the_report_says_what_one_finger_alone_needs(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = search([entry("a")], {}, at_zero=-5.0)

    assert report.modalities[0].alone == (pytest.approx(15.0), pytest.approx(25.0))


def test_a_policy_that_can_decide_nothing_is_refused(
    search: Callable[..., DuplicateReport],
    entry: Callable[..., SampleEntry],
    make_policy: Callable[..., DecisionPolicy],
    calibration: Calibration,
) -> None:
    nothing = make_policy(calibration, review=math.inf, duplicate=math.inf, shortfall="more data would")

    with pytest.raises(ValueError, match="nothing could be decided: more data would"):
        search([entry("a"), entry("b")], {}, using=nothing)


def test_a_policy_of_another_calibration_is_refused(
    search: Callable[..., DuplicateReport],
    entry: Callable[..., SampleEntry],
    make_policy: Callable[..., DecisionPolicy],
    make_calibration: Callable[..., Calibration],
) -> None:
    other = make_policy(make_calibration(at_zero=-3.0))

    with pytest.raises(ValueError, match=r"made with calibration linear-3@test, .* from linear\+0@test"):
        search([entry("a"), entry("b")], {}, using=other)


@pytest.mark.parametrize(("fingers", "impressions"), [(11, 1), (1, 5)])
def test_a_policy_for_fewer_fingers_or_impressions_is_refused_before_the_work(
    search: Callable[..., DuplicateReport],
    entry: Callable[..., SampleEntry],
    *,
    fingers: int,
    impressions: int,
) -> None:
    entries = [
        entry(who, f"finger {finger}", str(number))
        for who in "ab"
        for finger in range(fingers)
        for number in range(impressions)
    ]

    with pytest.raises(ValueError, match="holds for 10 instances and 16 comparisons of each"):
        search(entries, {})


def test_templates_of_two_models_are_refused(
    entry: Callable[..., SampleEntry],
    template: Callable[..., FingerprintTemplate],
    calibration: Calibration,
    policy: DecisionPolicy,
    table_room: Callable[..., Any],
) -> None:
    with pytest.raises(IncompatibleTemplates, match=r"made@1.*made@2"):
        find_duplicates(
            [template(), template("made@2")],
            [entry("a"), entry("b")],
            calibration,
            policy,
            compare=table_room({}),
        )


@pytest.mark.parametrize("count", [1, 2])
def test_templates_of_another_model_than_the_calibration_are_refused(
    entry: Callable[..., SampleEntry],
    template: Callable[..., FingerprintTemplate],
    calibration: Calibration,
    policy: DecisionPolicy,
    table_room: Callable[..., Any],
    *,
    count: int,
) -> None:
    with pytest.raises(IncompatibleTemplates, match=r"speaks of templates of made@1, .* by other@9"):
        find_duplicates(
            [template("other@9")] * count,
            [entry("a"), entry("b")][:count],
            calibration,
            policy,
            compare=table_room({}),
        )


def test_templates_that_are_not_aligned_with_entries_are_refused(
    entry: Callable[..., SampleEntry],
    template: Callable[..., FingerprintTemplate],
    calibration: Calibration,
    policy: DecisionPolicy,
) -> None:
    with pytest.raises(ValueError, match="got 1 templates for 2 entries"):
        find_duplicates([template()], [entry("a"), entry("b")], calibration, policy)


def test_two_entries_of_one_name_are_refused(
    entry: Callable[..., SampleEntry],
    template: Callable[..., FingerprintTemplate],
    calibration: Calibration,
    policy: DecisionPolicy,
) -> None:
    with pytest.raises(ValueError, match="names must be unique"):
        find_duplicates([template(), template()], [entry("a"), entry("a")], calibration, policy)
