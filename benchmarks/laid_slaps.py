"""Slaps laid together from single prints, for `bench_slaps`; how a hand lies is drawn by no synthesiser.

The prints are real; the geometry is ours. Fingertips stand where fingers of unequal length end, each print is
turned with its finger, and the hand lies crookedly, lacks fingers, or reaches over the border of the glass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biocapil.sample import CapturedSample
from biocapil.vocabulary import FingerPosition, Hand

GLASS_MM = (76.2, 81.3)
"""Rows and columns of a ten-print scanner's glass."""

PPI = 500
PX_PER_MM = PPI / 25.4
PITCH_MM = (18.5, 1.5)
"""Mean and deviation of the distance of neighbouring fingers."""

DROPS_MM = ((8.0, 2.5), (0.0, 1.0), (3.5, 2.0), (19.0, 3.5))
"""How much lower than the middle fingertip each ends, index to little finger: mean and deviation."""

FAN_DEG = ((6.0, 4.0), (1.5, 3.0), (-3.0, 3.0), (-9.0, 4.0))
"""Turn of each finger of a right hand, counter-clockwise."""

SIZE = (0.8, 1.1)
"""Hands of children to hands of tall men, as shares."""

HAND_TURN_DEG = 20.0
HAND_SHIFT_MM = 6.0
MISSING_ONE, MISSING_TWO = 0.25, 0.05
OVER_BORDER = 0.2
OVER_MM = (2.0, 8.0)
"""How far the outermost finger reaches over the border."""

PAPER, NOISE = 250.0, 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidSlap:
    """A slap and who lies on it.

    Attributes:
        sample: The slap.
        hand: Whose fingers.
        missing: Fingers of that hand that are not there.
        middles_px: x and y of the middle of each print, by finger.
        over_border: Whether a finger was pushed over the border.
        turn_rad: Turn of the hand.
    """

    sample: CapturedSample
    hand: Hand
    missing: tuple[FingerPosition, ...]
    middles_px: Mapping[FingerPosition, tuple[float, float]]
    over_border: bool
    turn_rad: float


def lay_slap(
    prints: Mapping[FingerPosition, NDArray[np.uint8]], hand: Hand, rng: np.random.Generator
) -> LaidSlap:
    """Lay prints of a hand together.

    Args:
        prints: At 500 ppi, upright, ridges dark on white, by finger: all four of the hand.
        hand: Whose.
        rng: Source of randomness.
    """
    side = 1.0 if hand is Hand.RIGHT else -1.0
    size, pitch = rng.uniform(*SIZE), rng.normal(*PITCH_MM)
    turn = math.radians(rng.uniform(-HAND_TURN_DEG, HAND_TURN_DEG))
    places: list[tuple[float, float]] = []
    turns: list[float] = []
    for digit in range(4):
        x = side * (digit - 1.5) * pitch * size + rng.normal(0, 1.0)
        y = rng.normal(*DROPS_MM[digit]) * size - 7.0
        places.append((x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)))
        turns.append(turn + side * math.radians(rng.normal(*FAN_DEG[digit])))
    drawn = rng.random()
    count = 2 if drawn < MISSING_TWO else int(drawn < MISSING_TWO + MISSING_ONE)
    missing = tuple(hand.fingers[at] for at in sorted(rng.choice(4, count, replace=False).tolist()))
    there = [at for at in range(4) if hand.fingers[at] not in missing]
    over = bool(rng.random() < OVER_BORDER)
    shift = _shift([places[at] for at in there], rng, over=over)
    glass = np.full([round(length * PX_PER_MM) for length in GLASS_MM], PAPER, np.float32)
    middles: dict[FingerPosition, tuple[float, float]] = {}
    for at in there:
        middle = (
            (GLASS_MM[1] / 2 + places[at][0] + shift[0]) * PX_PER_MM,
            (GLASS_MM[0] / 2 + places[at][1] + shift[1]) * PX_PER_MM,
        )
        _press(glass, prints[hand.fingers[at]], middle, turns[at], size)
        middles[hand.fingers[at]] = middle
    noisy = np.clip(glass + rng.normal(0, NOISE, glass.shape), 0, 255).astype(np.uint8)
    return LaidSlap(
        sample=CapturedSample(pixels=noisy, resolution_ppi=PPI),
        hand=hand,
        missing=missing,
        middles_px=middles,
        over_border=over,
        turn_rad=turn,
    )


def _shift(places: list[tuple[float, float]], rng: np.random.Generator, *, over: bool) -> tuple[float, float]:
    """Where the hand lies: somewhere in the middle, or so far aside that a finger reaches over the border."""
    x, y = rng.normal(0, HAND_SHIFT_MM / 2, 2)
    half = GLASS_MM[1] / 2
    reach = 7.0
    right, left = max(place[0] for place in places) + reach, min(place[0] for place in places) - reach
    if over:
        beyond = rng.uniform(*OVER_MM)
        x = half - right + beyond if rng.random() < 0.5 else -half - left - beyond
    else:
        low, high = -half - left, half - right
        x = float(np.clip(x, low, high)) if low <= high else (low + high) / 2
    bottom, top = max(place[1] for place in places) + 11.0, min(place[1] for place in places) - 11.0
    low, high = -GLASS_MM[0] / 2 - top, GLASS_MM[0] / 2 - bottom
    return float(x), float(np.clip(y, low, high)) if low <= high else (low + high) / 2


def _press(
    glass: NDArray[np.float32],
    print_: NDArray[np.uint8],
    middle: tuple[float, float],
    turn: float,
    size: float,
) -> None:
    """Darken the glass by one print, turned about its own middle."""
    rows, columns = print_.shape
    cosine, sine = size * math.cos(turn), size * math.sin(turn)
    x0, y0 = columns / 2, rows / 2
    matrix = np.array(
        [
            [cosine, sine, middle[0] - cosine * x0 - sine * y0],
            [-sine, cosine, middle[1] + sine * x0 - cosine * y0],
        ]
    )
    laid = cv2.warpAffine(
        print_.astype(np.float32), matrix, glass.shape[::-1], flags=cv2.INTER_LINEAR, borderValue=255.0
    )
    np.minimum(glass, laid * (PAPER / 255.0), out=glass)
