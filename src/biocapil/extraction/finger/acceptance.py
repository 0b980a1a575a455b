"""What cannot become a template, measured and said: counted outcomes, never errors.

The limits stand in the model's manifest; every outcome names the measured value and what would be enough.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.finger.resampling import size_at
from biocapil.extraction.model_manifest import MinutiaeRule
from biocapil.outcomes import FailureToExtract
from biocapil.sample import CapturedSample
from biocapil.template import MAX_EXTENT_UM
from biocapil.vocabulary import ExtractionFailure

UM_PER_MM = 1000.0


def refuse_size(
    sample: CapturedSample, *, resolution_ppi: float, rule: MinutiaeRule
) -> FailureToExtract | None:
    """Refuse an image that is too small for a fingerprint or too large for memory.

    Runs before anything is allocated, so that a wrong resolution tag costs nothing.

    Args:
        sample: Sample as captured.
        resolution_ppi: Resolution of the network.
        rule: Limits of the model.

    Returns:
        The outcome, or None where the size is right.
    """
    sides_mm = [side * sample.um_per_px / UM_PER_MM for side in sample.pixels.shape]
    if min(sides_mm) < rule.min_side_mm:
        return FailureToExtract(
            reason=ExtractionFailure.IMAGE_TOO_SMALL,
            detail=f"the imaged area is {_area(sides_mm)} at {sample.resolution_ppi:g} ppi; "
            f"each side must measure at least {rule.min_side_mm:g} mm",
        )
    rows, columns = size_at(sample, resolution_ppi)
    if rows * columns > rule.max_pixels or max(sides_mm) * UM_PER_MM > MAX_EXTENT_UM:
        return FailureToExtract(
            reason=ExtractionFailure.IMAGE_TOO_LARGE,
            detail=f"the imaged area is {_area(sides_mm)} at {sample.resolution_ppi:g} ppi, "
            f"{rows * columns / 1e6:.1f} million pixels at {resolution_ppi:g} ppi; at most "
            f"{rule.max_pixels / 1e6:g} million and {MAX_EXTENT_UM / UM_PER_MM:g} mm a side can be read: "
            "cut out single fingers, or check the resolution",
        )
    return None


def refuse_contrast(pixels: NDArray[np.uint8], *, rule: MinutiaeRule) -> FailureToExtract | None:
    """Refuse an image in which nothing can be seen.

    Args:
        pixels: Grey values at the network's resolution. Shape (rows, columns), uint8.
        rule: Limits of the model.

    Returns:
        The outcome, or None where there is contrast.
    """
    contrast = float(pixels.std())
    if contrast >= rule.min_contrast:
        return None
    return FailureToExtract(
        reason=ExtractionFailure.NO_CONTRAST,
        detail=f"the grey values deviate by {contrast:.1f} of 255; at least {rule.min_contrast:g} is needed",
    )


def refuse_count(count: int, *, rule: MinutiaeRule) -> FailureToExtract | None:
    """Refuse a print with too few minutiae to be told from others.

    Args:
        count: Number of minutiae found.
        rule: Limits of the model.

    Returns:
        The outcome, or None where there are enough.
    """
    if count >= rule.min_minutiae:
        return None
    return FailureToExtract(
        reason=ExtractionFailure.TOO_FEW_MINUTIAE,
        detail=f"{count} minutiae found; at least {rule.min_minutiae} are needed",
    )


def _area(sides_mm: list[float]) -> str:
    height, width = sides_mm
    return f"{width:.1f} × {height:.1f} mm"
