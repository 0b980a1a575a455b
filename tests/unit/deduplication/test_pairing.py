from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from biocapil import Decision, DecisionPolicy, SampleEntry
from biocapil.calibration import Calibration
from biocapil.deduplication import FindingKind
from biocapil.deduplication.pairing import name_pairs

FULL = np.full(4, 40, np.int16)


@dataclass(frozen=True)
class Row:
    first_row: int
    second_row: int
    similarity: float


def test_rows_in_any_order_give_the_same_findings(
    entry: Callable[..., SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> None:
    entries = [entry("a"), entry("b"), entry("c")]
    rows = [Row(1, 0, 15.0), Row(0, 2, 15.0), Row(1, 2, 30.0)]
    turned = [Row(row.second_row, row.first_row, row.similarity) for row in reversed(rows)]

    findings = name_pairs(rows, entries, FULL, calibration, policy)

    assert findings == name_pairs(turned, entries, FULL, calibration, policy)
    assert [(f.first.subject, f.second.subject) for f in findings] == [
        ("b", "c"),
        ("a", "b"),
        ("a", "c"),
    ]


def test_a_finding_says_what_the_manifest_claims(
    entry: Callable[..., SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> None:
    entries = [entry("a", "thumb", "1"), entry("a", "thumb", "2"), entry("a", "index"), entry("b")]
    rows = [Row(0, 1, 30.0), Row(0, 2, 15.0), Row(0, 3, 12.0)]

    findings = name_pairs(rows, entries, FULL, calibration, policy)

    assert [finding.kind for finding in findings] == [
        FindingKind.MATED,
        FindingKind.SAME_FINGER_TWICE,
        FindingKind.DUPLICATE_IDENTITY,
    ]
    assert [finding.decision for finding in findings] == [
        Decision.DUPLICATE,
        Decision.REVIEW,
        Decision.REVIEW,
    ]


def test_what_is_faint_is_told_only_where_it_can_add_up(
    entry: Callable[..., SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> None:
    entries = [entry("a", "thumb", "1"), entry("a", "thumb", "2"), entry("a", "index"), entry("b", "thumb")]
    rows = [Row(0, 1, 5.0), Row(0, 2, 5.0), Row(2, 3, 5.0), Row(0, 3, 4.0)]

    (found,) = name_pairs(rows, entries, FULL, calibration, policy)

    assert (found.first, found.second) == (entries[0], entries[3])
    assert found.decision is Decision.UNIQUE


def test_evidence_stands_beside_similarity_in_the_unit_of_the_smaller_template(
    entry: Callable[..., SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> None:
    sized = replace(calibration, units=(0.5, 1.0, 1.0, 1.0))
    sizes = np.array([40, 12, 40], np.int16)
    entries = [entry("a"), entry("b"), entry("c")]

    findings = name_pairs([Row(0, 1, 4.0), Row(0, 2, 4.0)], entries, sizes, sized, policy)

    assert [found.llr for found in findings] == [pytest.approx(16.0), pytest.approx(4.0)]
    assert [found.decision for found in findings] == [Decision.REVIEW, Decision.UNIQUE]


def test_no_rows_give_no_findings(
    entry: Callable[..., SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> None:
    assert name_pairs([], [entry("a")], FULL, calibration, policy) == ()
