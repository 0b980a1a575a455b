"""`CodeCandidateList`: what a search among binary codes returns, least different first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCandidate:
    """One reference that a search found.

    Attributes:
        row: Row of the reference in the packed codes that were searched.
        differing_bits: Compared bits in which probe and reference differ, at the best turn.
        compared_bits: Bits that are valid in both there.
        turn: Columns: column c of the reference is like column c + turn of the probe. 0 for plain bits.
    """

    row: int
    differing_bits: int
    compared_bits: int
    turn: int

    @property
    def dissimilarity(self) -> float:
        """Fractional Hamming distance: differing by compared bits, 0 to 1; about 0.5 for strangers."""
        return self.differing_bits / self.compared_bits


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCandidateList:
    """Candidates in order of rising dissimilarity; ties in order of rising row.

    Attributes:
        candidates: The candidates.
        searched: How many references were compared with the probe.
        not_comparable: How many of them shared too few valid bits with it at every turn; a two-stage search
            judges that by the columns that it looked at.
        settled: How many were compared in full after a cheaper comparison proposed them.
    """

    candidates: tuple[CodeCandidate, ...]
    searched: int
    not_comparable: int
    settled: int

    def __len__(self) -> int:
        return len(self.candidates)

    def __iter__(self) -> Iterator[CodeCandidate]:
        return iter(self.candidates)
