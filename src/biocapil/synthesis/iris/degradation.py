"""Named ways in which a picture of an eye goes wrong, each with a severity from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum

from biocapil.synthesis.iris.conditions import EyeConditions


class EyeDegradation(Enum):
    """What goes wrong between an eye and a camera.

    Attributes:
        CLOSED: The lids are shut.
        FAR: The camera is too far away: the iris has few pixels.
        CUT: The border of the picture cuts the iris.
        DROOPING: The upper lid hangs over the iris.
        DEFOCUSED: The camera is not in focus.
        MOVED: The eye moved during the exposure.
        INTERLACED: The camera took odd and even rows one after the other.
        FLAT: Pupil, iris and white hardly differ.
        GLARE: Glasses reflect the lamp.
        WIDE_PUPIL: The pupil leaves little of the iris.
        NARROW_PUPIL: The pupil is a point.
        ASIDE: The eye looks aside.
    """

    CLOSED = "closed"
    FAR = "far"
    CUT = "cut"
    DROOPING = "drooping"
    DEFOCUSED = "defocused"
    MOVED = "moved"
    INTERLACED = "interlaced"
    FLAT = "flat"
    GLARE = "glare"
    WIDE_PUPIL = "wide_pupil"
    NARROW_PUPIL = "narrow_pupil"
    ASIDE = "aside"


def degrade(conditions: EyeConditions, degradation: EyeDegradation, severity: float) -> EyeConditions:
    """A visit at which one thing goes wrong.

    Args:
        conditions: The visit as it would have been.
        degradation: What goes wrong.
        severity: 0 nearly nothing, 1 grave.

    Raises:
        ValueError: The severity lies outside 0 to 1.
    """
    if not 0 <= severity <= 1:
        raise ValueError(f"severity of {degradation.value} must lie in 0..1, got {severity!r}")
    return _WAYS[degradation](conditions, severity)


def _between(low: float, high: float, severity: float) -> float:
    return low + (high - low) * severity


def _cut(visit: EyeConditions, severity: float) -> EyeConditions:
    edge = visit.radius_px * _between(0.6, 0.0, severity)
    right = visit.center_x_px > visit.columns / 2
    return replace(visit, center_x_px=visit.columns - edge if right else edge)


_WAYS: Mapping[EyeDegradation, Callable[[EyeConditions, float], EyeConditions]] = {
    EyeDegradation.CLOSED: lambda visit, _severity: replace(visit, upper_lid=-0.8, lower_lid=0.8),
    EyeDegradation.FAR: lambda visit, severity: replace(visit, radius_px=_between(38, 22, severity)),
    EyeDegradation.CUT: _cut,
    EyeDegradation.DROOPING: lambda visit, severity: replace(
        visit, upper_lid=_between(0.3, -0.1, severity), lower_lid=min(visit.lower_lid, 0.9)
    ),
    EyeDegradation.DEFOCUSED: lambda visit, severity: replace(
        visit, defocus_px=visit.radius_px * _between(0.03, 0.07, severity)
    ),
    EyeDegradation.MOVED: lambda visit, severity: replace(
        visit, motion_px=visit.radius_px * _between(0.12, 0.3, severity)
    ),
    EyeDegradation.INTERLACED: lambda visit, severity: replace(
        visit, interlace_px=_between(2.0, 6.0, severity)
    ),
    EyeDegradation.FLAT: lambda visit, severity: replace(visit, iris_contrast=_between(0.45, 0.2, severity)),
    EyeDegradation.GLARE: lambda visit, severity: replace(
        visit, glares=round(_between(3, 6, severity)), glasses=True
    ),
    EyeDegradation.WIDE_PUPIL: lambda visit, severity: replace(visit, dilation=_between(0.66, 0.8, severity)),
    EyeDegradation.NARROW_PUPIL: lambda visit, severity: replace(
        visit, dilation=_between(0.18, 0.12, severity)
    ),
    EyeDegradation.ASIDE: lambda visit, severity: replace(visit, gaze_rad=_between(0.55, 0.85, severity)),
}
