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

    pitch: float = 1.25
    jitter: float = 0.6
    filled: float = 0.55
    crowding: float = 0.15
    variety: float = 1.3
    bend: float = 0.08
    wander: float = 0.05
    width: float = 12.8
    height: float = 15.5
    size_spread: float = 0.15
    off_centre: float = 1.17
    roll: float = 0.2
    stretch: float = 0.0136
    place_noise: float = 0.037
    direction_noise: float = 0.029
    missed: float = 0.02
    false: float = 1.05
    carelessness: float = 1.15
    lasting: float = 0.95


FITTED = FingerModel()
"""Fitted by `fit_fingers.py` to three sets of real prints; `results/population.json` tells how well."""
