"""Words beside points of a diagram, placed where they hide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from biocapil.reporting.diagram import Frame
from biocapil.reporting.markup import words
from biocapil.reporting.text_room import SMALL, text_width

GAP = 7.0
SIDES = ((1, 4), (-1, 4), (1, -9), (-1, -9), (1, 17), (-1, 17), (1, 31), (-1, 31), (1, -23), (-1, -23))
"""Where a label may stand beside its point: to the right or left, and how far down, user units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointLabel:
    """A word that belongs to a point.

    Attributes:
        x: Place of the point, user units.
        y: Place of the point, user units.
        content: The word.
    """

    x: float
    y: float
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Rectangle that a word covers, user units."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether two rectangles share some area."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def inside(self, frame: Frame) -> bool:
        """Whether a frame holds the whole rectangle."""
        across = frame.left <= self.left and self.right <= frame.right
        return across and frame.top <= self.top and self.bottom <= frame.bottom


def draw_point_labels(labels: Sequence[PointLabel], frame: Frame) -> str:
    """Write each word beside its point, inside the frame, and where no other word or point lies."""
    taken = [Box(left=one.x - 4, top=one.y - 4, right=one.x + 4, bottom=one.y + 4) for one in labels]
    drawn: list[str] = []
    for label in labels:
        choices = [(side, down, _box(label, side, down)) for side, down in SIDES]
        within = [choice for choice in choices if choice[2].inside(frame)] or choices
        free = [choice for choice in within if not any(choice[2].overlaps(box) for box in taken)]
        side, down, box = (free or within)[0]
        taken.append(box)
        anchor = "start" if side > 0 else "end"
        x, y = label.x + side * GAP, label.y + down
        drawn.append(words(label.content, x, y, text_anchor=anchor, font_size=SMALL))
    return "".join(drawn)


def _box(label: PointLabel, side: int, down: int) -> Box:
    width = text_width(label.content, SMALL)
    left = label.x + GAP if side > 0 else label.x - GAP - width
    baseline = label.y + down
    return Box(left=left, top=baseline - 10, right=left + width, bottom=baseline + 3)
