"""`QualityReport`: how useful a sample is for telling people apart, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.vocabulary import ModelId, QualityReason

MAX_SCORE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityComponent:
    """One named measure of a sample.

    Attributes:
        name: What was measured.
        raw: The measure in its own unit.
        score: The same on a scale from 0, as in the worst samples, to 100, as in good ones.
    """

    name: str
    raw: float
    score: int

    def __post_init__(self) -> None:
        _require_score(f"score of {self.name}", self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """Quality of one sample.

    Attributes:
        score: 0 to 100; of samples with a higher score fewer fail to match their mates
            (ISO/IEC 29794-1:2024).
        components: Named measures, always the same ones in the same order.
        reasons: What makes the sample poor, the weightiest first; empty where nothing has to be mended.
        model_id: Fit that turned measures into score and reasons: scores of different fits do not compare.
    """

    score: int
    components: tuple[QualityComponent, ...]
    reasons: tuple[QualityReason, ...]
    model_id: ModelId

    def __post_init__(self) -> None:
        _require_score("score", self.score)
        if len(set(self.reasons)) != len(self.reasons):
            raise ValueError("a reason is named at most once")


def _require_score(name: str, score: int) -> None:
    if not 0 <= score <= MAX_SCORE:
        raise ValueError(f"{name} must lie in 0..{MAX_SCORE}, got {score!r}")
