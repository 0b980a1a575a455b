"""What a comparison of irises saw: both eyes with their borders, the irises laid flat, where they agree."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biocapil.comparison.iris_agreement import IrisAgreement
from biocapil.errors import MissingPart
from biocapil.iris_segmentation import IrisContour, IrisSegmentation, UnwrappedIris
from biocapil.reporting import palette
from biocapil.reporting.markup import element, picture, words
from biocapil.reporting.photo_image import photo_data_uri
from biocapil.reporting.text_room import fitted_words
from biocapil.sample import CapturedSample

SIDE = 330.0
GAP = 24.0
MARGIN = 12.0
LINE = 20.0
FLAT_HEIGHT = 80.0
MAP_HEIGHT = 96.0
COVERED = (213, 94, 0)
AGREES, DIFFERS, NOT_COMPARED = (0, 114, 178), (230, 159, 0), (235, 235, 235)
"""Red, green and blue of the maps; blue and orange differ for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEye:
    """One eye of a pair.

    Attributes:
        sample: The picture.
        segmentation: Where its iris lies.
        unwrapped: The iris laid flat.
        label: Heading.
    """

    sample: CapturedSample
    segmentation: IrisSegmentation
    unwrapped: UnwrappedIris
    label: str


def iris_pair_svg(probe: DrawnEye, reference: DrawnEye, agreement: IrisAgreement | None) -> str:
    """Draw two eyes and what their codes have in common.

    Args:
        probe: One eye.
        reference: The other.
        agreement: Of their codes; None where they could not be compared.

    Returns:
        A self-contained SVG document without references to anything outside.

    Raises:
        MissingPart: Pillow is not installed.
    """
    top = MARGIN + LINE
    width = 2 * SIDE + GAP
    eyes_height = max(_height(eye.sample) for eye in (probe, reference))
    drawn: list[str] = []
    for at, eye in enumerate((probe, reference)):
        left = MARGIN + at * (SIDE + GAP)
        label = fitted_words(eye.label, left, MARGIN + 10, room=SIDE, keep_end=True, font_weight="600")
        drawn += [label, *_eye(eye, left, top)]
    below = top + eyes_height + LINE
    for side, eye in (("at the left", probe), ("at the right", reference)):
        drawn += [
            words(
                f"The iris {side}, laid flat, from the pupil down to the white; what is covered is tinted",
                MARGIN,
                below + 12,
            ),
            _image(_flat(eye.unwrapped), MARGIN, below + LINE, width, FLAT_HEIGHT),
        ]
        below += FLAT_HEIGHT + 2 * LINE
    drawn.append(words(_told(agreement), MARGIN, below + 12))
    if agreement is not None:
        drawn.append(_image(_map(agreement), MARGIN, below + LINE, width, MAP_HEIGHT))
        below += MAP_HEIGHT + LINE
    return picture(
        *drawn,
        width=width + 2 * MARGIN,
        height=below + LINE + MARGIN,
        title=f"{probe.label} and {reference.label}",
        description=_told(agreement),
    )


def _eye(eye: DrawnEye, left: float, top: float) -> list[str]:
    scale = SIDE / eye.sample.pixels.shape[1]
    photo = element(
        "image", x=left, y=top, width=SIDE, height=_height(eye.sample), href=photo_data_uri(eye.sample)
    )
    borders = ((eye.segmentation.pupil, palette.ORANGE), (eye.segmentation.limbus, palette.GREEN))
    return [photo, *(_border(contour, colour, left, top, scale) for contour, colour in borders)]


def _border(contour: IrisContour, colour: str, left: float, top: float, scale: float) -> str:
    places = (contour.points() + 0.5) * scale + (left, top)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places.tolist())
    return element("polygon", points=points, fill="none", stroke=colour, stroke_width=1.5)


def _height(sample: CapturedSample) -> float:
    rows, columns = sample.pixels.shape
    return float(SIDE * rows / columns)


def _flat(iris: UnwrappedIris) -> NDArray[np.uint8]:
    """Grey values, what is covered tinted. Shape (rows, columns, 3)."""
    grey = np.repeat(np.clip(iris.grey, 0, 255)[..., None], 3, axis=2)
    tinted = 0.5 * grey + 0.5 * np.array(COVERED)
    return np.where(iris.mask[..., None], grey, tinted).astype(np.uint8)


def _map(agreement: IrisAgreement) -> NDArray[np.uint8]:
    """A colour a bit. Shape (column_bits, columns, 3)."""
    compared, agrees = agreement.compared[..., None], agreement.agrees[..., None]
    colours = np.where(compared, np.where(agrees, AGREES, DIFFERS), NOT_COMPARED)
    return colours.astype(np.uint8)


def _told(agreement: IrisAgreement | None) -> str:
    if agreement is None:
        return "Too few bits are valid in both codes: they cannot be compared."
    return (
        f"{agreement.differing_bits:,} of {agreement.compared_bits:,} compared bits differ (orange); "
        f"similarity {agreement.similarity:.1f}, turned by {agreement.turn} columns."
    )


def _image(pixels: NDArray[np.uint8], left: float, top: float, width: float, height: float) -> str:
    return element(
        "image", x=left, y=top, width=width, height=height, href=_png(pixels), preserveAspectRatio="none"
    )


def _png(pixels: NDArray[np.uint8]) -> str:
    try:
        from PIL import Image  # noqa: PLC0415  # optional part: only where pictures are drawn
    except ImportError as exc:
        raise MissingPart("Pillow", extra="extract", purpose="drawing a sample") from exc
    buffer = io.BytesIO()
    image: Any = Image.fromarray(pixels)
    image.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
