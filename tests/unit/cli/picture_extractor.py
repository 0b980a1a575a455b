"""Extractors that read the identity from the pixels: equal shades are one person, the rest is noise."""

from __future__ import annotations

import numpy as np

from biocapil.any_template import Template
from biocapil.embedding import Embedding
from biocapil.errors import ModelError
from biocapil.iris_code import IrisCode
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ExtractionFailure, Modality, ModelId

DIMENSIONS = 256
COLUMNS, COLUMN_BITS = 64, 16


class PictureExtractor:
    """Takes who it is from the grey value at the top left, and what differs between visits from the rest."""

    def __init__(self, modality: Modality) -> None:
        self.modality = modality
        self.model_id = ModelId(f"pixels_{modality.value}@0")
        self.calls = 0

    def extract(self, sample: CapturedSample) -> Template | FailureToExtract:
        self.calls += 1
        if sample.modality is not self.modality:
            raise ModelError(f"{self.model_id} reads {self.modality.value}, got {sample.modality.value}")
        grey = sample.pixels if sample.pixels.ndim == 2 else sample.pixels[..., 0]
        who, visit = int(grey[0, 0]), int(grey[-1, -1])
        if not who:
            reasons = {Modality.FACE: ExtractionFailure.NO_FACE, Modality.IRIS: ExtractionFailure.NO_IRIS}
            return FailureToExtract(
                reason=reasons.get(self.modality, ExtractionFailure.NO_CONTRAST), detail="black"
            )
        own, odd = np.random.default_rng(who), np.random.default_rng([who, visit])
        if self.modality is Modality.FACE:
            values = own.normal(size=DIMENSIONS) + 0.1 * odd.normal(size=DIMENSIONS)
            return Embedding(
                values=(values / np.linalg.norm(values)).astype(np.float32), model_id=self.model_id
            )
        if self.modality is Modality.IRIS:
            shape = (COLUMNS, COLUMN_BITS)
            bits = (own.random(shape) < 0.5) ^ (odd.random(shape) < 0.1)
            return IrisCode.from_bits(bits, odd.random(shape) < 0.9, model_id=self.model_id)
        points = own.uniform(1000, 14_000, (36, 2)) + odd.uniform(-60, 60, (36, 2))
        return FingerprintTemplate(
            positions_um=points.astype(np.float32),
            angles_rad=own.uniform(0, 6.28, 36).astype(np.float32),
            kinds=np.ones(36, dtype=np.uint8),
            qualities=np.full(36, 80, dtype=np.uint8),
            extent_um=(15_000.0, 15_000.0),
            model_id=self.model_id,
        )
