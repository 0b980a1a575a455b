"""Bands of all pairs, also of those that are too unlike to be listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import comb

from biocapil.deduplication.findings import FindingKind, PairFinding, Person, PersonPair
from biocapil.deduplication.report import BandCounts, PairCounts
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision


def count_pairs(
    entries: Sequence[SampleEntry],
    findings: Iterable[PairFinding],
    person_pairs: Sequence[PersonPair],
) -> PairCounts:
    """Count the pairs of every kind in every band; samples of two modalities form none.

    Args:
        entries: Samples that have a template.
        findings: Findings among them.
        person_pairs: Person pairs outside the unique band.
    """
    persons = {Person.of(entry) for entry in entries}
    mated = _pairs_within((entry.modality, entry.source) for entry in entries)
    within_person = _pairs_within((entry.modality, Person.of(entry)) for entry in entries)
    all_pairs = _pairs_within(entry.modality for entry in entries)
    found = Counter((finding.kind, finding.decision) for finding in findings)
    decided = Counter(pair.decision.outcome for pair in person_pairs)

    def bands(kind: FindingKind, total: int) -> BandCounts:
        return _bands(found[kind, Decision.DUPLICATE], found[kind, Decision.REVIEW], total)

    return PairCounts(
        mated=bands(FindingKind.MATED, mated),
        same_subject=bands(FindingKind.SAME_FINGER_TWICE, within_person - mated),
        different_subjects=bands(FindingKind.DUPLICATE_IDENTITY, all_pairs - within_person),
        persons=_bands(decided[Decision.DUPLICATE], decided[Decision.REVIEW], comb(len(persons), 2)),
    )


def _pairs_within(labels: Iterable[Hashable]) -> int:
    """How many pairs of items carry the same label."""
    return sum(comb(size, 2) for size in Counter(labels).values())


def _bands(duplicate: int, review: int, total: int) -> BandCounts:
    return BandCounts(duplicate=duplicate, review=review, unique=total - duplicate - review)
