from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from biocapil import DecisionPolicy, ExtractionFailure, FailureToExtract, SampleEntry
from biocapil.attack_report import AttackFinding, AttackReport
from biocapil.deduplication import DuplicateReport, json_report, report_to_json
from biocapil.deduplication.json_report import SCHEMA
from biocapil.quality_report import QualityReport
from biocapil.vocabulary import FingerReason, ModelId


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
        "policy_id": report.policy.policy_id,
        "calibration_id": "linear+0@test",
        "target": {
            "fpir": 0.001,
            "review_fpir": 0.05,
            "people": 1000,
            "instances": 10,
            "comparisons": 16,
        },
        "review_llr": 10.0,
        "duplicate_llr": 20.0,
        "extrapolated": True,
        "shortfall": "",
    }
    (compared,) = result["modalities"]
    assert compared["alone"] == {"review": pytest.approx(10.0), "duplicate": pytest.approx(20.0)}
    assert result["modalities"][0]["model_id"] == "made@1"
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
            "weakest_llr": pytest.approx(33.0 - math.log(2)),
            "links_found": 1,
            "links_possible": 1,
            "complete": True,
        }
    ]
    assert [pair["decision"]["outcome"] for pair in result["person_pairs"]] == ["duplicate", "review"]
    assert result["person_pairs"][0]["fingers"] == [
        {
            "first": "a_thumb_1.png",
            "second": "b_thumb_1.png",
            "similarity": 33.0,
            "llr": 33.0,
            "decision": "duplicate",
            "kind": "duplicate_identity",
        }
    ]
    assert result["fingers_filed_twice"][0]["best"]["kind"] == "same_finger_twice"
    assert [found["mates"] for found in result["unconfirmed"]] == [1, 1]
    assert [found["reason"] for found in result["failures"]] == ["too_few_minutiae", None]
    assert result["bands"]["mated"] == {"duplicate": 0, "review": 0, "unique": 1}
    assert len(compared["histogram"]["edges"]) == len(compared["histogram"]["counts"]) + 1
    assert result["elapsed_s"] == {"comparison": 0.5}
    assert result["environment"] == {"python": "3"}


def test_a_decision_is_told_with_its_chance_of_error_and_what_entered(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    report = full_report(search, entry)

    result = report_to_json(report, elapsed_s={}, environment={})

    told = result["person_pairs"][0]["decision"]
    decided = report.person_pairs[0].decision
    assert told == {
        "outcome": "duplicate",
        "llr": pytest.approx(33.0 - math.log(2)),
        "people": 1000,
        "policy_id": report.policy.policy_id,
        "calibration_id": "linear+0@test",
        "false_match": {
            "value": decided.false_match.value,
            "low": decided.false_match.interval.low,
            "high": decided.false_match.interval.high,
            "confidence": 0.95,
            "extrapolated": True,
        },
        "fpir": {
            "value": decided.fpir.value,
            "low": decided.fpir.interval.low,
            "high": decided.fpir.interval.high,
            "confidence": 0.95,
            "extrapolated": True,
        },
        "instances": [
            {
                "instance": "thumb",
                "similarity": 33.0,
                "llr": pytest.approx(33.0 - math.log(2)),
                "comparisons": 2,
            }
        ],
    }
    assert told["fpir"]["low"] < told["fpir"]["value"] < told["fpir"]["high"]


def test_every_key_that_the_schema_names_is_there_and_no_other(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    result = report_to_json(full_report(search, entry), elapsed_s={}, environment={})

    named = re.findall(r"^ {4}(\w+) {3,}\S", json_report.__doc__ or "", re.MULTILINE)
    upper = {"PERSON", "SAMPLE", "ATTACK", "PAIR", "DECISION", "RATE"}
    assert [name for name in named if name not in upper] == list(result)
    assert upper < set(named)


def test_thresholds_that_nothing_reaches_are_null(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry], hopeless: DecisionPolicy
) -> None:
    report = search([entry("a"), entry("b")], {(0, 1): 30.0}, using=hopeless)

    result = json.loads(json.dumps(report_to_json(report, elapsed_s={}, environment={}), allow_nan=False))

    assert result["policy"]["duplicate_llr"] is None
    assert result["policy"]["shortfall"] == "ten instances would"
    assert result["modalities"][0]["alone"] == {"review": pytest.approx(10.0), "duplicate": None}
    assert result["counts"]["person_pairs_duplicate"] == 0


def test_nothing_compared_gives_no_histogram(search: Callable[..., DuplicateReport]) -> None:
    assert report_to_json(search([], {}), elapsed_s={}, environment={})["modalities"][0]["histogram"] is None


def test_quality_is_told_of_the_samples_that_were_measured(search: Callable[..., DuplicateReport]) -> None:
    wet = QualityReport(score=31, components=(), reasons=(FingerReason.WET,), model_id=ModelId("fit@0"))

    result = report_to_json(search([], {}), elapsed_s={}, environment={}, qualities={"a.png": wet})

    assert result["quality"] == {
        "model_id": "fit@0",
        "samples": [{"name": "a.png", "score": 31, "reasons": ["wet"]}],
    }


def test_that_nobody_looked_for_presentation_attacks_stands_at_the_set_and_at_each_sample(
    search: Callable[..., DuplicateReport], entry: Callable[..., SampleEntry]
) -> None:
    result = report_to_json(full_report(search, entry), elapsed_s={}, environment={})

    unknown = {"finding": "not_assessed", "score": None, "detector": None}
    told = [found["sample"]["presentation_attack"] for found in result["unconfirmed"] + result["failures"]]
    assert result["presentation_attack"] == unknown
    assert told == [unknown] * 4


def test_what_a_detector_found_is_handed_on(search: Callable[..., DuplicateReport]) -> None:
    attack = AttackReport(finding=AttackFinding.ATTACK, score=0.9, detector=ModelId("fake@0"))

    result = report_to_json(replace(search([], {}), attack=attack), elapsed_s={}, environment={})

    assert result["presentation_attack"] == {"finding": "attack", "score": 0.9, "detector": "fake@0"}
