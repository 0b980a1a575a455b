"""From pairs of samples to pairs of persons: the evidence of all their fingers is weighed together.

    findings ─► persons worth a second look ─► every common finger compared again ─► evidence ─► decision

Two persons reach the review threshold together only if one of their fingers reaches its share of it, so
the second look misses nobody; and it sees also the fingers that speak against. Fingers of different names
say nothing against two persons being one; where they are alike, one finger was filed under two names.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration, decide
from biocapil.decision import DecisionPolicy, InstanceEvidence, PersonDecision, shared_among
from biocapil.deduplication.all_pairs import ComparedSet
from biocapil.deduplication.extent import set_extent
from biocapil.deduplication.findings import FindingKind, PairFinding, Person, PersonPair
from biocapil.deduplication.pairing import finding
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision

Persons = tuple[Person, Person]

FAINTEST = 1e-3
"""Similarity below which no pair of samples is looked at: templates with nothing in common come to 0."""

OUT_OF_REACH = 1e9
"""Above every similarity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastSimilarity:
    """Similarities from which a pair of samples can matter, in any size band.

    Attributes:
        same_finger: Of fingers of one name, whose evidence adds up with that of other fingers; at least
            `FAINTEST`, and `OUT_OF_REACH` where no evidence reaches the review threshold.
        across: Of fingers of two names, which only alone can reach it; at least `same_finger`.
    """

    same_finger: float
    across: float


def least_similarity(
    entries: Iterable[SampleEntry], calibration: Calibration, policy: DecisionPolicy
) -> LeastSimilarity:
    """Similarities below which no pair of samples has to be known.

    Args:
        entries: Samples that are compared.
        calibration: Turns similarity into evidence.
        policy: Thresholds.
    """
    most = set_extent(entries).common_fingers
    together = policy.review_llr * shared_among(most, policy.dependence) / most
    return LeastSimilarity(
        same_finger=similarity_reaching(
            min(policy.review_llr, together), calibration
        ),  # below 0 one alone needs the least
        across=similarity_reaching(policy.review_llr, calibration),
    )


def similarity_reaching(llr: float, calibration: Calibration) -> float:
    """Similarity below which no two templates reach this much evidence, whatever their sizes.

    At least `FAINTEST`; `OUT_OF_REACH` where no evidence reaches it.
    """
    return min(max(calibration.least_similarity(llr), FAINTEST), OUT_OF_REACH)


def numbered_fingers(entries: Sequence[SampleEntry]) -> NDArray[np.int64]:
    """A number for each entry's finger name, the same for the same name. Shape (N,)."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(entry.instance, len(numbers)) for entry in entries], dtype=np.int64)


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
        findings: Findings of `name_pairs`, best first.
        look: What the second look needs.

    Returns:
        Pairs outside the unique band, most evidence first; ties in order of the persons.
    """
    groups: dict[Persons, list[PairFinding]] = defaultdict(list)
    for found in findings:
        if found.kind is FindingKind.DUPLICATE_IDENTITY:
            first, second = sorted((Person.of(found.first), Person.of(found.second)))
            groups[first, second].append(found)
    sizes = look.compared.sizes()
    rows_of: dict[Person, list[int]] = defaultdict(list)
    for row, entry in enumerate(look.entries):
        if sizes[row]:  # an empty template is alike to nothing, which says nothing
            rows_of[Person.of(entry)].append(row)
    pairs = [_weighed(persons, group, rows_of, sizes, look) for persons, group in groups.items()]
    kept = [pair for pair in pairs if pair.decision.outcome is not Decision.UNIQUE]
    return tuple(sorted(kept, key=lambda pair: (-pair.decision.llr, pair.first, pair.second)))


def _weighed(
    persons: Persons,
    group: Sequence[PairFinding],
    rows_of: Mapping[Person, Sequence[int]],
    sizes: NDArray[np.int16],
    look: SecondLook,
) -> PersonPair:
    left, right = rows_of[persons[0]], rows_of[persons[1]]
    common = _common_fingers(left, right, sizes, look)
    crossed = _crossed_fingers(persons, group)
    best = [max(found, key=lambda each: each.llr) for found in (*common.values(), *crossed.values())]
    return PersonPair(
        first=persons[0],
        second=persons[1],
        decision=_decided(common, crossed, _impressions(left, look), _impressions(right, look), look.policy),
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


def _crossed_fingers(
    persons: Persons, group: Sequence[PairFinding]
) -> dict[tuple[str, str], list[PairFinding]]:
    """Findings between fingers of different names, by the first and the second person's name for it."""
    crossed: dict[tuple[str, str], list[PairFinding]] = defaultdict(list)
    for found in group:
        one, other = found.first.instance, found.second.instance
        if one != other:
            in_order = Person.of(found.first) == persons[0]
            crossed[(one, other) if in_order else (other, one)].append(found)
    return dict(crossed)


def _impressions(rows: Sequence[int], look: SecondLook) -> Counter[str]:
    """How many impressions of each finger a person has."""
    return Counter(look.entries[row].instance for row in rows)


def _decided(
    common: Mapping[str, Sequence[PairFinding]],
    crossed: Mapping[tuple[str, str], Sequence[PairFinding]],
    left: Counter[str],
    right: Counter[str],
    policy: DecisionPolicy,
) -> PersonDecision:
    return decide(
        [_evidence(name, found, left[name] * right[name]) for name, found in common.items()],
        policy,
        crossed=[
            _evidence(
                " / ".join(name or "not named" for name in names), found, left[names[0]] * right[names[1]]
            )
            for names, found in crossed.items()
        ],
        pairs=len(left) * len(right),
    )


def _evidence(name: str, found: Sequence[PairFinding], comparisons: int) -> InstanceEvidence:
    """Evidence of the best of all comparisons of one finger with another, told or not."""
    best = max(found, key=lambda each: each.llr)
    return InstanceEvidence(
        instance=name,
        similarity=best.similarity,
        llr=best.llr - math.log(comparisons),
        comparisons=comparisons,
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
