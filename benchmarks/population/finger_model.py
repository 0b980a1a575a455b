"""`FingerModel`: the numbers of drawn fingers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerModel:
    """Numbers of the model; lengths in millimetres, angles in radians.

    Attributes:
        pitch: Side of the cell of a minutia.
        jitter: Share of the cell that it may lie in.
        filled: Share of the cells with a minutia.
        crowding: Spread of that share over fingers.
        variety: Spread of the places of cores and deltas, 1 for about a millimetre.
        bend: Spread of what else the ridge flows of fingers differ in.
        wander: Spread of a minutia's direction about the ridge flow.
        width: Of an impression.
        height: Of an impression.
        size_spread: Spread of the logarithm of both.
        off_centre: Spread of the place that is pressed.
        roll: Spread of the turn of an impression.
        stretch: Spread of the strain of the skin.
        place_noise: Spread of a minutia's place in a middling impression.
        direction_noise: Spread of its direction.
        missed: Share of minutiae that a middling impression misses, of those of middling quality about half.
        false: Minutiae that a middling impression has too many.
        carelessness: Spread of the logarithm by which impressions differ in noise, misses and false minutiae.
        lasting: Share of a minutia's quality that is the same in all impressions, as a correlation's root.
    """

    pitch: float = 1.294
    jitter: float = 0.795
    filled: float = 0.639
    crowding: float = 0.0552
    variety: float = 3.0
    bend: float = 0.0694
    wander: float = 0.0521
    width: float = 11.69
    height: float = 15.5
    size_spread: float = 0.1683
    off_centre: float = 1.208
    roll: float = 0.1977
    stretch: float = 0.00973
    place_noise: float = 0.0164
    direction_noise: float = 0.0485
    missed: float = 0.027
    false: float = 0.277
    carelessness: float = 0.7316
    lasting: float = 0.97


FITTED = FingerModel()
"""Fitted by `fit_population.py` to three sets of real prints; `results/population.json` tells how well."""
