"""Whether two samples show one finger, by the shipped extractor and what its scores mean."""

from __future__ import annotations

from biocapil.calibration import model_calibration
from biocapil.cli.calibrate import FULL_SIZE
from biocapil.comparison import compare
from biocapil.extraction import load_extractor
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.sessions import SameFinger
from biocapil.template import FingerprintTemplate

FMR = 1e-4
"""Ten fingers make 45 pairs: one session in 220 asks for a finger once more than it had to."""


def same_finger_check() -> SameFinger:
    """A check that takes two samples for one finger where that is a mistake once in 10,000 pairs.

    Raises:
        ModelError: The model or its calibration is missing.
        MissingPart: ONNX Runtime is not installed.
    """
    extractor, calibration = load_extractor(), model_calibration()
    least = calibration.similarity_at_rate(FMR, FULL_SIZE)
    known: dict[int, tuple[CapturedSample, FingerprintTemplate | FailureToExtract]] = {}

    def template(sample: CapturedSample) -> FingerprintTemplate | FailureToExtract:
        if id(sample) not in known:
            known[id(sample)] = (sample, extractor.extract(sample))
        return known[id(sample)][1]

    def same(one: CapturedSample, other: CapturedSample) -> bool:
        probe, reference = template(one), template(other)
        if isinstance(probe, FailureToExtract) or isinstance(reference, FailureToExtract):
            return False
        return compare(probe, reference) >= least

    return same
