"""People made of numbers: templates are alike by how near their numbers are, and tests need no kernel."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison import FoundPairs, ProbeSet
from biocapil.comparison.reference_set import require_fitting, require_stretch
from biocapil.decision import InstanceEvidence, PersonDecision
from biocapil.deduplication.registry.pair_policy import Bar, PolicyTerms
from biocapil.deduplication.registry.people import Everybody, everybody_of, places_of
from biocapil.expected_rate import ExpectedRate
from biocapil.vocabulary import Decision, FingerPosition, Instance, Modality, ModelId, SubjectId

MODEL = ModelId("numbers@1")
NEAR = 20.0
"""Similarity of equal numbers."""

GATE = 19.0
"""Similarity below which a scan that is not exact leaves pairs out."""

EMPTY = 0
FULL = 40

THUMB = Instance(modality=Modality.FINGER, position=FingerPosition.RIGHT_THUMB)
INDEX = Instance(modality=Modality.FINGER, position=FingerPosition.RIGHT_INDEX)
EYE = Instance(modality=Modality.IRIS, position=1)
FACE = Instance(modality=Modality.FACE, position=0)

Person = Mapping[Instance, Sequence[float]]
"""Numbers of the templates of each instance; nan is an empty template."""


def similarity(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float32]:
    """How near two numbers are; those of empty templates are near nothing."""
    near = np.maximum(0.0, NEAR - np.abs(one - other))
    return np.where(np.isnan(near), 0.0, near).astype(np.float32)


@dataclass(frozen=True, kw_only=True, eq=False)
class Numbers:
    """Templates that are numbers, as references and as probes."""

    values: NDArray[np.float64]
    modality: Modality
    model_id: ModelId = MODEL
    comparator: str = "numbers/1"

    def __len__(self) -> int:
        return len(self.values)

    def sizes(self) -> NDArray[np.int16]:
        return np.where(np.isnan(self.values), EMPTY, FULL).astype(np.int16)

    def probes(self, first: int, last: int) -> Numbers:
        return Numbers(values=self.values[first:last], modality=self.modality)

    def chosen(self, rows: NDArray[np.int64]) -> Numbers:
        return Numbers(values=self.values[rows], modality=self.modality)

    def scan(
        self,
        probes: ProbeSet,
        first: int,
        last: int,
        *,
        least: float = 0.0,
        limit: int | None = None,
        exact: bool = True,
    ) -> FoundPairs:
        require_stretch(self, first, last, least, limit)
        require_fitting(probes, self)
        assert isinstance(probes, Numbers)
        matrix = similarity(probes.values[:, None], self.values[None, first:last])
        numbers, rows = np.nonzero((matrix > 0) & (matrix >= (least if exact else max(least, GATE))))
        return FoundPairs(probes=numbers, rows=rows + first, similarities=matrix[numbers, rows])

    def similarities(
        self, probes: ProbeSet, which: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        assert isinstance(probes, Numbers)
        return similarity(probes.values[which], self.values[rows])


@dataclass(frozen=True, kw_only=True, eq=False)
class MadeColumns:
    """Identifiers and their hashes."""

    ids: Sequence[str]

    @property
    def id_hashes(self) -> NDArray[np.uint64]:
        digests = [hashlib.blake2b(each.encode(), digest_size=8).digest() for each in self.ids]
        return np.frombuffer(b"".join(digests), np.uint64)

    @property
    def contents(self) -> NDArray[np.uint8]:
        digests = [hashlib.blake2b(each.encode(), digest_size=16).digest() for each in self.ids]
        return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 16)

    def person_id(self, row: int) -> SubjectId:
        return SubjectId(self.ids[row])


@dataclass(frozen=True, kw_only=True, eq=False)
class MadePart:
    """People of one part."""

    people: Sequence[Person]
    columns: MadeColumns
    wanted: NDArray[np.bool_]

    def instances(self) -> tuple[Instance, ...]:
        return tuple(sorted({each for person in self.people for each in person}))

    def references(self, instance: Instance) -> Numbers:
        values = [value for person in self.people for value in person.get(instance, ())]
        return Numbers(values=np.array(values, np.float64), modality=instance.modality)

    def owners(self, instance: Instance) -> NDArray[np.int32]:
        counts = [len(person.get(instance, ())) for person in self.people]
        return np.repeat(np.arange(len(self.people), dtype=np.int32), counts)


@dataclass(frozen=True, kw_only=True)
class SumPolicy:
    """Evidence is similarity less 10; the sum of all instances decides."""

    review_llr: float = 8.0
    duplicate_llr: float = 14.0
    most: int = 3

    @property
    def terms(self) -> PolicyTerms:
        return PolicyTerms(
            policy_id=f"sum@{self.review_llr:g}",
            calibration_ids={each.value: "numbers" for each in Modality},
            review_llr=self.review_llr,
            target={"people": 100},
        )

    def bar(self, _instance: Instance, _model_id: ModelId, _comparator: str) -> Bar:
        share = self.review_llr / self.most
        return Bar(llr=share - 1e-9, similarity=share + 10 - 1e-6)

    def evidence(
        self, _instance: Instance, similarities: NDArray[np.float32], _sizes: NDArray[np.int16]
    ) -> NDArray[np.float64]:
        return similarities.astype(np.float64) - 10

    def may_reach(self, _instances: Sequence[Instance], llrs: NDArray[np.float64]) -> NDArray[np.bool_]:
        reaching: NDArray[np.bool_] = np.nansum(llrs, axis=1) >= self.review_llr - 1e-6
        return reaching

    def decide(self, evidence: Mapping[Instance, InstanceEvidence]) -> PersonDecision:
        llr = math.fsum(each.llr for each in evidence.values())
        rate = ExpectedRate.__new__(ExpectedRate)
        outcome = Decision.REVIEW if llr < self.duplicate_llr else Decision.DUPLICATE
        return PersonDecision(
            outcome=outcome if llr >= self.review_llr else Decision.UNIQUE,
            llr=llr,
            false_match=rate,
            fpir=rate,
            people=100,
            policy_id=self.terms.policy_id,
            calibration_id="numbers",
            instances=tuple(evidence.values()),
        )


def part_of(people: Sequence[Person], *, first_id: int = 0, gone: Sequence[int] = ()) -> MadePart:
    """A part of people called by rising numbers; those who are gone are still in the files."""
    wanted = np.ones(len(people), np.bool_)
    wanted[list(gone)] = False
    ids = [f"p{first_id + number}" for number in range(len(people))]
    return MadePart(people=people, columns=MadeColumns(ids=ids), wanted=wanted)


def everybody_among(parts: Sequence[MadePart], old: Sequence[tuple[int, int]] = ()) -> Everybody:
    """Everybody of some parts; `old` are parts and rows of people who were compared before."""
    new = [part.wanted.copy() for part in parts]
    for part, row in old:
        new[part][row] = False
    return everybody_of(parts, new)


def naive(
    parts: Sequence[MadePart], scanned: Sequence[Instance], policy: SumPolicy, *, exact: bool = True
) -> dict[tuple[int, int], tuple[float, Decision]]:
    """Pairs of people who are not unique, each template compared with each in a loop."""
    there = [
        (int(places_of(number, np.array([row]))[0]), part.people[row])
        for number, part in enumerate(parts)
        for row in np.flatnonzero(part.wanted).tolist()
    ]
    found: dict[tuple[int, int], tuple[float, Decision]] = {}
    for (one, left), (other, right) in combinations(there, 2):
        llrs: dict[Instance, float] = {}
        stands_out = False
        for instance in left.keys() & right.keys():
            scores = [
                NEAR - abs(a - b)
                for a in left[instance]
                for b in right[instance]
                if not math.isnan(a) and not math.isnan(b)
            ]
            if not scores:
                continue
            best = float(np.float32(max(0.0, *scores)))
            llrs[instance] = best - 10 - math.log(len(scores))
            bar = policy.review_llr / policy.most
            gate = 0.0 if exact else GATE
            stands_out |= instance in scanned and best > 0 and best - 10 >= bar - 1e-9 and best >= gate
        llr = math.fsum(llrs.values())
        if stands_out and llr >= policy.review_llr:
            outcome = Decision.DUPLICATE if llr >= policy.duplicate_llr else Decision.REVIEW
            found[min(one, other), max(one, other)] = (llr, outcome)
    return found
