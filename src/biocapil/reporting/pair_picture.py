"""The picture of one comparison: both prints, the pairs between them, the alignment, the score's terms."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from biocapil.reporting import palette
from biocapil.reporting.alignment_picture import draw_alignment
from biocapil.reporting.legend import LegendItem, draw_legend
from biocapil.reporting.markup import element, picture, words
from biocapil.reporting.minutia_marks import marks_of
from biocapil.reporting.pair_links import draw_links, draw_unpaired
from biocapil.reporting.panel import Panel, drawn_extent_um, panel_background, scale_to_fit
from biocapil.reporting.score_terms import draw_terms
from biocapil.reporting.text_room import fitted_words
from biocapil.sample import CapturedSample
from biocapil.template import FingerprintTemplate
from biocapil.vocabulary import MinutiaType

if TYPE_CHECKING:  # the comparison room brings numba, which no drawing needs
    from biocapil.comparison.explanation import Explanation

SIDE = 330.0
GAP = 26.0
MARGIN = 10.0
HEADING = 24.0
LEGEND = 50.0
MIN_WIDTH = 720.0


def pair_svg(
    probe_template: FingerprintTemplate,
    reference_template: FingerprintTemplate,
    explanation: Explanation,
    *,
    probe_image: CapturedSample | None = None,
    reference_image: CapturedSample | None = None,
    probe_label: str = "Probe",
    reference_label: str = "Reference",
    with_terms: bool = True,
) -> str:
    """Draw why two prints got their score.

    Args:
        probe_template: Template of the probe.
        reference_template: Template of the reference.
        explanation: What `comparison.explain` gave for the two.
        probe_image: Sample of the probe.
        reference_image: Sample of the reference.
        probe_label: Heading of the probe.
        reference_label: Heading of the reference.
        with_terms: Whether the score's terms stand below.

    Returns:
        A self-contained SVG document without references to anything outside.

    Raises:
        MissingPart: An image is given and Pillow is not installed.
    """
    probe, reference, aligned = _panels(
        drawn_extent_um(probe_template, probe_image),
        drawn_extent_um(reference_template, reference_image),
    )
    width = max(MIN_WIDTH, aligned.left + aligned.width + MARGIN)
    bottom = MARGIN + HEADING + max(probe.height, reference.height)
    terms, terms_height = draw_terms(
        explanation.terms if with_terms else (),
        left=MARGIN,
        top=bottom + LEGEND,
        width=width - 2 * MARGIN,
    )
    return picture(
        _heading(probe_label, probe),
        _heading(reference_label, reference),
        words(_alignment_heading(explanation), aligned.left, MARGIN + 14, font_weight="600"),
        panel_background(probe, probe_image),
        panel_background(reference, reference_image),
        _minutiae(probe_template, reference_template, explanation, probe, reference),
        draw_alignment(aligned, probe_template, reference_template, explanation),
        _legend(explanation, bottom + 20),
        terms,
        width=width,
        height=bottom + LEGEND + terms_height + MARGIN / 2,
        title=f"{probe_label} compared with {reference_label}",
        description=_description(probe_template, reference_template, explanation),
    )


def _heading(label: str, panel: Panel) -> str:
    """Name of a print above it; of a long path the end is shown."""
    return fitted_words(
        label, panel.left, MARGIN + 14, room=panel.width + GAP / 2, keep_end=True, font_weight="600"
    )


def _panels(probe_um: tuple[float, float], reference_um: tuple[float, float]) -> tuple[Panel, Panel, Panel]:
    """Probe, reference and alignment from left to right, all at one scale."""
    scale = scale_to_fit(SIDE, probe_um, reference_um)
    probe = Panel(left=MARGIN, top=MARGIN + HEADING, extent_um=probe_um, units_per_um=scale)
    reference = replace(probe, left=probe.left + probe.width + GAP, extent_um=reference_um)
    aligned = replace(probe, left=reference.left + reference.width + GAP)
    return probe, reference, aligned


def _minutiae(
    probe_template: FingerprintTemplate,
    reference_template: FingerprintTemplate,
    explanation: Explanation,
    probe: Panel,
    reference: Panel,
) -> str:
    probe_marks = marks_of(probe_template, probe)
    reference_marks = marks_of(reference_template, reference)
    return element(
        "g",
        draw_unpaired(probe_marks, {pair.probe_index for pair in explanation.pairs}),
        draw_unpaired(reference_marks, {pair.reference_index for pair in explanation.pairs}),
        draw_links(explanation, probe_marks, reference_marks),
        class_="minutiae",
    )


def _alignment_heading(explanation: Explanation) -> str:
    if not explanation.pairs:
        return "No alignment found"
    return f"Aligned: reference turned by {round(math.degrees(explanation.rotation_rad))}°"


def _legend(explanation: Explanation, baseline: float) -> str:
    items = (
        LegendItem(
            kind=MinutiaType.ENDING,
            colour=palette.PAIRED,
            label=f"{len(explanation.pairs)} paired minutiae",
        ),
        LegendItem(kind=MinutiaType.ENDING, colour=palette.UNPAIRED, label="unpaired"),
        LegendItem(kind=MinutiaType.ENDING, colour=palette.BLUE, label="probe, aligned"),
        LegendItem(kind=MinutiaType.ENDING, colour=palette.VERMILION, label="reference, aligned"),
    )
    shapes = words(
        "Circles are ridge endings, squares bifurcations, diamonds others. Equal numbers mark a pair.",
        MARGIN,
        baseline + 20,
        opacity=0.75,
    )
    return draw_legend(items, left=MARGIN, baseline=baseline) + shapes


def _description(probe: FingerprintTemplate, reference: FingerprintTemplate, explanation: Explanation) -> str:
    return (
        f"Similarity {explanation.similarity:.1f}. {len(explanation.pairs)} of {len(probe)} minutiae of the "
        f"probe are paired with minutiae of the reference, which has {len(reference)}. Equal numbers mark "
        "a pair; the third panel lays the reference's minutiae on the probe's."
    )
