"""Two faces or two eyes beside each other: what a person looks at to settle a pair."""

from __future__ import annotations

from biocapil.any_template import Template
from biocapil.reporting import palette
from biocapil.reporting.markup import element, picture, words
from biocapil.reporting.photo_image import photo_data_uri
from biocapil.reporting.text_room import fitted_words
from biocapil.sample import CapturedSample

SIDE = 330.0
GAP = 26.0
MARGIN = 10.0
HEADING = 24.0
FOOT = 26.0


def side_by_side_svg(
    probe_template: Template,
    reference_template: Template,
    *,
    probe_image: CapturedSample | None,
    reference_image: CapturedSample | None,
    probe_label: str = "Probe",
    reference_label: str = "Reference",
) -> str:
    """Draw two samples beside each other, without what the comparison saw in them.

    Args:
        probe_template: Template of the probe; its words stand below the picture.
        reference_template: Template of the reference.
        probe_image: Sample of the probe; None leaves its place blank.
        reference_image: Sample of the reference.
        probe_label: Heading of the probe.
        reference_label: Heading of the reference.

    Returns:
        A self-contained SVG document without references to anything outside.

    Raises:
        MissingPart: An image is given and Pillow is not installed.
    """
    left, right = MARGIN, MARGIN + SIDE + GAP
    sides = (
        (probe_template, probe_image, probe_label, left),
        (reference_template, reference_image, reference_label, right),
    )
    heights = [_height(image) for _, image, _, _ in sides]
    bottom = MARGIN + HEADING + max(heights)
    drawn = [
        part
        for (template, image, label, x) in sides
        for part in (
            fitted_words(label, x, MARGIN + 14, room=SIDE + GAP / 2, keep_end=True, font_weight="600"),
            _place(image, x),
            words(repr(template), x, bottom + 18, opacity=0.75),
        )
    ]
    return picture(
        *drawn,
        width=right + SIDE + MARGIN,
        height=bottom + FOOT,
        title=f"{probe_label} beside {reference_label}",
        description="Two samples as they were captured, for a person to compare.",
    )


def _height(image: CapturedSample | None) -> float:
    if image is None:
        return SIDE
    rows, columns = image.pixels.shape[:2]
    return SIDE * rows / columns if rows < columns else SIDE


def _place(image: CapturedSample | None, left: float) -> str:
    """The sample, as large as the side allows."""
    top = MARGIN + HEADING
    if image is None:
        return element(
            "rect", x=left, y=top, width=SIDE, height=SIDE, fill="none", stroke=palette.UNPAIRED
        ) + words("no picture", left + SIDE / 2, top + SIDE / 2, text_anchor="middle", opacity=0.75)
    rows, columns = image.pixels.shape[:2]
    scale = SIDE / max(rows, columns)
    return element(
        "image", x=left, y=top, width=columns * scale, height=rows * scale, href=photo_data_uri(image)
    )
