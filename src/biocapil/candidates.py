"""`CandidateList`: what a search returns, best first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One reference that a search found.

    Attributes:
        row: Row of the reference in the packed gallery that was searched.
        similarity: Similarity score; larger is more alike.
    """

    row: int
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateList:
    """Candidates in order of falling similarity; ties in order of rising row.

    Attributes:
        candidates: The candidates.
        searched: How many references were compared with the probe.
        passed_gates: How many references reached stages two and three of the cascade.
    """

    candidates: tuple[Candidate, ...]
    searched: int
    passed_gates: tuple[int, int]

    def __len__(self) -> int:
        return len(self.candidates)

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self.candidates)
