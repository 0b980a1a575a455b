"""From pairs of samples to pairs of persons: the evidence of all their fingers is weighed together.

    findings ─► persons worth a second look ─► every common finger compared again ─► evidence ─► decision

Two persons reach the review threshold together only if one of their fingers reaches its share of it, so
the second look misses nobody; and it sees also the fingers that speak against.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, decide
from biocapil.decision import DecisionPolicy, InstanceEvidence, PersonDecision
from biocapil.deduplication.all_pairs import ComparedSet
from biocapil.deduplication.findings import FindingKind, PairFinding, Person, PersonPair
from biocapil.deduplication.pairing import finding
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision

Persons = tuple[Person, Person]


def least_similarity(
    entries: Iterable[SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> float:
    """Similarity from which a pair of samples can matter, in any size band.

    Args:
        entries: Samples that are compared.
        calibration: Turns similarity into evidence.
        policy: Thresholds.

    Returns:
        Above 0; 1e9 where no evidence reaches the review threshold.
    """
    sources = {entry.source: entry for entry in entries}.values()
    fingers = Counter(Person.of(entry) for entry in sources)
    most = max(sorted(fingers.values())[-2:-1], default=1)  # fingers that two persons can have in common
    share = policy.review_llr * (1 + (most - 1) * policy.dependence) / most
    table = calibration.table
    reaching = np.flatnonzero(table.llr >= share)
    if math.isinf(share) or not reaching.size:
        return 1e9
    place = max(int(reaching[0]) - 1, 0)
    return max(float(table.roots[place] * min(calibration.units)) ** 2, 1e-3)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What is needed to weigh the evidence between two persons.

    Attributes:
        entries: Sample of each row.
        compared: The templates, ready for comparison.
        calibration: Turns similarity into evidence.
        policy: Thresholds.
    """

    entries: Sequence[SampleEntry]
    compared: ComparedSet
    calibration: Calibration
    policy: DecisionPolicy


def pair_persons(findings: Iterable[PairFinding], look: SecondLook) -> tuple[PersonPair, ...]:
    """Weigh the evidence between each two different claimed persons who have a finding, and decide.

    Args:
        findings: Findings, best first.
        look: What the second look needs.

    Returns:
        Pairs outside the unique band, most evidence first; ties in order of the persons.
    """
    groups: dict[Persons, list[PairFinding]] = defaultdict(list)
    for found in findings:
        if found.kind is FindingKind.DUPLICATE_IDENTITY:
            first, second = sorted((Person.of(found.first), Person.of(found.second)))
            groups[first, second].append(found)
    rows_of: dict[Person, list[int]] = defaultdict(list)
    for row, entry in enumerate(look.entries):
        rows_of[Person.of(entry)].append(row)
    sizes = look.compared.sizes()
    pairs = [_weighed(persons, group, rows_of, sizes, look) for persons, group in groups.items()]
    kept = [pair for pair in pairs if pair.decision.outcome is not Decision.UNIQUE]
    return tuple(sorted(kept, key=lambda pair: (-pair.decision.llr, pair.first, pair.second)))


def _weighed(
    persons: Persons,
    group: Sequence[PairFinding],
    rows_of: dict[Person, list[int]],
    sizes: NDArray[np.int16],
    look: SecondLook,
) -> PersonPair:
    left, right = rows_of[persons[0]], rows_of[persons[1]]
    common = _common_fingers(left, right, sizes, look)
    crossed = _crossed_fingers(group)
    decision = _decided(common, crossed, left, right, look)
    best = [max(found, key=lambda each: each.llr) for found in (*common.values(), *crossed.values())]
    return PersonPair(
        first=persons[0],
        second=persons[1],
        decision=decision,
        fingers=_speaking(_each_finger_once(sorted(best, key=lambda each: -each.llr))),
        pairs=tuple(found for found in group if found.decision is not Decision.UNIQUE),
    )


def _common_fingers(
    left: Sequence[int], right: Sequence[int], sizes: NDArray[np.int16], look: SecondLook
) -> dict[str, list[PairFinding]]:
    """Every comparison of fingers of the same name, by that name."""
    rows = [(a, b) for a in left for b in right if look.entries[a].instance == look.entries[b].instance]
    if not rows:
        return {}
    pairs = np.array(rows, dtype=np.int32)
    similarities = look.compared.similarities(pairs)
    evidence = look.calibration.evidence(similarities, sizes[pairs].min(axis=1))
    by_name: dict[str, list[PairFinding]] = defaultdict(list)
    for (a, b), similarity, llr in zip(rows, similarities.tolist(), evidence.tolist(), strict=True):
        first, second = look.entries[min(a, b)], look.entries[max(a, b)]
        by_name[first.instance].append(finding(first, second, similarity, llr, look.policy))
    return dict(by_name)


def _crossed_fingers(group: Sequence[PairFinding]) -> dict[str, list[PairFinding]]:
    """Findings between fingers of different names, by both names."""
    crossed: dict[str, list[PairFinding]] = defaultdict(list)
    for found in group:
        if found.first.instance != found.second.instance:
            names = sorted((found.first.instance, found.second.instance))
            crossed[" / ".join(names)].append(found)
    return dict(crossed)


def _decided(
    common: dict[str, list[PairFinding]],
    crossed: dict[str, list[PairFinding]],
    left: Sequence[int],
    right: Sequence[int],
    look: SecondLook,
) -> PersonDecision:
    names = [{look.entries[row].instance for row in rows} for rows in (left, right)]
    impressions = max(1, len(left) * len(right) // (len(names[0]) * len(names[1])))
    return decide(
        [_evidence(name, found, len(found)) for name, found in common.items()],
        look.policy,
        crossed=[_evidence(name, found, impressions) for name, found in crossed.items()],
        pairs=len(names[0]) * len(names[1]),
    )


def _evidence(name: str, found: Sequence[PairFinding], comparisons: int) -> InstanceEvidence:
    best = max(found, key=lambda each: each.llr)
    return InstanceEvidence(
        instance=name,
        similarity=best.similarity,
        llr=best.llr - math.log(max(comparisons, len(found))),
        comparisons=max(comparisons, len(found)),
    )


def _speaking(best: tuple[PairFinding, ...]) -> tuple[PairFinding, ...]:
    """Those that speak for one person, at least the first."""
    return tuple(found for place, found in enumerate(best) if place == 0 or found.llr > 0)


def _each_finger_once(findings: Sequence[PairFinding]) -> tuple[PairFinding, ...]:
    """Best pair of each finger; no finger of either person is shown twice. `findings` is best first."""
    used: set[tuple[str, str, str]] = set()
    chosen: list[PairFinding] = []
    for found in findings:
        sources = {found.first.source, found.second.source}
        if used.isdisjoint(sources):
            used |= sources
            chosen.append(found)
    return tuple(chosen)
