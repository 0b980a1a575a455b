"""`ExtractionRun`: what became of every sample of a batch, in the order of the manifest."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.any_template import Template
from biocapil.outcomes import FailureToExtract
from biocapil.quality_report import QualityReport
from biocapil.subject import SampleEntry
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExtractedSample:
    """One sample and its outcome: a template or a failure, never both and never neither.

    Attributes:
        entry: The sample as the manifest names it.
        template: The template, or None.
        failure: Why there is no template, or None.
        elapsed_ms: How long the extraction took when it was done; 0 for a file that could not be read.
        reused: Whether the outcome came from the store and not from this run.
        content_sha256: Checksum of the file's bytes in hexadecimal; empty where it could not be opened.
        quality: Quality of the image; None where there is none, or nobody asked for it.
    """

    entry: SampleEntry
    template: Template | None
    failure: FailureToExtract | None
    elapsed_ms: float
    reused: bool
    content_sha256: str
    quality: QualityReport | None = None

    def __post_init__(self) -> None:
        if (self.template is None) == (self.failure is None):
            raise ValueError("an extracted sample has either a template or a failure")

    @property
    def fingerprint(self) -> FingerprintTemplate | None:
        """The template where it is of a finger; None where there is none, or one of another modality."""
        return self.template if isinstance(self.template, FingerprintTemplate) else None

    def __repr__(self) -> str:
        outcome = self.failure.reason.value if self.failure else f"{self.template!r}"
        return f"ExtractedSample({self.entry.name!r}, {outcome}, reused={self.reused})"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExtractionRun:
    """Outcome of a batch; nothing of the manifest is missing from it.

    Attributes:
        items: One for each entry, in the order of the manifest.
        model_id: Model that made the templates.
    """

    items: tuple[ExtractedSample, ...]
    model_id: ModelId

    @property
    def entries(self) -> tuple[SampleEntry, ...]:
        """Entries that have a template, in step with `templates`."""
        return tuple(item.entry for item in self.items if item.template is not None)

    @property
    def templates(self) -> tuple[Template, ...]:
        """Templates, in step with `entries`."""
        return tuple(item.template for item in self.items if item.template is not None)

    @property
    def failures(self) -> tuple[ExtractedSample, ...]:
        """Samples without a template."""
        return tuple(item for item in self.items if item.failure is not None)

    @property
    def reused(self) -> int:
        """How many outcomes came from the store."""
        return sum(item.reused for item in self.items)

    def __repr__(self) -> str:
        return (
            f"ExtractionRun({len(self.items)} samples, {len(self.failures)} failures, "
            f"{self.reused} reused, model {self.model_id})"
        )
