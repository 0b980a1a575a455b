"""What a comparison of faces saw: both aligned faces with their points, and how much their likeness means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biocapil.reporting import palette
from biocapil.reporting.markup import element, number, picture, words
from biocapil.reporting.photo_image import photo_data_uri
from biocapil.reporting.text_room import SMALL, fitted_words
from biocapil.sample import CapturedSample

SIDE = 330.0
GAP = 26.0
MARGIN = 10.0
HEADING = 24.0
SCALE_HEIGHT = 92.0
FULL_SCALE = 100.0
LEAST_ROOM = 34.0
"""Room that the words of one tick need, user units; a tick that is closer to another has none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnFace:
    """One face of a pair.

    Attributes:
        aligned: The face as the network saw it, in the colours of its picture.
        points_px: x and y of the five points in it. Shape (5, 2).
        label: Heading.
    """

    aligned: CapturedSample
    points_px: NDArray[np.floating]
    label: str


def face_pair_svg(
    probe: DrawnFace, reference: DrawnFace, *, similarity: float, rates: Mapping[float, float]
) -> str:
    """Draw two faces as the network saw them, and their similarity on the calibrated scale.

    Args:
        probe: One face.
        reference: The other.
        similarity: Of their embeddings, 0 to 100.
        rates: Least similarity for each false match rate; empty where no calibration speaks of the model.

    Returns:
        A self-contained SVG document without references to anything outside.

    Raises:
        MissingPart: Pillow is not installed.
    """
    width = 2 * SIDE + GAP
    drawn: list[str] = []
    for at, face in enumerate((probe, reference)):
        left = MARGIN + at * (SIDE + GAP)
        label = fitted_words(face.label, left, MARGIN + 14, room=SIDE, keep_end=True, font_weight="600")
        drawn += [label, *_face(face, left, MARGIN + HEADING)]
    below = MARGIN + HEADING + max(_height(face) for face in (probe, reference))
    told = _told(similarity, rates)
    drawn += [words(told, MARGIN, below + 22), *_scale(similarity, rates, top=below + 56, width=width)]
    return picture(
        *drawn,
        width=width + 2 * MARGIN,
        height=below + SCALE_HEIGHT + MARGIN,
        title=f"{probe.label} and {reference.label}",
        description=told,
    )


def _height(face: DrawnFace) -> float:
    rows, columns = face.aligned.pixels.shape[:2]
    return float(SIDE * rows / columns)


def _face(face: DrawnFace, left: float, top: float) -> list[str]:
    scale = SIDE / face.aligned.pixels.shape[1]
    photo = element(
        "image", x=left, y=top, width=SIDE, height=_height(face), href=photo_data_uri(face.aligned)
    )
    places = (face.points_px + 0.5) * scale + (left, top)
    return [
        photo,
        *(
            element("circle", cx=x, cy=y, r=5.0, fill="none", stroke=palette.ORANGE, stroke_width=2.0)
            for x, y in places.tolist()
        ),
    ]


def _scale(similarity: float, rates: Mapping[float, float], *, top: float, width: float) -> list[str]:
    """The axis of similarity, a tick for each false match rate, and the mark of this pair."""

    def place(value: float) -> float:
        return MARGIN + width * min(max(value / FULL_SCALE, 0.0), 1.0)

    drawn = [element("line", x1=MARGIN, x2=MARGIN + width, y1=top, y2=top, stroke="currentColor")]
    written_to = -LEAST_ROOM
    for rate, least in sorted(_on_scale(rates).items(), key=lambda each: each[1]):
        x = place(least)
        drawn.append(element("line", x1=x, x2=x, y1=top, y2=top + 7, stroke="currentColor"))
        if x - written_to >= LEAST_ROOM:
            label = f"{100 * rate:g} %"
            drawn.append(words(label, x, top + 20, text_anchor="middle", font_size=SMALL, class_="rate"))
            written_to = x
    x = place(similarity)
    corners = " ".join(f"{number(x + dx)},{number(top + dy)}" for dx, dy in ((0, -1), (-6, -13), (6, -13)))
    return [*drawn, element("polygon", points=corners, fill=palette.BLUE)]


def _on_scale(rates: Mapping[float, float]) -> dict[float, float]:
    return {rate: least for rate, least in rates.items() if 0 <= least <= FULL_SCALE}


def _told(similarity: float, rates: Mapping[float, float]) -> str:
    if not rates:
        return f"Similarity {similarity:.1f} of {FULL_SCALE:g}; no calibration says what it means."
    reached = [rate for rate, least in rates.items() if similarity >= least]
    share = f"at most {100 * min(reached):g} %" if reached else f"more than {100 * max(rates):g} %"
    return f"Similarity {similarity:.1f}; by the calibration {share} of pairs of two people reach it (ticks)."
