"""How a duplicate search did on a population whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.deduplication import DuplicateReport, PersonPair
from biocapil.synthesis import PlantedPair, PopulationTruth


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found of what was planted.

    Attributes:
        registrations: Claimed persons.
        images: Samples.
        failures: Samples from which no template could be made.
        planted: Persons registered twice.
        found: How many of them the search calls duplicates.
        lookalikes: Planted pairs of different persons with the same ridge flow.
        lookalikes_matched: How many of them the search calls duplicates.
        false_duplicates: Pairs called duplicates that are not one person, look-alikes included.
        review: Pairs left to a person.
    """

    registrations: int
    images: int
    failures: int
    planted: int
    found: int
    lookalikes: int
    lookalikes_matched: int
    false_duplicates: int
    review: int

    @property
    def right(self) -> bool:
        """Whether every planted duplicate was found and nothing else."""
        return self.found == self.planted and self.false_duplicates == 0


def judge(report: DuplicateReport, truth: PopulationTruth) -> Verdict:
    """Hold a report against the truth about its population."""
    called = {_found(pair) for pair in report.duplicate_pairs}
    planted = {_told(pair) for pair in truth.duplicates}
    alike = {_told(pair) for pair in truth.lookalikes}
    return Verdict(
        registrations=report.persons,
        images=report.samples,
        failures=len(report.failures),
        planted=len(planted),
        found=len(planted & called),
        lookalikes=len(alike),
        lookalikes_matched=len(alike & called),
        false_duplicates=len(called - planted),
        review=len(report.review_pairs),
    )


def _found(pair: PersonPair) -> frozenset[str]:
    return frozenset((pair.first.subject, pair.second.subject))


def _told(pair: PlantedPair) -> frozenset[str]:
    return frozenset((pair.first, pair.second))
