"""How a hand lies on a glass: the places and turns of its four fingertips."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

FINGERTIPS_PX = ((-520.0, 60.0), (-175.0, -115.0), (175.0, -60.0), (510.0, 240.0))
"""x and y of the contacts of the right index, middle, ring and little finger from the middle of the glass:
18 mm apart, the little finger 15 mm below its neighbour."""

FAN_RAD = (math.radians(7), math.radians(2), math.radians(-3), math.radians(-9))
"""Turns of the same fingers, counter-clockwise: they spread from the wrist."""

LOST_BY_DIGIT = (0.10, 0.04, 0.08, 0.22)
"""How much smaller than a thumb's or middle finger's each contact is, in parts of its radius."""

PLACE_DEVIATION_PX = 28.0
TURN_DEVIATION_RAD = math.radians(3)
HAND_TURN_DEVIATION_RAD = math.radians(6)
HAND_TURN_LIMIT_RAD = math.radians(15)
HAND_SHIFT_DEVIATION_PX = 35.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerPose:
    """Where one finger of a hand lies.

    Attributes:
        x_px: Middle of its contact, from the middle of the glass, to the right.
        y_px: The same, downward.
        turn_rad: Its turn, counter-clockwise as a viewer sees it.
        lost: How much smaller its contact is, in parts of its radius.
    """

    x_px: float
    y_px: float
    turn_rad: float
    lost: float


def draw_pose(rng: np.random.Generator, *, mirrored: bool, difficulty: float) -> tuple[FingerPose, ...]:
    """Pose of a random hand on a glass.

    Args:
        rng: Source of randomness.
        mirrored: A left hand, whose index finger lies rightmost.
        difficulty: 0 to 1; how crookedly the hand lies.

    Returns:
        Index, middle, ring and little finger.
    """
    reach = 0.5 + difficulty
    turn = float(
        np.clip(rng.normal(0, HAND_TURN_DEVIATION_RAD * reach), -HAND_TURN_LIMIT_RAD, HAND_TURN_LIMIT_RAD)
    )
    shift = rng.normal(0, HAND_SHIFT_DEVIATION_PX * reach, 2)
    side = -1.0 if mirrored else 1.0
    poses: list[FingerPose] = []
    for fingertip, fan, lost in zip(FINGERTIPS_PX, FAN_RAD, LOST_BY_DIGIT, strict=True):
        x, y = np.multiply(fingertip, (side, 1)) + rng.normal(0, PLACE_DEVIATION_PX * reach, 2)
        poses.append(
            FingerPose(
                x_px=float(x * math.cos(turn) + y * math.sin(turn) + shift[0]),
                y_px=float(y * math.cos(turn) - x * math.sin(turn) + shift[1]),
                turn_rad=float(turn + side * fan + rng.normal(0, TURN_DEVIATION_RAD * reach)),
                lost=float(lost + rng.uniform(-0.04, 0.04)),
            )
        )
    return tuple(poses)
