from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from biocapil import Decision, DecisionPolicy, SampleEntry
from biocapil.deduplication import FindingKind
from biocapil.deduplication.pairing import name_pairs


@dataclass(frozen=True)
class Row:
    first_row: int
    second_row: int
    similarity: float


def test_rows_in_any_order_give_the_same_findings(
    entry: Callable[..., SampleEntry], policy: DecisionPolicy
) -> None:
    entries = [entry("a"), entry("b"), entry("c")]
    rows = [Row(1, 0, 15.0), Row(0, 2, 15.0), Row(1, 2, 30.0)]
    turned = [Row(row.second_row, row.first_row, row.similarity) for row in reversed(rows)]

    findings = name_pairs(rows, entries, policy)

    assert findings == name_pairs(turned, entries, policy)
    assert [(f.first.subject, f.second.subject) for f in findings] == [
        ("b", "c"),
        ("a", "b"),
        ("a", "c"),
    ]


def test_a_finding_says_what_the_manifest_claims(
    entry: Callable[..., SampleEntry], policy: DecisionPolicy
) -> None:
    entries = [entry("a", "thumb", "1"), entry("a", "thumb", "2"), entry("a", "index"), entry("b")]
    rows = [Row(0, 1, 30.0), Row(0, 2, 15.0), Row(0, 3, 5.0)]

    findings = name_pairs(rows, entries, policy)

    assert [finding.kind for finding in findings] == [
        FindingKind.MATED,
        FindingKind.SAME_FINGER_TWICE,
        FindingKind.DUPLICATE_IDENTITY,
    ]
    assert [finding.decision for finding in findings] == [
        Decision.DUPLICATE,
        Decision.REVIEW,
        Decision.UNIQUE,
    ]
