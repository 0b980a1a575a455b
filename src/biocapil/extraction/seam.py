"""The extractor seam: whatever turns one sample into one template.

Stands between capture (or `formats`) and comparison. One is shipped for each modality, for fingers
:class:`biocapil.extraction.finger.extractor.FingerExtractor`; a fake for tests needs eight lines.
"""

from __future__ import annotations

from typing import Protocol

from biocapil.any_template import Template
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality, ModelId


class Extractor(Protocol):
    """Turns samples into templates; one instance may be called from many threads at once."""

    @property
    def model_id(self) -> ModelId:
        """Model that makes the templates, with the start of its checksum."""
        ...

    @property
    def modality(self) -> Modality:
        """Modality of the samples that it reads."""
        ...

    def extract(self, sample: CapturedSample) -> Template | FailureToExtract:
        """Make the template of one sample.

        Args:
            sample: Sample of the modality that the model reads, fingers at any resolution.

        Returns:
            The template, or the counted outcome that says why there is none.

        Raises:
            ModelError: The sample's modality is not the model's.
        """
        ...
