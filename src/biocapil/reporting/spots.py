"""Small shapes that mark points of a diagram; each line has a shape of its own."""

from __future__ import annotations

from biocapil.reporting.markup import element

SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
    "M-3.6 -3.6h7.2v7.2h-7.2Z",
    "M0 -4.8L4.6 3.6H-4.6Z",
    "M0 -5L5 0L0 5L-5 0Z",
    "M0 4.8L4.6 -3.6H-4.6Z",
    "M-1.6 -4.6h3.2v3h3v3.2h-3v3h-3.2v-3h-3v-3.2h3Z",
)
"""Circle, square, triangle, diamond, triangle on its tip, cross; each around the origin."""


def draw_spot(place: int, x: float, y: float, colour: str, *, filled: bool = True, told: str = "") -> str:
    """Draw the shape of the line that is drawn first, second, and so on.

    Args:
        place: Number of the line, from 0.
        x: Centre, user units.
        y: Centre, user units.
        colour: Colour of the shape.
        filled: Whether it is drawn full; open shapes mark what is less sure.
        told: Finished markup inside, such as a ``<title>``.
    """
    return element(
        "path",
        told,
        d=SHAPES[place % len(SHAPES)],
        transform=f"translate({x:.1f} {y:.1f})",
        fill=colour if filled else "none",
        pointer_events="all",
        stroke=colour,
        stroke_width=1.6,
        class_="spot",
    )
