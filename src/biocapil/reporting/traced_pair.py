"""Pairs of faces and irises with what the comparison saw: the samples are traced again to draw them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from biocapil.any_template import Template
from biocapil.calibration import Calibration
from biocapil.comparison.face_references import face_similarity
from biocapil.comparison.iris_agreement import iris_agreement
from biocapil.comparison.reference_pairs import usual_turns
from biocapil.comparison.reference_set import FULL_SIZE
from biocapil.embedding import Embedding
from biocapil.extraction import Extractor
from biocapil.extraction.face.extractor import FaceExtractor
from biocapil.extraction.iris.extractor import IrisExtractor
from biocapil.iris_code import IrisCode
from biocapil.outcomes import FailureToExtract
from biocapil.reporting.face_picture import DrawnFace, face_pair_svg
from biocapil.reporting.iris_picture import DrawnEye, iris_pair_svg
from biocapil.sample import CapturedSample
from biocapil.vocabulary import Modality

RATES = (0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6)
"""False match rates that the scale of a face pair shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSide:
    """One side of a pair.

    Attributes:
        sample: The sample.
        template: What was compared of it.
        label: Heading.
    """

    sample: CapturedSample
    template: Template
    label: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairTracer:
    """Traces samples again and draws what the comparison saw.

    Attributes:
        extractors: Extractor of each modality; those that can be traced draw.
        calibrations: What similarities of each modality mean, where it is known.
    """

    extractors: Mapping[Modality, Extractor]
    calibrations: Mapping[Modality, Calibration]

    def draw(self, probe: PairSide, reference: PairSide) -> str | None:
        """Draw a pair of irises or of faces.

        Returns:
            A self-contained SVG document, or None where no extractor can trace both samples, or theirs made
            other templates than those that were compared.

        Raises:
            ModelError: A network fails.
            MissingPart: Pillow or OpenCV is not installed.
        """
        extractor = self.extractors.get(probe.sample.modality)
        if extractor is None or {probe.template.model_id, reference.template.model_id} != {
            extractor.model_id
        }:
            return None
        if isinstance(extractor, IrisExtractor):
            return _irises(extractor, probe, reference)
        if isinstance(extractor, FaceExtractor):
            return _faces(extractor, probe, reference, self.calibrations.get(Modality.FACE))
        return None


def _irises(extractor: IrisExtractor, probe: PairSide, reference: PairSide) -> str | None:
    first, second = _eye(extractor, probe), _eye(extractor, reference)
    codes = probe.template, reference.template
    if first is None or second is None or not isinstance(codes[0], IrisCode):
        return None
    if not isinstance(codes[1], IrisCode):
        return None
    turns = usual_turns(codes[0].geometry)
    return iris_pair_svg(first, second, iris_agreement(codes[0], codes[1], turns=turns))


def _eye(extractor: IrisExtractor, side: PairSide) -> DrawnEye | None:
    traced = extractor.trace(side.sample)
    if traced.segmentation is None or traced.unwrapped is None:
        return None
    return DrawnEye(
        sample=side.sample,
        segmentation=traced.segmentation,
        unwrapped=traced.unwrapped,
        label=side.label,
    )


def _faces(
    extractor: FaceExtractor, probe: PairSide, reference: PairSide, calibration: Calibration | None
) -> str | None:
    first, second = _face(extractor, probe), _face(extractor, reference)
    rows = probe.template, reference.template
    if first is None or second is None or not isinstance(rows[0], Embedding):
        return None
    if not isinstance(rows[1], Embedding):
        return None
    similarity = float(face_similarity(np.array(rows[0].values @ rows[1].values)))
    speaks = calibration is not None and calibration.model_id == extractor.model_id
    rates = _rates(calibration) if calibration is not None and speaks else {}
    return face_pair_svg(first, second, similarity=similarity, rates=rates)


def _rates(calibration: Calibration) -> dict[float, float]:
    """Least similarity for each rate; embeddings all have the same size."""
    return {rate: calibration.similarity_at_rate(rate, FULL_SIZE) for rate in RATES}


def _face(extractor: FaceExtractor, side: PairSide) -> DrawnFace | None:
    found = extractor.find(side.sample)
    if isinstance(found, FailureToExtract):
        return None
    aligned = CapturedSample(
        pixels=np.ascontiguousarray(extractor.align(side.sample, found)),
        modality=Modality.FACE,
        origin=side.sample.origin,
    )
    return DrawnFace(aligned=aligned, points_px=extractor.aligned_points(found), label=side.label)
