"""Whether two samples show one finger, by the shipped extractor and what its scores mean."""

from __future__ import annotations

from biocapil.calibration import model_calibration
from biocapil.cli.calibrate import FINGER_SIZE
from biocapil.comparison import compare
from biocapil.extraction import load_extractor
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
    least = calibration.similarity_at_rate(FMR, FINGER_SIZE)
    known: dict[int, tuple[CapturedSample, FingerprintTemplate | None]] = {}

    def template(sample: CapturedSample) -> FingerprintTemplate | None:
        if id(sample) not in known:
            made = extractor.extract(sample)
            known[id(sample)] = (sample, made if isinstance(made, FingerprintTemplate) else None)
        return known[id(sample)][1]

    def same(one: CapturedSample, other: CapturedSample) -> bool:
        probe, reference = template(one), template(other)
        return probe is not None and reference is not None and compare(probe, reference) >= least

    return same
