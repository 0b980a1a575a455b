"""Outcomes that are counted, not raised: what the finger or the image did not allow."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.vocabulary import ExtractionFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureToExtract:
    """A sample from which no template could be made.

    Attributes:
        reason: Coded reason.
        detail: One sentence for a person, with the measured value and what would be enough.
    """

    reason: ExtractionFailure
    detail: str
