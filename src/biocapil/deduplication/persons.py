"""From pairs of samples to pairs of persons: the evidence of several fingers is fused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from biocapil.decision import DecisionPolicy
from biocapil.deduplication.findings import FindingKind, PairFinding, Person, PersonPair
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision

Fuse = Callable[[Sequence[float]], float]
"""Similarity of two persons from the similarities of their fingers."""

EVIDENCE_SHARE = 0.5
"""Share of the review threshold from which the same finger of two persons counts as evidence.

One such pair decides nothing; two fingers of the same two persons that are both this much alike by
chance are as rare as one finger at the review threshold, because chance multiplies where scores add.
"""


def evidence_similarity(entries: Iterable[SampleEntry], policy: DecisionPolicy) -> float:
    """Similarity from which a pair of samples has to be known.

    Args:
        entries: Samples that are compared.
        policy: Thresholds.

    Returns:
        The review threshold, or `EVIDENCE_SHARE` of it where two persons have two fingers or more.
    """
    fingers = Counter(Person.of(entry) for entry in {entry.source: entry for entry in entries}.values())
    if sum(count > 1 for count in fingers.values()) < 2:
        return policy.review_similarity
    return policy.review_similarity * EVIDENCE_SHARE


def pair_persons(
    findings: Iterable[PairFinding], policy: DecisionPolicy, *, fuse: Fuse
) -> tuple[PersonPair, ...]:
    """Fuse the findings between each two different claimed persons and decide.

    Below the review threshold only pairs of the same finger name count; from there on any finger
    counts for any other, because fingers are filed under wrong names.

    Args:
        findings: Findings, best first.
        policy: Thresholds, applied to the fused similarity.
        fuse: Fusion of the similarities of distinct fingers.

    Returns:
        Pairs in the review and the duplicate band, best first; ties in order of the persons.
    """
    groups: dict[tuple[Person, Person], list[PairFinding]] = defaultdict(list)
    for finding in findings:
        if finding.kind is FindingKind.DUPLICATE_IDENTITY and _counts(finding):
            first, second = sorted((Person.of(finding.first), Person.of(finding.second)))
            groups[first, second].append(finding)
    pairs = [_fused(persons, group, policy, fuse) for persons, group in groups.items()]
    kept = [pair for pair in pairs if pair.decision is not Decision.UNIQUE]
    return tuple(sorted(kept, key=lambda pair: (-pair.similarity, pair.first, pair.second)))


def _counts(finding: PairFinding) -> bool:
    same_finger = finding.first.instance == finding.second.instance
    return finding.decision is not Decision.UNIQUE or same_finger


def _fused(
    persons: tuple[Person, Person], group: Sequence[PairFinding], policy: DecisionPolicy, fuse: Fuse
) -> PersonPair:
    fingers = _one_pair_a_finger(group)
    similarity = fuse([finding.similarity for finding in fingers])
    return PersonPair(
        first=persons[0],
        second=persons[1],
        similarity=similarity,
        decision=policy.decide(similarity),
        fingers=fingers,
        pairs=tuple(finding for finding in group if finding.decision is not Decision.UNIQUE),
    )


def _one_pair_a_finger(group: Sequence[PairFinding]) -> tuple[PairFinding, ...]:
    """Best pair of each finger; no finger of either person is used twice. `group` is best first."""
    used: set[tuple[str, str, str]] = set()
    chosen: list[PairFinding] = []
    for finding in group:
        sources = {finding.first.source, finding.second.source}
        if used.isdisjoint(sources):
            used |= sources
            chosen.append(finding)
    return tuple(chosen)
