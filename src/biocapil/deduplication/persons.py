"""From pairs of samples to pairs of persons: the evidence of all that they have is weighed together.

    findings ─► persons worth a second look ─► every common instance compared again ─► evidence ─► decision

Two persons reach the review threshold together only if one of their fingers, eyes or faces reaches its share
of it, so the second look misses nobody; and it sees also those that speak against. Fingers (eyes) of two
names say nothing against two persons being one; where they are alike, one was filed under two names, which is
looked at where it reaches the review threshold alone.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.calibration import Calibration
from biocapil.decision import InstanceEvidence
from biocapil.deduplication.all_pairs import ComparedSet
from biocapil.deduplication.extent import set_extent
from biocapil.deduplication.findings import FindingKind, PairFinding, Person, PersonPair
from biocapil.deduplication.pairing import finding
from biocapil.deduplication.person_rules import ModalityEvidence, PersonRules
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision, Modality

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
    entries: Iterable[SampleEntry], rules: PersonRules, modality: Modality
) -> LeastSimilarity:
    """Similarities below which no pair of samples has to be known.

    Args:
        entries: Samples of the modality that are compared.
        rules: What similarity means, and thresholds.
        modality: Modality of the samples.
    """
    common = set_extent(entries).common_fingers
    calibration = rules.calibrations[modality]
    return LeastSimilarity(
        same_finger=similarity_reaching(rules.least_of_one(modality, instances=common), calibration),
        across=similarity_reaching(rules.policy.review_llr, calibration),
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SecondLook:
    """What is needed to weigh the evidence of one modality between two persons.

    Attributes:
        modality: The modality.
        entries: Sample of each row.
        compared: The templates, ready for comparison.
        rules: What similarity means, and thresholds.
    """

    modality: Modality
    entries: Sequence[SampleEntry]
    compared: ComparedSet
    rules: PersonRules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """A second look with whose rows are whose.

    Attributes:
        look: The look.
        sizes: Size of each row's template. Shape (N,), int16.
        rows_of: Rows of each person that hold something to compare.
    """

    look: SecondLook
    sizes: NDArray[np.int16]
    rows_of: Mapping[Person, Sequence[int]]

    @classmethod
    def of(cls, look: SecondLook) -> _Seen:
        sizes = look.compared.sizes()
        rows_of: dict[Person, list[int]] = defaultdict(list)
        for row, entry in enumerate(look.entries):
            if sizes[row]:  # an empty template is alike to nothing, which says nothing
                rows_of[Person.of(entry)].append(row)
        return cls(look=look, sizes=sizes, rows_of=rows_of)

    def impressions(self, person: Person) -> Counter[str]:
        """How many impressions of each instance a person has."""
        return Counter(self.look.entries[row].instance for row in self.rows_of.get(person, ()))


def pair_persons(
    findings: Iterable[PairFinding], looks: Sequence[SecondLook], rules: PersonRules
) -> tuple[PersonPair, ...]:
    """Weigh the evidence between each two different claimed persons who have a finding, and decide.

    Args:
        findings: Findings of `name_pairs`, of all modalities; best first within each.
        looks: What the second look at each modality needs.
        rules: What similarity means, and thresholds.

    Returns:
        Pairs outside the unique band, most evidence first; ties in order of the persons.
    """
    groups: dict[Persons, list[PairFinding]] = defaultdict(list)
    for found in findings:
        if found.kind is FindingKind.DUPLICATE_IDENTITY:
            first, second = sorted((Person.of(found.first), Person.of(found.second)))
            groups[first, second].append(found)
    seen = [_Seen.of(look) for look in looks]
    pairs = [_weighed(persons, group, seen, rules) for persons, group in groups.items()]
    kept = [pair for pair in pairs if pair.decision.outcome is not Decision.UNIQUE]
    return tuple(sorted(kept, key=lambda pair: (-pair.decision.llr, pair.first, pair.second)))


def _weighed(
    persons: Persons, group: Sequence[PairFinding], seen: Sequence[_Seen], rules: PersonRules
) -> PersonPair:
    evidence: dict[Modality, ModalityEvidence] = {}
    best: list[PairFinding] = []
    for each in seen:
        modality = each.look.modality
        left, right = (each.impressions(person) for person in persons)
        if not left or not right:
            continue
        common = _common_fingers(persons, each)
        crossed = _crossed_fingers(persons, [found for found in group if found.first.modality is modality])
        evidence[modality] = _evidence_of(common, crossed, left, right)
        best += [max(found, key=lambda one: one.llr) for found in (*common.values(), *crossed.values())]
    return PersonPair(
        first=persons[0],
        second=persons[1],
        decision=rules.decide(evidence),
        fingers=_speaking(_each_finger_once(sorted(best, key=lambda found: -found.llr))),
        pairs=tuple(found for found in group if found.decision is not Decision.UNIQUE),
    )


def _common_fingers(persons: Persons, seen: _Seen) -> dict[str, list[PairFinding]]:
    """Every comparison of instances of the same name, by that name."""
    look = seen.look
    left, right = (seen.rows_of[person] for person in persons)
    rows = [(a, b) for a in left for b in right if look.entries[a].instance == look.entries[b].instance]
    if not rows:
        return {}
    pairs = np.array(rows, dtype=np.int32)
    similarities = look.compared.similarities(pairs)
    evidence = look.rules.calibrations[look.modality].evidence(similarities, seen.sizes[pairs].min(axis=1))
    by_name: dict[str, list[PairFinding]] = defaultdict(list)
    for (a, b), similarity, llr in zip(rows, similarities.tolist(), evidence.tolist(), strict=True):
        first, second = look.entries[min(a, b)], look.entries[max(a, b)]
        by_name[first.instance].append(finding(first, second, similarity, llr, look.rules.policy))
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


def _evidence_of(
    common: Mapping[str, Sequence[PairFinding]],
    crossed: Mapping[tuple[str, str], Sequence[PairFinding]],
    left: Counter[str],
    right: Counter[str],
) -> ModalityEvidence:
    return ModalityEvidence(
        common=[_evidence(name, found, left[name] * right[name]) for name, found in common.items()],
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
    used: set[tuple[Modality, tuple[str, str, str]]] = set()
    chosen: list[PairFinding] = []
    for found in findings:
        sources = {(side.modality, side.source) for side in (found.first, found.second)}
        if used.isdisjoint(sources):
            used |= sources
            chosen.append(found)
    return tuple(chosen)
