"""Whose hand it is, and which finger is which: the places of fingertips against those of a hand laid flat.

A right hand and a left one are mirror images, and without the little finger's shortness they would be one
shape. Every way to name the regions is weighed: how far each fingertip lies from its place in the best
fitting hand, how far the hand is turned, what outlines and ridges say about where fingers point and of whose
hand they are, and what is missing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from biocapil.segmentation.pointing import Pointing
from biocapil.segmentation.regions import Region
from biocapil.vocabulary import FingerPosition, Hand

PLACES_MM = ((-26.4, 3.0), (-8.9, -5.8), (8.9, -3.0), (25.9, 12.2))
"""x and y of the middles of a right hand's fingertips, index to little finger, y downward."""

FAN_RAD = tuple(math.radians(angle) for angle in (7.0, 2.0, -3.0, -9.0))
"""Turns of the same fingers, counter-clockwise: they spread from the wrist."""

SIZES = (0.0, 0.06, 0.02, -0.16)
"""Logarithm of the length of each fingertip's contact against the mean of the hand."""

PLACE_MM = 2.6
"""Standard deviation of a fingertip's place."""

SPREAD = 0.2
"""Standard deviation of how widely fingers are spread, as a share."""

HAND_TURN_RAD = math.radians(11)
"""Standard deviation of the turn of a hand on the glass."""

OUTLINE_RAD, RIDGES_RAD = math.radians(18), math.radians(12)
"""Standard deviation of a finger's turn in its hand, together with the error of measuring it: by its outline,
and by its ridges."""

MOST = 3.0
"""What one finger's turn costs at most, in units of log likelihood."""

SIZE = 0.10
"""Standard deviation of the logarithm of a contact's size."""

ABSENT = 5.0
"""What it costs, in units of log likelihood, that a finger which is there does not touch."""

SWAPS = 0.05
"""How often people lay down the other hand than the one that is asked for, against the right one."""

SUPERFLUOUS = 7.0
"""What it costs that something else touches."""

TURNS_RAD = np.radians(np.arange(-40, 41, 2.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandReading:
    """One way to name the regions.

    Attributes:
        hand: Whose fingers they are.
        probability: Share of this hand among both, 0 to 1, had both been equally likely beforehand.
        positions: Finger of each region from left to right; None where a region is none.
        turn_rad: Turn of the hand, counter-clockwise as a viewer sees it.
    """

    hand: Hand
    probability: float
    positions: tuple[FingerPosition | None, ...]
    turn_rad: float


def read_hand(
    regions: Sequence[Region],
    pointings: Sequence[Pointing],
    *,
    missing: Collection[FingerPosition] = (),
    expected: Hand | None = None,
) -> HandReading | None:
    """The likeliest way to name regions; None where there are none.

    Args:
        regions: From left to right.
        pointings: What the ridges of each say.
        missing: Fingers, of either hand, that the person does not have or cannot lay down.
        expected: Hand that was asked for; the other one is taken to be `SWAPS` times as likely beforehand.
    """
    if not regions:
        return None
    best = {
        hand: min(_ways(regions, pointings, hand, missing), key=lambda way: way[0], default=None)
        for hand in Hand
    }
    found = {hand: way for hand, way in best.items() if way is not None}
    if not found:
        return None
    beforehand = {each: 0.0 if expected in {None, each} else -math.log(SWAPS) for each in found}
    hand = min(found, key=lambda each: found[each][0] + beforehand[each])
    lost = found[hand.other][0] - found[hand][0] if hand.other in found else math.inf
    _, positions, turn = found[hand]
    return HandReading(
        hand=hand, probability=1 / (1 + math.exp(-min(lost, 700.0))), positions=positions, turn_rad=turn
    )


Way = tuple[float, tuple[FingerPosition | None, ...], float]
"""Cost, names from left to right, turn."""


def _ways(
    regions: Sequence[Region], pointings: Sequence[Pointing], hand: Hand, missing: Collection[FingerPosition]
) -> Iterator[Way]:
    """Every way to name the regions as fingers of a hand."""
    there = [digit for digit, position in enumerate(hand.fingers) if position not in missing]
    count = min(len(regions), len(there))
    left_out = ABSENT * (len(there) - count) + SUPERFLUOUS * (len(regions) - count)
    for chosen in combinations(range(len(regions)), count):
        for digits in combinations(there, count):
            named = digits if hand is Hand.RIGHT else digits[::-1]
            cost, turn = _misfit(
                [regions[at] for at in chosen],
                [pointings[at] for at in chosen],
                named,
                mirrored=hand is Hand.LEFT,
            )
            positions: list[FingerPosition | None] = [None] * len(regions)
            for at, digit in zip(chosen, named, strict=True):
                positions[at] = hand.fingers[digit]
            yield cost + left_out, tuple(positions), turn


def _misfit(
    regions: Sequence[Region], pointings: Sequence[Pointing], digits: Sequence[int], *, mirrored: bool
) -> tuple[float, float]:
    """Cost of a naming at the turn that fits best, and that turn."""
    side = -1.0 if mirrored else 1.0
    places = np.array([PLACES_MM[digit] for digit in digits]) * (side, 1.0)
    fans = np.array([FAN_RAD[digit] for digit in digits]) * side
    found = np.array([(region.x_mm, region.y_mm) for region in regions])
    cosine, sine = np.cos(TURNS_RAD), np.sin(TURNS_RAD)
    x = np.outer(cosine, found[:, 0]) - np.outer(sine, found[:, 1])
    y = np.outer(sine, found[:, 0]) + np.outer(cosine, found[:, 1])
    cost = _across(x, places[:, 0]) + _down(y, places[:, 1])
    cost += (TURNS_RAD / HAND_TURN_RAD) ** 2 / 2
    sureness = np.array([_sureness(region) for region in regions])
    outlines = np.array([region.angle_rad for region in regions]) - fans
    ridges = np.array([pointing.turn_rad for pointing in pointings]) - fans
    cost += _turned(outlines, OUTLINE_RAD) @ sureness + _turned(ridges, RIDGES_RAD).sum(axis=1)
    cost += _sizes(regions, digits) - side / 2 * sum(each.right_evidence for each in pointings)
    at = int(cost.argmin())
    return float(cost[at]), float(TURNS_RAD[at])


def _across(x: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cost of the places along the row of fingers, at the spread that fits best. Shape (turns,)."""
    wanted, found = places - places.mean(), x - x.mean(axis=1, keepdims=True)
    stiff = (PLACE_MM / SPREAD) ** 2
    spread = (found @ wanted + stiff) / (wanted @ wanted + stiff)
    missed = ((found - np.outer(spread, wanted)) ** 2).sum(axis=1)
    return np.asarray((missed / PLACE_MM**2 + ((spread - 1) / SPREAD) ** 2) / 2)


def _down(y: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    missed = (y - y.mean(axis=1, keepdims=True)) - (places - places.mean())
    return np.asarray((missed**2).sum(axis=1) / PLACE_MM**2 / 2)


def _turned(fingers: NDArray[np.float64], deviation_rad: float) -> NDArray[np.float64]:
    """Cost of the turns of fingers at each turn of the hand; one that points nowhere costs no more than MOST.

    Shape (turns, fingers).
    """
    missed = np.subtract.outer(TURNS_RAD, fingers) / deviation_rad
    return np.asarray(MOST * (1 - np.exp(-(missed**2) / (2 * MOST))))


def _sureness(region: Region) -> float:
    """How far the longer axis is that of the finger, 0 for a round contact to 1."""
    return 0.0 if region.cut_off else min(1.0, max(0.0, (region.elongation - 1.15) / 0.3))


def _sizes(regions: Sequence[Region], digits: Sequence[int]) -> float:
    whole = [at for at, region in enumerate(regions) if not region.cut_off]
    if len(whole) < 2:
        return 0.0
    found = np.array([math.log(regions[at].area_mm2) / 2 for at in whole])
    wanted = np.array([SIZES[digits[at]] for at in whole])
    missed = (found - found.mean()) - (wanted - wanted.mean())
    return float((missed**2).sum() / SIZE**2 / 2)
