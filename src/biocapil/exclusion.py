"""`PairExclusion`: samples or pairs that somebody found to be wrong and leaves out of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PairExclusion:
    """What is not compared; each side names a sample or, where no sample is called so, a subject.

    A subject is called by its name, or by dataset and name with a slash between them.

    Attributes:
        first: Name of a sample or subject.
        second: Another, whose pairs with the first are left out; empty leaves out every pair of the first.
        line: Line of the file that says so; 0 where none does.
    """

    first: str
    second: str = ""
    line: int = 0

    def __post_init__(self) -> None:
        if not self.first:
            raise ValueError("an exclusion must name a sample or subject in its first place, got none")

    def __repr__(self) -> str:
        return f"PairExclusion(line={self.line})"
