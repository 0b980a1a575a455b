from __future__ import annotations

import json
from collections.abc import Callable

from biocapil import ExtractionFailure, FailureToExtract, SampleEntry
from biocapil.deduplication import DuplicateReport, report_to_json
from biocapil.deduplication.json_report import SCHEMA


def full_report(search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]) -> DuplicateReport:
    entries = [
        entry("a", "thumb", "1"),
        entry("a", "thumb", "2"),
        entry("a", "index"),
        entry("b", "thumb"),
        entry("c", "thumb"),
        entry("d", "thumb"),
        entry("e", "thumb"),
    ]
    failure = FailureToExtract(reason=ExtractionFailure.TOO_FEW_MINUTIAE, detail="3 of 8")
    table = {(0, 2): 50.0, (0, 3): 33.0, (3, 4): 12.0}
    return search(entries, table, failed={5: failure, 6: None})


def test_the_result_survives_json(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    result = report_to_json(full_report(search, entry), elapsed_s={"comparison": 0.5}, environment={})

    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_every_part_of_the_report_stands_in_the_result(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = full_report(search, entry)

    result = report_to_json(report, elapsed_s={"comparison": 0.5}, environment={"python": "3"})

    assert result["schema"] == SCHEMA
    assert result["policy"] == {
        "review_similarity": 10.0,
        "duplicate_similarity": 20.0,
        "basis": "set for a test",
    }
    assert result["model_id"] == "made@1"
    assert result["counts"] == {
        "samples": 7,
        "persons": 5,
        "sources": 6,
        "templates": 5,
        "failures": 2,
        "compared": 10,
        "clusters": 1,
        "person_pairs_duplicate": 1,
        "person_pairs_review": 1,
        "fingers_filed_twice": 1,
        "unconfirmed": 2,
    }
    assert result["clusters"] == [
        {
            "persons": [{"dataset": "", "subject": "a"}, {"dataset": "", "subject": "b"}],
            "weakest_similarity": 33.0,
            "links_found": 1,
            "links_possible": 1,
            "complete": True,
        }
    ]
    assert [pair["decision"] for pair in result["person_pairs"]] == ["duplicate", "review"]
    assert result["person_pairs"][0]["fingers"] == [
        {
            "first": "a_thumb_1.png",
            "second": "b_thumb_1.png",
            "similarity": 33.0,
            "decision": "duplicate",
            "kind": "duplicate_identity",
        }
    ]
    assert result["fingers_filed_twice"][0]["best"]["kind"] == "same_finger_twice"
    assert [found["mates"] for found in result["unconfirmed"]] == [1, 1]
    assert [found["reason"] for found in result["failures"]] == ["too_few_minutiae", None]
    assert result["bands"]["mated"] == {"duplicate": 0, "review": 0, "unique": 1}
    assert len(result["histogram"]["edges"]) == len(result["histogram"]["counts"]) + 1
    assert result["elapsed_s"] == {"comparison": 0.5}
    assert result["environment"] == {"python": "3"}


def test_nothing_compared_gives_no_histogram(search: Callable[..., DuplicateReport]) -> None:
    assert report_to_json(search([], {}), elapsed_s={}, environment={})["histogram"] is None
