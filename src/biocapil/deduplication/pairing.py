"""From rows that are alike to pairs of samples that mean something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from biocapil.decision import DecisionPolicy
from biocapil.deduplication.all_pairs import RowPair
from biocapil.deduplication.findings import PairFinding, Person
from biocapil.subject import SampleEntry


def name_pairs(
    row_pairs: Iterable[RowPair], entries: Sequence[SampleEntry], policy: DecisionPolicy
) -> tuple[PairFinding, ...]:
    """Put samples in the place of rows and decide on each pair by itself.

    Args:
        row_pairs: Pairs of rows.
        entries: Sample of each row.
        policy: Thresholds.

    Returns:
        Findings in order of falling similarity; ties in the manifest's order.
    """
    ordered = sorted(row_pairs, key=lambda pair: (-pair.similarity, _rows(pair)))
    return tuple(_finding(pair, entries, policy) for pair in ordered)


def _rows(pair: RowPair) -> tuple[int, int]:
    """Both rows, the earlier one first."""
    return min(pair.first_row, pair.second_row), max(pair.first_row, pair.second_row)


def _finding(pair: RowPair, entries: Sequence[SampleEntry], policy: DecisionPolicy) -> PairFinding:
    first, second = (entries[row] for row in _rows(pair))
    return PairFinding(
        first=first,
        second=second,
        similarity=pair.similarity,
        decision=policy.decide(pair.similarity),
        mated=first.source == second.source,
        same_subject=Person.of(first) == Person.of(second),
    )
