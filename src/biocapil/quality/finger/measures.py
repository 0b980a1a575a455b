"""Every measure of one sample by name: the table of contents of this package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.quality.finger.centring import centring_measures
from biocapil.quality.finger.contrast import contrast_measures
from biocapil.quality.finger.core import core_measures
from biocapil.quality.finger.dryness import dryness_measures
from biocapil.quality.finger.echo import echo_measures
from biocapil.quality.finger.edges import edge_measures
from biocapil.quality.finger.fields import FingerFields, shipped_fields
from biocapil.quality.finger.foreground import find_foreground, foreground_measures
from biocapil.quality.finger.ghost import ghost_measures
from biocapil.quality.finger.moisture import moisture_measures
from biocapil.quality.finger.orientation import orientation_measures
from biocapil.quality.finger.picture import working_picture
from biocapil.quality.finger.placing import placing_measures
from biocapil.quality.finger.relief import find_relief
from biocapil.quality.finger.smear import smear_measures
from biocapil.quality.finger.spectrum import spectrum_measures
from biocapil.quality.finger.upright import flow_differences
from biocapil.sample import CapturedSample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """What was measured of one sample.

    Attributes:
        measures: Value of each measure by its name, always the same names in the same order.
        flow: Differences of flow between opposite places, see `upright`. Shape (93,), float32.
    """

    measures: dict[str, float]
    flow: NDArray[np.float32]


def measure_finger(sample: CapturedSample, *, fields: FingerFields | None = None) -> Measured:
    """Measure a sample of a finger.

    Args:
        sample: The sample, at any resolution.
        fields: Learned networks over places; None takes those that ship.

    Raises:
        MissingPart: OpenCV is not installed.
    """
    learned = shipped_fields() if fields is None else fields
    picture = working_picture(sample)
    foreground = find_foreground(picture)
    relief = find_relief(picture)
    measures = {
        **foreground_measures(picture, foreground),
        **centring_measures(foreground),
        **placing_measures(picture, foreground, learned),
        **edge_measures(foreground),
        **contrast_measures(picture, foreground),
        **orientation_measures(picture, foreground),
        **core_measures(picture, foreground),
        **spectrum_measures(picture, foreground),
        **moisture_measures(picture, foreground, relief),
        **dryness_measures(picture, foreground, relief),
        **smear_measures(picture, foreground),
        **echo_measures(picture, foreground),
        **ghost_measures(picture, foreground, relief, learned),
    }
    return Measured(measures=measures, flow=flow_differences(picture, foreground))
