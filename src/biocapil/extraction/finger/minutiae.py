"""From peaks and maps to the template, in micrometres of the picture as it was captured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.finger.direction import angles_from_directions
from biocapil.extraction.finger.kinds import kinds_from_map, kinds_from_ridges
from biocapil.extraction.finger.peaks import Peaks
from biocapil.extraction.finger.resampling import Resampled
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import ModelId

CHANNELS = ("score", "cos", "sin")
"""Maps that a model of this task must deliver, in any order."""
KIND_CHANNEL = "ending"
"""Map that it may deliver; without it kinds are read off the picture."""


def minutiae_template(
    sample: CapturedSample,
    resampled: Resampled,
    peaks: Peaks,
    maps: dict[str, NDArray[np.float32]],
    *,
    resolution_ppi: float,
    model_id: ModelId,
) -> FingerprintTemplate:
    """Read each peak's position, angle, kind and quality.

    Args:
        sample: Sample as captured: the template takes its extent and its finger.
        resampled: The sample as the network read it.
        peaks: Places of the minutiae in the maps.
        maps: The network's maps by channel name. Shapes (rows, columns), float32.
        resolution_ppi: Resolution of the network.
        model_id: Model that delivered the maps.

    Returns:
        The template, best minutia first.
    """
    at = (peaks.rows, peaks.columns)
    centres_px = np.stack([peaks.columns, peaks.rows], axis=1).astype(np.float64) + 0.5
    angles = angles_from_directions(maps["cos"][at], maps["sin"][at])
    rows, columns = sample.pixels.shape
    return FingerprintTemplate(
        positions_um=(centres_px * resampled.um_per_px).astype(np.float32),
        angles_rad=angles,
        kinds=kinds_from_map(maps[KIND_CHANNEL][at])
        if KIND_CHANNEL in maps
        else kinds_from_ridges(resampled.pixels, centres_px, angles, resolution_ppi=resolution_ppi),
        qualities=np.clip(np.rint(peaks.scores * 100), 1, 100).astype(np.uint8),
        extent_um=(columns * sample.um_per_px, rows * sample.um_per_px),
        model_id=model_id,
        position=sample.finger,
    )
