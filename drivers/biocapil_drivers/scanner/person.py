"""The person before the emulated scanner: ten fingers, and what becomes of them on the glass."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from biocapil.capture import CaptureRequest, Presentation
from biocapil.sample import CapturedSample, Origin
from biocapil.synthesis import (
    MasterPrint,
    SensorStyle,
    draw_ten_fingers,
    make_impression,
    make_master,
    make_slap,
)
from biocapil.vocabulary import FingerPosition, Hand

STYLE = SensorStyle.OPTICAL_ENROLLMENT
THUMB_GAP_PX = 120
GLASS_PX = (1500, 1600)
CLEAN, PLAIN = 0.2, 0.3
"""Difficulty of single prints and of slaps."""

TWO_PEOPLE = 20
"""Fingers that are kept: drawing one takes a quarter of a second, and people come back."""

PERSON, FINGER, TOUCH = 1, 2, 3
"""First words of the seeds."""


@dataclass(slots=True, kw_only=True)
class Person:
    """One person with a scanner before them; whatever they show depends on number and visit alone.

    Attributes:
        number: Which person.
        visit: Which of their visits, from 0: the same fingers, laid down in another way.
        missing: Fingers that they do not have.
        swaps: How often they lay down the other hand before they do as they are asked.
        touches: How often they have laid something down.
    """

    number: int
    visit: int = 0
    missing: frozenset[FingerPosition] = frozenset()
    swaps: int = 0
    touches: int = 0

    def show(self, request: CaptureRequest) -> CapturedSample:
        """What they lay on the glass when they are asked.

        Args:
            request: What they are asked for; without fingers, right ones.
        """
        self.touches += 1
        asked = [FingerPosition(each.position) for each in request.instances]
        if request.presentation is Presentation.FOUR_FINGERS:
            return self._slap(asked)
        if request.presentation is Presentation.TWO_THUMBS:
            return self._thumbs()
        return self._finger(next(iter(asked), FingerPosition.RIGHT_INDEX) or FingerPosition.RIGHT_INDEX)

    def _slap(self, asked: Collection[FingerPosition]) -> CapturedSample:
        hand = Hand.LEFT if set(asked) & set(Hand.LEFT.fingers) else Hand.RIGHT
        if self.swaps:
            self.swaps -= 1
            hand = hand.other
        masters = {each: self._master(each) for each in hand.fingers if each not in self.missing}
        slap = make_slap(
            masters, self._seed(), hand=hand, missing=self.missing & set(hand.fingers), difficulty=PLAIN
        )
        return slap.sample

    def _thumbs(self) -> CapturedSample:
        """Both thumbs side by side, the left one left."""
        glass = np.full(GLASS_PX, 255, np.uint8)
        for at, thumb in enumerate((FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_THUMB)):
            if thumb not in self.missing:
                pixels = self._finger(thumb).pixels
                rows, columns = pixels.shape
                left = GLASS_PX[1] // 2 + (THUMB_GAP_PX if at else -THUMB_GAP_PX - columns)
                top = (GLASS_PX[0] - rows) // 2
                glass[top : top + rows, left : left + columns] = pixels
        return CapturedSample(pixels=glass, resolution_ppi=500, origin=Origin.SYNTHETIC)

    def _finger(self, finger: FingerPosition) -> CapturedSample:
        shown = make_impression(self._master(finger), self._seed(), style=STYLE, difficulty=CLEAN)
        return replace(shown, position=FingerPosition.UNKNOWN)

    def _master(self, finger: FingerPosition) -> MasterPrint:
        return _master_of(self.number, finger)

    def _seed(self) -> np.random.Generator:
        return np.random.default_rng((self.number, TOUCH, self.touches, self.visit))


@lru_cache(maxsize=TWO_PEOPLE)
def _master_of(person: int, finger: FingerPosition) -> MasterPrint:
    traits = draw_ten_fingers((person, PERSON))[finger]
    return make_master((person, FINGER, int(finger)), pattern=traits.pattern, period_px=traits.period_px)
