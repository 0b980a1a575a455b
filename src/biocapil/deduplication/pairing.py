"""From rows that are alike to pairs of samples that mean something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration
from biocapil.deduplication.all_pairs import RowPair
from biocapil.deduplication.findings import PairFinding, Person
from biocapil.deduplication.person_rules import Policy
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision


def name_pairs(
    row_pairs: Iterable[RowPair],
    entries: Sequence[SampleEntry],
    sizes: NDArray[np.int16],
    calibration: Calibration,
    policy: Policy,
) -> tuple[PairFinding, ...]:
    """Put samples in the place of rows, evidence beside similarity, and decide on each pair by itself.

    Faint evidence can add up only between instances of one name of different persons; elsewhere what stays in
    the unique band means nothing and is left out, which is most of it where people have ten fingers.

    Args:
        row_pairs: Pairs of rows.
        entries: Sample of each row.
        sizes: Minutiae of each row's template. Shape (N,).
        calibration: Turns similarity into evidence.
        policy: Thresholds.

    Returns:
        Findings in order of falling similarity; ties in the manifest's order.
    """
    ordered = sorted(row_pairs, key=lambda pair: (-pair.similarity, _rows(pair)))
    rows = np.array([_rows(pair) for pair in ordered], dtype=np.int32).reshape(-1, 2)
    similarities = np.array([pair.similarity for pair in ordered], dtype=np.float64)
    evidence = calibration.evidence(similarities, sizes[rows].min(axis=1)) if ordered else np.empty(0)
    findings = (
        finding(entries[first], entries[second], similarity, llr, policy)
        for (first, second), similarity, llr in zip(
            rows.tolist(), similarities.tolist(), evidence.tolist(), strict=True
        )
    )
    return tuple(found for found in findings if found.decision is not Decision.UNIQUE or _adds_up(found))


def finding(
    first: SampleEntry, second: SampleEntry, similarity: float, llr: float, policy: Policy
) -> PairFinding:
    """One compared pair with what the manifest claims about it."""
    return PairFinding(
        first=first,
        second=second,
        similarity=similarity,
        llr=llr,
        decision=policy.decide(llr),
        mated=first.source == second.source,
        same_subject=Person.of(first) == Person.of(second),
    )


def _adds_up(found: PairFinding) -> bool:
    """Whether faint evidence of the two can add up to something."""
    return not found.same_subject and found.first.instance == found.second.instance


def _rows(pair: RowPair) -> tuple[int, int]:
    """Both rows, the earlier one first."""
    return min(pair.first_row, pair.second_row), max(pair.first_row, pair.second_row)
