"""From peaks and maps to the template, in micrometres of the picture as it was captured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.finger.direction import angles_from_directions
from biocapil.extraction.finger.peaks import Peaks
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import MinutiaType, ModelId

CHANNELS = ("score", "cos", "sin", "ending")
"""Maps that a model of this task must deliver, in any order."""
ENDING_FROM = 0.5
"""The network's ending map is a probability: the likelier kind wins."""


def minutiae_template(
    sample: CapturedSample,
    peaks: Peaks,
    maps: dict[str, NDArray[np.float32]],
    *,
    um_per_px: tuple[float, float],
    model_id: ModelId,
) -> FingerprintTemplate:
    """Read each peak's position, angle, kind and quality.

    Args:
        sample: Sample as captured: the template takes its extent and its finger.
        peaks: Places of the minutiae in the maps.
        maps: The network's maps by channel name. Shapes (rows, columns), float32.
        um_per_px: Width and height of a pixel of the maps in micrometres.
        model_id: Model that delivered the maps.

    Returns:
        The template, best minutia first.
    """
    at = (peaks.rows, peaks.columns)
    centres_px = np.stack([peaks.columns, peaks.rows], axis=1) + 0.5
    endings = maps["ending"][at] >= ENDING_FROM
    rows, columns = sample.pixels.shape
    return FingerprintTemplate(
        positions_um=(centres_px * um_per_px).astype(np.float32),
        angles_rad=angles_from_directions(maps["cos"][at], maps["sin"][at]),
        kinds=np.where(endings, MinutiaType.ENDING, MinutiaType.BIFURCATION).astype(np.uint8),
        qualities=np.clip(np.rint(peaks.scores * 100), 1, 100).astype(np.uint8),
        extent_um=(columns * sample.um_per_px, rows * sample.um_per_px),
        model_id=model_id,
        position=sample.position,
    )
