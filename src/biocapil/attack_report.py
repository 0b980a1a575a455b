"""`AttackReport`: whether somebody looked for a presentation attack, and what was found.

A record that says nothing reads as if all were well. So every report says it: as long as no detector that
was shown to work has looked, the answer is `NOT_ASSESSED`.

Reference: ISO/IEC 30107-1:2023, 30107-3:2023.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from biocapil.vocabulary import ModelId


class AttackFinding(Enum):
    """Answer to the question of a presentation attack."""

    NOT_ASSESSED = "not_assessed"
    BONA_FIDE = "bona_fide"
    ATTACK = "attack"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackReport:
    """What is known of a presentation attack in one sample.

    Attributes:
        finding: The answer.
        score: How much speaks for an attack, 0 to 1; None where nothing was assessed.
        detector: Model that assessed it; None where none did.
    """

    finding: AttackFinding
    score: float | None = None
    detector: ModelId | None = None

    def __post_init__(self) -> None:
        assessed = self.finding is not AttackFinding.NOT_ASSESSED
        if assessed != (self.score is not None) or assessed != (self.detector is not None):
            raise ValueError(
                f"a score and a detector belong to an assessment and to nothing else, "
                f"got {self.finding.value}, {self.score} and {self.detector}"
            )
        if self.score is not None and not 0 <= self.score <= 1:
            raise ValueError(f"score must lie between 0 and 1, got {self.score}")

    @property
    def words(self) -> str:
        """The finding for people."""
        return self.finding.value.replace("_", " ")

    def fields(self) -> dict[str, str | float | None]:
        """The report as plain JSON values: ``finding``, ``score`` and ``detector``, always all three."""
        return {"finding": self.finding.value, "score": self.score, "detector": self.detector}


NOT_ASSESSED = AttackReport(finding=AttackFinding.NOT_ASSESSED)
"""Nobody looked."""
