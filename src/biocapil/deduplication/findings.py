"""What a search for duplicates finds: pairs of samples, pairs of persons, clusters of one person.

PairFinding ──► PersonPair ──► Cluster          different persons
    └─────────► FingerFiledTwice                one person, one finger under two names
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, Protocol, TypeVar

from biocapil.decision import PersonDecision
from biocapil.outcomes import FailureToExtract
from biocapil.subject import SampleEntry
from biocapil.vocabulary import Decision


class FindingKind(Enum):
    """What the manifest claims about the two samples of a pair."""

    MATED = "mated"
    SAME_FINGER_TWICE = "same_finger_twice"
    DUPLICATE_IDENTITY = "duplicate_identity"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Person:
    """One claimed identity: subjects of different datasets are different persons.

    Attributes:
        dataset: Set the identity belongs to; may be empty.
        subject: Identifier in the caller's own system; never shown in `repr`.
    """

    dataset: str
    subject: str

    @classmethod
    def of(cls, entry: SampleEntry) -> Person:
        """Person that the manifest claims for a sample."""
        return cls(dataset=entry.dataset, subject=entry.subject)

    @property
    def label(self) -> str:
        """Name for a report."""
        return f"{self.dataset}/{self.subject}" if self.dataset else self.subject

    def __repr__(self) -> str:
        return "Person(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFinding:
    """Two samples that are alike enough to be told about.

    Attributes:
        first: Sample that stands earlier in the manifest.
        second: Sample that stands later.
        similarity: Their similarity score.
        llr: Evidence that this score is, a log-likelihood ratio in nats.
        decision: Band of that evidence alone.
        mated: Whether the manifest claims the same finger of the same person for both.
        same_subject: Whether the manifest claims the same person for both.
    """

    first: SampleEntry
    second: SampleEntry
    similarity: float
    llr: float
    decision: Decision
    mated: bool
    same_subject: bool

    @property
    def kind(self) -> FindingKind:
        """What a match of the two would mean."""
        if self.mated:
            return FindingKind.MATED
        if self.same_subject:
            return FindingKind.SAME_FINGER_TWICE
        return FindingKind.DUPLICATE_IDENTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPair:
    """Two claimed persons who may be one.

    Attributes:
        first: Person that sorts first.
        second: Person that sorts second.
        decision: What the policy says about the evidence of all their fingers, and how sure it is.
        fingers: The best pair of samples of each finger that speaks for one person, best first. Each finger
            of either person stands in at most one of them.
        pairs: Every pair of samples of the two that reached the review threshold by itself, best first.
    """

    first: Person
    second: Person
    decision: PersonDecision
    fingers: tuple[PairFinding, ...]
    pairs: tuple[PairFinding, ...]

    @property
    def llr(self) -> float:
        """Evidence of all their fingers together, in nats."""
        return self.decision.llr


class Link(Protocol):
    """Two claimed persons who were decided to be one."""

    @property
    def first(self) -> Person:
        """One of them."""
        ...

    @property
    def second(self) -> Person:
        """The other."""
        ...

    @property
    def llr(self) -> float:
        """Evidence that they are one, in nats."""
        ...


AnyLink = TypeVar("AnyLink", bound=Link)


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerFiledTwice:
    """One person whose prints match under two different finger names.

    Attributes:
        person: The person.
        best: The pair of samples that is most alike.
        pairs: Every pair of samples of these two finger names from the review threshold on, best first.
    """

    person: Person
    best: PairFinding
    pairs: tuple[PairFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster(Generic[AnyLink]):
    """Claimed persons whom duplicate decisions join into one.

    A chain of links can join persons who were never found alike themselves, so a cluster always says
    how far it is from that.

    Attributes:
        persons: Members, in order.
        pairs: Duplicate person pairs among the members, best first.
        weakest_llr: Largest evidence at which the cluster still holds together: raise the
            threshold above it and the cluster falls apart.
        possible_pairs: Number of pairs that the members could form.
    """

    persons: tuple[Person, ...]
    pairs: tuple[AnyLink, ...]
    weakest_llr: float
    possible_pairs: int

    @property
    def complete(self) -> bool:
        """Whether every member was found to be a duplicate of every other."""
        return len(self.pairs) == self.possible_pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSample:
    """A sample that took no part in the search.

    Attributes:
        entry: The sample.
        failure: Why; None where the caller did not say.
    """

    entry: SampleEntry
    failure: FailureToExtract | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconfirmedSample:
    """A sample that matched no other sample of its own claimed source.

    Attributes:
        entry: The sample: perhaps filed under the wrong name, perhaps a poor impression.
        mates: How many mates it was compared with, at least one.
    """

    entry: SampleEntry
    mates: int
