"""Degradations: the named ways in which a touch goes wrong, each with a severity from 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

Severities = Mapping["Degradation", float]
"""Severity of every degradation: 0 none, 1 grave."""


class Degradation(Enum):
    """What goes wrong between a finger and a sensor.

    Attributes:
        DRY: Skin without sweat. Ridges are thin, break into dashes and grey dots, and their pores open.
        WET: Sweat or water lies between the ridges. Neighbouring ridges merge, valleys fill in blots.
        LIGHT_PRESSURE: The finger barely lies on the glass. The contact is small, ridges are thin, whole
            and pale.
        HARD_PRESSURE: The finger is pressed flat. The contact is large, ridges are wide and dark, valleys
            are squeezed narrow and grey, and the skin spreads outward.
        OFF_CENTRE: The finger lies beside the middle of the sensor, and the picture's border cuts it.
        PARTIAL: One side of the finger does not touch: a straight edge cuts the print inside the picture.
        SMALL_AREA: Only a small patch touches, as on a small sensor or with the fingertip.
        SMUDGED: Ridges are wiped into streaks in places, by grease or by a slipping lift.
        MOVED: The finger slid during capture. The whole print shows twice, blurred between.
        LATENT_GHOST: Grease of an earlier finger still lies on the glass, and shows faintly under the
            print and around it, where the print leaves glass free.
        NO_FINGER: The finger is missing: at 1 an empty platen with dust, below that the contact shrinks.
        UPSIDE_DOWN: The finger is turned in the plane: by half a turn at 1, in proportion below.
        SCRATCHED: Cuts and cracks cross the ridges, most of them side by side.
        ABRADED: Work has worn the ridges off in patches: no flow is left there, only skin grain.
        STRETCHED: The skin is dragged and twisted while the middle sticks: ridges bend and change period.
    """

    DRY = "dry"
    WET = "wet"
    LIGHT_PRESSURE = "light_pressure"
    HARD_PRESSURE = "hard_pressure"
    OFF_CENTRE = "off_centre"
    PARTIAL = "partial"
    SMALL_AREA = "small_area"
    SMUDGED = "smudged"
    MOVED = "moved"
    LATENT_GHOST = "latent_ghost"
    NO_FINGER = "no_finger"
    UPSIDE_DOWN = "upside_down"
    SCRATCHED = "scratched"
    ABRADED = "abraded"
    STRETCHED = "stretched"


NOT_DEGRADED: Severities = MappingProxyType(dict.fromkeys(Degradation, 0.0))


def check_severities(degradations: Mapping[Degradation, float] | None) -> Severities:
    """Severity of every degradation, 0 for those that are not named.

    Raises:
        ValueError: A severity lies outside 0 to 1.
    """
    for degradation, severity in (degradations or {}).items():
        if not 0 <= severity <= 1:
            raise ValueError(f"severity of {degradation.value} must lie in 0..1, got {severity!r}")
    return MappingProxyType({**NOT_DEGRADED, **(degradations or {})})
