"""From maps to an `IrisSegmentation`: both borders, in pixels of the sample, with their confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.extraction.iris.confidence import confidence_measures, confidence_of
from biocapil.extraction.iris.contour import Disc, find_disc
from biocapil.extraction.iris.network_maps import NetworkMaps
from biocapil.extraction.iris_rule import IrisRule
from biocapil.iris_segmentation import IrisContour, IrisSegmentation

CHANNELS = ("pupil", "iris", "opening", "valid")
"""What the network must answer."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundDiscs:
    """Borders in cells of the maps, with what the confidence is made of.

    Attributes:
        pupil: Border of the pupil.
        iris: Border of the iris.
        measures: Of `confidence_measures`.
    """

    pupil: Disc
    iris: Disc
    measures: tuple[float, ...]


def find_discs(maps: dict[str, NDArray[np.float32]], *, rule: IrisRule) -> FoundDiscs | None:
    """Find both borders, or None where one is missing."""
    iris = find_disc(maps["iris"], waves=rule.limbus_waves)
    pupil = find_disc(maps["pupil"], waves=rule.pupil_waves)
    if iris is None or pupil is None:
        return None
    return FoundDiscs(pupil=pupil, iris=iris, measures=confidence_measures(pupil, iris, maps))


def segmentation_of(
    found: FoundDiscs, maps: dict[str, NDArray[np.float32]], answers: NetworkMaps, *, rule: IrisRule
) -> IrisSegmentation:
    """What was found, in pixels of the sample."""
    return IrisSegmentation(
        pupil=_contour(found.pupil, answers.px_per_cell),
        limbus=_contour(found.iris, answers.px_per_cell),
        opening=maps["opening"],
        valid=maps["valid"],
        px_per_cell=answers.px_per_cell,
        confidence=confidence_of(found.measures, rule.confidence),
    )


def _contour(disc: Disc, px_per_cell: float) -> IrisContour:
    return IrisContour(
        center_x_px=(disc.center[0] + 0.5) * px_per_cell - 0.5,
        center_y_px=(disc.center[1] + 0.5) * px_per_cell - 0.5,
        radius_px=disc.radius * px_per_cell,
        radii_px=disc.radii * px_per_cell,
    )
