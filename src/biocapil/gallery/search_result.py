"""What a search for a person in a gallery returns."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.decision import PersonDecision
from biocapil.vocabulary import Decision, Instance, SubjectId


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonCandidate:
    """One person of the gallery who may be the one searched for.

    Attributes:
        person_id: Who; not shown in `repr`.
        decision: What the policy says about the evidence of all common instances.
        only_probe: Instances that only the probe has; they say nothing.
        only_reference: Instances that only the reference has; they say nothing.
    """

    person_id: SubjectId
    decision: PersonDecision
    only_probe: tuple[Instance, ...]
    only_reference: tuple[Instance, ...]

    def __repr__(self) -> str:
        return f"PersonCandidate({self.decision.outcome.value}, llr {self.decision.llr:.2f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTimes:
    """Where the time went.

    Attributes:
        prepare_s: Packing the probe and evaluating the filter; for the whole batch.
        scan_s: Comparing with everybody; for the whole batch.
        weigh_s: The second look at whoever stood out, and the decisions.
    """

    prepare_s: float
    scan_s: float
    weigh_s: float

    @property
    def total_s(self) -> float:
        """All of it."""
        return self.prepare_s + self.scan_s + self.weigh_s


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSearch:
    """Answer to one probe.

    Attributes:
        candidates: Most evidence first; ties in order of the identifiers.
        persons: People who pass the filter.
        comparable: Those of them who have an instance in common with the probe; of others nothing is known.
        wanted: Comparisons with references that the whole search consists of.
        searched: Comparisons that were made before the time was up.
        weighed: People at whom the second look looked.
        generation: Generation of the gallery that was searched.
        policy_id: Policy of the decisions.
        calibration_id: Calibrations behind the evidence.
        times: Where the time went.
    """

    candidates: tuple[PersonCandidate, ...]
    persons: int
    comparable: int
    wanted: int
    searched: int
    weighed: int
    generation: int
    policy_id: str
    calibration_id: str
    times: SearchTimes

    @property
    def complete(self) -> bool:
        """Whether everything was compared that had to be."""
        return self.searched == self.wanted

    @property
    def outcome(self) -> Decision:
        """Decision of the strongest candidate who is not unique.

        Without one: `UNIQUE` among those who are comparable, `NOT_DECIDABLE` where the time was up or people
        are there, but none is comparable.
        """
        found = {candidate.decision.outcome for candidate in self.candidates}
        for worst in (Decision.DUPLICATE, Decision.REVIEW):
            if worst in found:
                return worst
        compared = self.complete and (self.comparable or not self.persons)
        undecided = not compared or Decision.NOT_DECIDABLE in found
        return Decision.NOT_DECIDABLE if undecided else Decision.UNIQUE
