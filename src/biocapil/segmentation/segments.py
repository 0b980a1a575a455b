"""`SlapSegmentation`: what a slap shows, finger by finger."""

from __future__ import annotations

from dataclasses import dataclass

from biocapil.segmentation.opencv import Mask
from biocapil.vocabulary import FingerPosition, Hand


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SlapSegment:
    """One finger on a slap.

    Attributes:
        position: Which finger; UNKNOWN where the region is none of the hand's.
        box_px: Left, top, width and height of the smallest upright box around its contact.
        angle_rad: Turn of the finger, counter-clockwise as a viewer sees it; 0 points straight up.
        cut_off: Whether it reaches over the border of the picture.
        mask: Cells of the whole slap that belong to it. Shape (rows, columns) in cells, bool.
        px_per_cell: Pixels of the slap along a cell.
    """

    position: FingerPosition
    box_px: tuple[int, int, int, int]
    angle_rad: float
    cut_off: bool
    mask: Mask
    px_per_cell: float

    def __repr__(self) -> str:
        return f"SlapSegment({self.position.name}, box {self.box_px})"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SlapSegmentation:
    """What a slap shows.

    Attributes:
        segments: Fingers from left to right.
        hand: Whose fingers; None for thumbs and for an empty glass.
        hand_probability: Share of this hand among both, when both were equally likely beforehand; 0 where
            there is none.
        turn_rad: Turn of the hand, counter-clockwise as a viewer sees it.
    """

    segments: tuple[SlapSegment, ...]
    hand: Hand | None = None
    hand_probability: float = 0.0
    turn_rad: float = 0.0

    @property
    def positions(self) -> frozenset[FingerPosition]:
        """Fingers that were named."""
        return frozenset(each.position for each in self.segments if each.position)

    @property
    def strangers(self) -> int:
        """Regions that are no finger of the hand."""
        return sum(not each.position for each in self.segments)
