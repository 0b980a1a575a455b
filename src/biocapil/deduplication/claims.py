"""Where the manifest's own claims do not hold within one person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from biocapil.deduplication.findings import (
    FindingKind,
    FingerFiledTwice,
    PairFinding,
    Person,
    UnconfirmedSample,
)
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision, Modality


def fingers_filed_twice(findings: Iterable[PairFinding]) -> tuple[FingerFiledTwice, ...]:
    """Prints of one claimed person that match under two finger names.

    Args:
        findings: Findings, best first.

    Returns:
        One entry a person and pair of finger names, best first.
    """
    groups: dict[tuple[Person, Modality, frozenset[str]], list[PairFinding]] = defaultdict(list)
    for finding in findings:
        if finding.kind is FindingKind.SAME_FINGER_TWICE and finding.decision is not Decision.UNIQUE:
            names = frozenset((finding.first.instance, finding.second.instance))
            groups[Person.of(finding.first), finding.first.modality, names].append(finding)
    return tuple(
        FingerFiledTwice(person=person, best=group[0], pairs=tuple(group))
        for (person, _, _), group in groups.items()
    )


def unconfirmed_samples(
    entries: Sequence[SampleEntry], findings: Iterable[PairFinding]
) -> tuple[UnconfirmedSample, ...]:
    """Samples that have mates but matched none of them.

    Args:
        entries: Samples that have a template, in the manifest's order.
        findings: Findings among them.
    """
    confirmed: set[str] = set()
    for finding in findings:
        if finding.mated and finding.decision is not Decision.UNIQUE:
            confirmed |= {finding.first.name, finding.second.name}
    impressions = Counter((entry.modality, entry.source) for entry in entries)
    return tuple(
        UnconfirmedSample(entry=entry, mates=impressions[entry.modality, entry.source] - 1)
        for entry in entries
        if impressions[entry.modality, entry.source] > 1 and entry.name not in confirmed
    )
