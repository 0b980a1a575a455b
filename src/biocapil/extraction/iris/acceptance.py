"""What cannot become a code, measured and said: counted outcomes, never errors."""

from __future__ import annotations

from biocapil.extraction.iris_rule import IrisRule
from biocapil.iris_code import IrisCode
from biocapil.iris_segmentation import IrisSegmentation
from biocapil.outcomes import FailureToExtract
from biocapil.vocabulary import ExtractionFailure

LEAST_SIDE_PX = 32
MOST_PIXELS = 50_000_000


def refuse_picture(shape: tuple[int, ...]) -> FailureToExtract | None:
    """Refuse a picture that is too small for an eye or too large for memory."""
    if min(shape) < LEAST_SIDE_PX:
        return FailureToExtract(
            reason=ExtractionFailure.IMAGE_TOO_SMALL,
            detail=f"the picture has {shape[1]}x{shape[0]} pixels; each side must have {LEAST_SIDE_PX}",
        )
    if shape[0] * shape[1] > MOST_PIXELS:
        return FailureToExtract(
            reason=ExtractionFailure.IMAGE_TOO_LARGE,
            detail=f"the picture has {shape[1]}x{shape[0]} pixels; at most {MOST_PIXELS:,} can be read",
        )
    return None


def no_iris() -> FailureToExtract:
    """No pupil or no iris was found."""
    return FailureToExtract(
        reason=ExtractionFailure.NO_IRIS, detail="no iris with a pupil was found; an open eye is needed"
    )


def refuse_geometry(segmentation: IrisSegmentation, *, rule: IrisRule) -> FailureToExtract | None:
    """Refuse an eye whose borders are not sure, or that is too small."""
    if segmentation.confidence < rule.min_confidence:
        return FailureToExtract(
            reason=ExtractionFailure.UNSURE_GEOMETRY,
            detail=f"the borders of the iris are right with probability {segmentation.confidence:.2f}; "
            f"at least {rule.min_confidence:g} is needed",
        )
    radius = segmentation.limbus.radius_px
    if radius < rule.min_radius_px:
        return FailureToExtract(
            reason=ExtractionFailure.TOO_LITTLE_IRIS,
            detail=f"the iris has a radius of {radius:.0f} pixels; {rule.min_radius_px:g} are needed",
        )
    return None


def refuse_code(code: IrisCode, *, rule: IrisRule) -> FailureToExtract | None:
    """Refuse a code with too few bits that can be compared."""
    share = code.valid_bits / code.geometry.bits
    if share >= rule.min_valid_share:
        return None
    return FailureToExtract(
        reason=ExtractionFailure.TOO_LITTLE_IRIS,
        detail=f"{share:.0%} of the iris can be compared; at least {rule.min_valid_share:.0%} is needed",
    )
