"""`DecisionPolicy`: from a similarity score to unique, review or duplicate."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.vocabulary import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPolicy:
    """Two thresholds that part the scale of similarity into three bands.

    Attributes:
        review_similarity: Pairs from here on go to a person.
        duplicate_similarity: Pairs from here on are duplicates.
        basis: Where the thresholds come from and the false match rate they were set for.
    """

    review_similarity: float
    duplicate_similarity: float
    basis: str

    def __post_init__(self) -> None:
        if not 0 < self.review_similarity <= self.duplicate_similarity:
            raise ValueError(
                "thresholds must satisfy 0 < review_similarity <= duplicate_similarity, got "
                f"{self.review_similarity!r} and {self.duplicate_similarity!r}"
            )

    def decide(self, similarity: float) -> Decision:
        """Band of one similarity score."""
        if similarity >= self.duplicate_similarity:
            return Decision.DUPLICATE
        if similarity >= self.review_similarity:
            return Decision.REVIEW
        return Decision.UNIQUE
